/** What readable.ts is in the standalone executable: no thread waits, this one does, for all descriptors, the runtime's own events and its timers. */
import * as fs from 'node:fs'
import type { PollEntry } from '../libc.ts'
import { getLibc } from '../native.ts'
import { trackTimers, untilNextWork } from './timers.ts'

const POLLIN = 1
/** What is waited for. */
const waiting = new Set<{ fd: number; callback: () => void }>()
/** Looked for once: whoever waits for lines does so again and again. */
let loops: number[] | undefined

trackTimers()

/** Whether read(2) would return at once: data, end of file and errors all count. The descriptor's flags are not touched. */
export function isReadable(fd: number): boolean {
  return getLibc().poll([entry(fd)], 1, 0) !== 0
}

/** Resolves when read(2) would return at once. Signals and whatever else the runtime waits for are dealt with meanwhile. */
export function whenReadable(fd: number): Promise<void> {
  return new Promise((resolve) => onReadable(fd, resolve))
}

/** Calls back once, when read(2) would return at once. */
export function onReadable(fd: number, callback: () => void): void {
  waiting.add({ fd, callback })
  // Never right now: promises that were kept come first.
  if (waiting.size === 1) setImmediate(wait)
}

function wait(): void {
  const waiters = [...waiting]
  loops ??= eventLoops()
  const entries = [...waiters.map(({ fd }) => fd), ...loops].map(entry)
  getLibc().poll(entries, entries.length, untilNextWork())
  const ready = waiters.filter((_, n) => entries[n]!.revents !== 0)
  for (const each of ready) waiting.delete(each)
  if (waiting.size > 0) setImmediate(wait)
  for (const { callback } of ready) callback()
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
  const ours = [...waiting].map(({ fd }) => fd)
  return fs
    .readdirSync('/proc/self/fd')
    .filter(isLoop)
    .map(Number)
    .filter((fd) => !ours.includes(fd))
}
