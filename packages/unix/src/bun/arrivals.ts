/** What arrivals.ts is in the standalone executable, whose runtime has no sockets for FIFOs: they are waited for by epoll.ts too. */
import * as fs from 'node:fs'
import type { Arrivals } from '../arrivals.ts'
import { onceReadable } from '../epoll.ts'

const mostBytes = 65536

export function watchArrivals(fd: number, onBytes: (bytes: Buffer) => void): Arrivals {
  let [paused, closed] = [false, false]
  let forget: (() => void) | undefined
  const read = (): void => {
    forget = undefined
    if (closed) return
    const buffer = Buffer.alloc(mostBytes)
    let length = 0
    try {
      length = fs.readSync(fd, buffer)
    } catch {
      // somebody else has read it
    }
    if (length > 0) onBytes(buffer.subarray(0, length))
    listen()
  }
  const listen = (): void => {
    if (!paused && !closed && forget === undefined) forget = onceReadable(fd, read)
  }
  listen()
  return {
    pause: () => {
      paused = true
      forget?.()
      forget = undefined
    },
    resume: () => {
      paused = false
      listen()
    },
    close: () => {
      closed = true
      forget?.()
      fs.closeSync(fd)
    },
  }
}
