/** The processes that hold the pipes of services beside svscan: docs/protocol.md, "Taking up". */
import * as fs from 'node:fs'
import { isAlive } from './process.ts'

/** The keepers that have something open below a folder. */
export function keepersOf(folder: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.filter((pid) => isKeeper(pid) && isAlive(pid) && [...openFiles(pid).values()].some((path) => path.startsWith(`${folder}/`)))
}

/** What a process has open, by descriptor. */
export function openFiles(pid: number): Map<number, string> {
  try {
    const folder = `/proc/${pid}/fd`
    return new Map(fs.readdirSync(folder).map((fd) => [Number(fd), readLink(`${folder}/${fd}`)]))
  } catch {
    return new Map()
  }
}

function isKeeper(pid: number): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1') === 'launch\0keep\0'
  } catch {
    return false
  }
}

/** Empty if it has been closed since. */
function readLink(path: string): string {
  try {
    return fs.readlinkSync(path)
  } catch {
    return ''
  }
}
