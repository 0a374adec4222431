/** What the kernel tells of a process: all that it may have from those who started it. */
import * as fs from 'node:fs'

export interface Facts {
  program: string
  cwd: string
  environment: string[]
  /** Number: type, target if it is a file, and how it was opened. */
  descriptors: Record<string, string>
  /** Real, effective, saved, file system. */
  uids: string
  gids: string
  groups: string
  umask: string
  signals: { ignored: string; blocked: string; caught: string; pending: string }
  limits: string
  niceness: string
  /** Of its supervisors too. */
  isInGroupOf: (pid: number) => boolean
}

/** @param hidden A path that is written as `~` wherever it occurs. */
export function factsOf(pid: number, hidden: string): Facts {
  const hide = (text: string): string => text.replaceAll(hidden, '~')
  const status = new Map(read(pid, 'status').split('\n').map((line): [string, string] => [line.split(':')[0]!, line.slice(line.indexOf(':') + 1).trim()]))
  const field = (name: string): string => status.get(name)!
  const stat = statOf(pid)
  return {
    program: fs.readlinkSync(`/proc/${pid}/exe`),
    cwd: hide(fs.readlinkSync(`/proc/${pid}/cwd`)),
    environment: hide(read(pid, 'environ')).split('\0').slice(0, -1).sort(),
    descriptors: descriptorsOf(pid, hide),
    uids: field('Uid'),
    gids: field('Gid'),
    groups: field('Groups'),
    umask: field('Umask'),
    signals: { ignored: field('SigIgn'), blocked: field('SigBlk'), caught: field('SigCgt'), pending: field('ShdPnd') },
    limits: read(pid, 'limits'),
    niceness: stat[16]!,
    isInGroupOf: (other) => statOf(other).slice(2, 5).join() === stat.slice(2, 5).join(),
  }
}

export function parentOf(pid: number): number {
  return Number(statOf(pid)[1])
}

export function commandLineOf(pid: number): string[] {
  return read(pid, 'cmdline').split('\0').slice(0, -1)
}

function descriptorsOf(pid: number, hide: (text: string) => string): Record<string, string> {
  const folder = `/proc/${pid}/fd`
  const numbers = fs.readdirSync(folder).sort((a, b) => Number(a) - Number(b))
  return Object.fromEntries(numbers.map((fd): [string, string] => {
    const stat = fs.statSync(`${folder}/${fd}`)
    const type = stat.isFIFO() ? 'pipe' : stat.isSocket() ? 'socket' : hide(fs.readlinkSync(`${folder}/${fd}`))
    return [fd, `${type} ${openedFor(/^flags:\s*(\d+)$/m.exec(read(pid, `fdinfo/${fd}`))![1]!)}`]
  }))
}

function openedFor(octal: string): string {
  const { O_APPEND, O_NONBLOCK } = fs.constants
  const flags = Number.parseInt(octal, 8)
  const cloexec = 0o2000000 // O_CLOEXEC, which Node does not name
  const also = [flags & O_NONBLOCK && 'nonblocking', flags & O_APPEND && 'append', flags & cloexec && 'close on exec'].filter(Boolean)
  return [['reading', 'writing', 'both'][flags & 3], ...also].join(', ')
}

/** /proc/PID/stat from its third field on: state, parent, process group, session, terminal … */
function statOf(pid: number): string[] {
  const stat = read(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function read(pid: number, name: string): string {
  return fs.readFileSync(`/proc/${pid}/${name}`, 'latin1')
}
