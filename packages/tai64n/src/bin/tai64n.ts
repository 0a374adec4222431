import { main } from '@daemontools-ts/command'
import { formatLabel, fromUnix, LineStamper } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import { filter } from '../filter.ts'

main('tai64n', () => {
  const stamper = new LineStamper()
  const stamp = (piece: Buffer): Buffer => {
    const { seconds, nanoseconds } = now()
    return stamper.stamp(piece, formatLabel(fromUnix(seconds, nanoseconds)))
  }
  filter(stamp, () => Buffer.alloc(0))
})
