import { main } from '@daemontools-ts/command'
import { formatLabel, fromUnix } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import { filter } from '../filter.ts'
import { LineStamper } from '../stamp.ts'

main('tai64n', () => {
  const stamper = new LineStamper(() => {
    const { seconds, nanoseconds } = now()
    return formatLabel(fromUnix(seconds, nanoseconds))
  })
  filter((piece) => stamper.stamp(piece), () => Buffer.alloc(0))
})
