import type { Letter } from '@daemontools-ts/servicedir'
import { type Failure, sendLetters } from '@daemontools-ts/svc'

/** Writes letters into the control FIFO of a service, as svc does. Returns why they did not arrive. */
export function send(path: string, letters: readonly Letter[]): Failure | undefined {
  return sendLetters(Buffer.from(path).toString('latin1'), letters.join(''))
}
