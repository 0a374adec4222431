import * as net from 'node:net'

/** What arrives in a FIFO, as it arrives. */
export interface Arrivals {
  pause(): void
  resume(): void
  /** Closes the FIFO. */
  close(): void
}

/**
 * Hands over what arrives in a FIFO, without a thread. No call is made before this function has returned.
 * @param fd Open for reading and writing, non-blocking: so it never ends. It is ours from now on.
 */
export function watchArrivals(fd: number, onBytes: (bytes: Buffer) => void): Arrivals {
  const socket = new net.Socket({ fd, readable: true, writable: false })
  socket.on('data', onBytes).on('error', () => undefined)
  return { pause: () => void socket.pause(), resume: () => void socket.resume(), close: () => void socket.destroy() }
}
