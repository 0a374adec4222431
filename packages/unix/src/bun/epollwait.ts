/** What epollwait.ts is in the standalone executable: no thread waits, this one does. */
import { bindFunctions } from './native.ts'
import { onReadable } from './readable.ts'

export function awaitEvents(epoll: number, events: Buffer, most: number, done: (count: number) => void): void {
  onReadable(epoll, () => done(getCalls().epoll_wait(epoll, events, most, 0)))
}

interface Calls {
  epoll_wait(epoll: number, events: Buffer, most: number, milliseconds: number): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({ epoll_wait: 'int epoll_wait(int epoll, void *events, int most, int milliseconds)' }))
}
