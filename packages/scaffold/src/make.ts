import * as fs from 'node:fs'
import { dirname } from 'node:path'
import type { Item, Plan } from './plan.ts'

/**
 * Makes what a plan says. The directory itself must not be there: nothing is ever replaced. If something fails, what was made is taken away again.
 * @param idsOf The ids of an account. Throws what the system says.
 */
export function make({ items }: Plan, idsOf: (account: string) => { uid: number; gid: number }): void {
  const made: Item[] = []
  try {
    for (const item of items) makeOne(item, idsOf, made)
  } catch (error) {
    for (const { make: kind, path } of made.reverse()) kind === 'file' ? fs.rmSync(path, { force: true }) : rmdirIfEmpty(path)
    throw error
  }
}

function makeOne(item: Item, idsOf: (account: string) => { uid: number; gid: number }, made: Item[]): void {
  const { path, mode, owner } = item
  if (item.make === 'file') {
    const fd = fs.openSync(path, 'wx', mode)
    made.push(item)
    try {
      fs.writeFileSync(fd, item.content)
      if (owner !== undefined) give(fd, idsOf(owner))
      // whatever the umask is
      fs.fchmodSync(fd, mode)
    } finally {
      fs.closeSync(fd)
    }
    return
  }
  // A log directory may be there from before, with an old log in it.
  if (made.length > 0 && fs.existsSync(path)) return
  fs.mkdirSync(dirname(path), { recursive: true })
  fs.mkdirSync(path, mode)
  made.push(item)
  fs.chmodSync(path, mode)
  if (owner !== undefined) {
    const { uid, gid } = idsOf(owner)
    fs.chownSync(path, uid, gid)
  }
}

function give(fd: number, { uid, gid }: { uid: number; gid: number }): void {
  fs.fchownSync(fd, uid, gid)
}

function rmdirIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path)
  } catch {
    // somebody has put something there
  }
}
