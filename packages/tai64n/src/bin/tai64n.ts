import { main } from '@daemontools-ts/command'
import { labelAt, LineStamper } from '@daemontools-ts/tai64'
import { now } from '@daemontools-ts/unix'
import { filter } from '../filter.ts'

main('tai64n', () => {
  const stamper = new LineStamper()
  filter((piece) => stamper.stamp(piece, labelAt(now())), () => Buffer.alloc(0))
})
