/** What /proc tells of processes. Each may end between two looks: one that cannot be read is gone. */
import * as fs from 'node:fs'

export interface Proc {
  pid: number
  parent: number
  /** The kernel's name for it, at most 15 bytes. */
  command: string
  /** Field 3 of proc(5)'s stat: `R`, `S`, `T` for stopped, … */
  state: string
  /** Processor time so far, in clock ticks. */
  ticks: number
  /** Since boot, in clock ticks. */
  startTime: number
  memoryBytes: number
}

export interface ProcessTree extends Proc {
  children: ProcessTree[]
}

/** What a service takes, itself and all below it. */
export interface Usage {
  processes: number
  /** Of one processor, on average since each of them started, as ps(1) counts. */
  cpuPercent: number
  /** Resident; what several share is counted for each. */
  memoryBytes: number
}

/** USER_HZ and the page size, on every machine that Node runs on but arm64 with large pages. */
const ticksPerSecond = 100
const pageBytes = 4096

/** Processes at one moment, by number and by the number of their parent. */
export interface Processes {
  byPid: ReadonlyMap<number, Proc>
  byParent: ReadonlyMap<number, readonly Proc[]>
}

/** All processes that can be seen. */
export function readProcesses(): Processes {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return arrange(pids.map((pid) => readProcess(Number(pid))).filter((found) => found !== undefined))
}

export function arrange(all: readonly Proc[]): Processes {
  const byParent = new Map<number, Proc[]>()
  for (const process of all) {
    const siblings = byParent.get(process.parent)
    if (siblings === undefined) byParent.set(process.parent, [process])
    else siblings.push(process)
  }
  return { byPid: new Map(all.map((process) => [process.pid, process])), byParent }
}

export function readProcess(pid: number): Proc | undefined {
  try {
    // One read gives it whole; and there are hundreds.
    const fd = fs.openSync(`/proc/${pid}/stat`, 'r')
    try {
      return parseStat(statBuffer.toString('utf8', 0, fs.readSync(fd, statBuffer)))
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** More than 52 numbers and a name. */
const statBuffer = Buffer.alloc(2048)

/** One line of /proc/PID/stat; the name, in parentheses, may hold anything. */
export function parseStat(stat: string): Proc {
  const [opened, closed] = [stat.indexOf('('), stat.lastIndexOf(')')]
  const fields = stat.slice(closed + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    pid: Number(stat.slice(0, opened)),
    parent: field(4),
    command: stat.slice(opened + 1, closed),
    state: fields[0]!,
    ticks: field(14) + field(15),
    startTime: field(22),
    memoryBytes: field(24) * pageBytes,
  }
}

/** A process and all that descend from it, undefined if it is not among them. */
export function treeOf(pid: number, { byPid, byParent }: Processes): ProcessTree | undefined {
  const root = byPid.get(pid)
  const seen = new Set<number>()
  const grow = (process: Proc): ProcessTree => {
    seen.add(process.pid)
    const below = (byParent.get(process.pid) ?? []).filter((child) => !seen.has(child.pid))
    return { ...process, children: below.map(grow) }
  }
  return root === undefined ? undefined : grow(root)
}

/** @param uptimeSeconds Since boot. */
export function usageOf(tree: ProcessTree, uptimeSeconds: number): Usage {
  const all = flatten(tree)
  const percents = all.map(({ ticks, startTime }) => {
    const lived = uptimeSeconds - startTime / ticksPerSecond
    return lived <= 0 ? 0 : (100 * ticks) / ticksPerSecond / lived
  })
  return { processes: all.length, cpuPercent: sum(percents), memoryBytes: sum(all.map(({ memoryBytes }) => memoryBytes)) }
}

/** Seconds since boot. */
export function uptime(): number {
  return Number(fs.readFileSync('/proc/uptime', 'latin1').split(' ')[0])
}

/** Its arguments as text; empty for a kernel thread, for a zombie, and for what is gone. */
export function commandLineOf(pid: number): string[] {
  const text = readIfThere(`/proc/${pid}/cmdline`) ?? ''
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/** The paths that a process has open; empty if that may not be seen. */
export function openPaths(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [fs.readlinkSync(`/proc/${pid}/fd/${fd}`)]
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}

/**
 * The svscan, of whatever make, whose working directory is that folder; null if there is none, undefined if there is one of which that may not
 * be seen. One that is dead and whose parent has not asked for it yet is none.
 */
export function svscanOf(root: string, { byPid }: Processes): { pid: number } | null | undefined {
  const folder = identityOf(root)
  let isHidden = false
  for (const { pid, command } of byPid.values()) {
    if (!/^(svscan( |$)|runsvdir$)/.test(command)) continue
    const directory = identityOf(`/proc/${pid}/cwd`)
    if (directory === 'hidden') isHidden = true
    else if (directory !== 'none' && directory === folder) return { pid }
  }
  return isHidden ? undefined : null
}

function identityOf(path: string): string {
  try {
    const { dev, ino } = fs.statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch (error) {
    return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '') ? 'hidden' : 'none'
  }
}

function flatten(tree: ProcessTree): Proc[] {
  return [tree, ...tree.children.flatMap(flatten)]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function readIfThere(path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
