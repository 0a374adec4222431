import { bindFunctions } from './native.ts'

interface Calls {
  epoll_wait: { async(epoll: number, events: Buffer, most: number, milliseconds: number, done: (error: Error | null, count: number) => void): void }
}

/**
 * Waits for events, on a thread.
 * @param events Room for `most` structures of the kernel's.
 * @param done Called once, with how many there are now.
 */
export function awaitEvents(epoll: number, events: Buffer, most: number, done: (count: number) => void): void {
  getCalls().epoll_wait.async(epoll, events, most, -1, (_error, count) => done(count))
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({ epoll_wait: 'int epoll_wait(int epoll, void *events, int most, int milliseconds)' }))
}
