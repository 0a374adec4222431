/** The processes that hold the pipes of services beside svscan: docs/protocol.md, "Taking up". */
import * as fs from 'node:fs'
import type { House } from './house.ts'
import { isAlive } from './process.ts'
import { readLink } from './procfs.ts'
import { readRecord } from './status.ts'
import { until } from './until.ts'

/** The keepers that have something open below a folder. */
export function keepersOf(folder: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.filter((pid) => isKeeper(pid) && isAlive(pid) && [...openFiles(pid).values()].some((path) => path.startsWith(`${folder}/`)))
}

/** Waits until all agree on one keeper, alive and another than `before`. */
export async function oneKeeper(house: House, names: readonly string[], before?: number): Promise<number> {
  return until('one keeper', () => {
    const keepers = keepersOf(house.elsewhere)
    const [keeper] = keepers
    const isKnown = names.every((name) => readRecord(house.dir(name))?.keepers[0]?.pid === keeper)
    return keepers.length === 1 && keeper !== before && isKnown && keeper
  }, () => `${keepersOf(house.elsewhere).join()}; ${names.map((name) => readRecord(house.dir(name))?.keepers[0]?.pid).join()}`)
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

/** Its program is looked at first: reading the command line of a process that hangs in a dead file system may take for ever. */
function isKeeper(pid: number): boolean {
  try {
    return /\/lib\/launch( \(deleted\))?$/.test(readLink(`/proc/${pid}/exe`)) && fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('launch\0keep\0')
  } catch {
    return false
  }
}
