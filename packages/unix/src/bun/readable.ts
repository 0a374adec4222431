/** What readable.ts is in the standalone executable: no thread waits, this one does, for the descriptor and for the runtime's own events. */
import * as fs from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { PollEntry } from '../libc.ts'
import { getLibc } from '../native.ts'

const POLLIN = 1
/** Looked for once: whoever waits for lines does so again and again. */
let loops: number[] | undefined

/** Whether read(2) would return at once: data, end of file and errors all count. The descriptor's flags are not touched. */
export function isReadable(fd: number): boolean {
  return getLibc().poll([entry(fd)], 1, 0) !== 0
}

/** Resolves when read(2) would return at once. Signals and whatever else the runtime waits for are dealt with meanwhile. */
export async function whenReadable(fd: number): Promise<void> {
  for (;;) {
    // Even after a while of waiting the runtime has something to do at first: promises that were kept.
    await setImmediate()
    loops ??= eventLoops()
    const entries = [entry(fd), ...loops.map(entry)]
    getLibc().poll(entries, entries.length, -1)
    if (entries[0]!.revents !== 0) return
  }
}

function entry(fd: number): PollEntry {
  return { fd, events: POLLIN, revents: 0 }
}

/** The descriptors that the runtime itself waits at: readable when there is an event. */
function eventLoops(): number[] {
  const isLoop = (fd: string): boolean => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`) === 'anon_inode:[eventpoll]'
    } catch {
      return false
    }
  }
  return fs.readdirSync('/proc/self/fd').filter(isLoop).map(Number)
}
