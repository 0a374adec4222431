import { warn } from '@daemontools-ts/command'

/** djb's deepsleep waits for five seconds and a little more. */
const pauseMilliseconds = 5020

const never = new Int32Array(new SharedArrayBuffer(4))

/** Says what is wrong and waits before the next attempt. Signals and the input wait with us. */
export function pause(warning: string, why?: unknown): void {
  warn('multilog', warning, why)
  Atomics.wait(never, 0, 0, pauseMilliseconds)
}
