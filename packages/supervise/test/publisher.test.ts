import type { StateRecord, Status } from '@daemontools-ts/servicedir'
import { SystemError } from '@daemontools-ts/unix'
import t from 'tap'
import { type Folder, Refusal } from '../src/folder.ts'
import { Publisher } from '../src/publisher.ts'
import { hear } from './hearing.ts'
import { Timers } from './timers.ts'

const ENOSPC = 28
const refused = new Refusal('unable to write x', new SystemError('write', ENOSPC))
const warning = 'supervise: warning: unable to write x: out of disk space'

/** A publisher, the folder that it writes to, the clock, and what is said. */
function furnish(t: { teardown(undo: () => void): void }) {
  const folder = {
    published: [] as unknown[],
    /** What it throws instead. */
    failure: undefined as Error | undefined,
    publish(record: StateRecord, status: Status): void {
      if (folder.failure !== undefined) throw folder.failure
      folder.published.push([record, status])
    },
  }
  let described = 0
  const describe = () => ({ record: { restarts: ++described } as StateRecord, status: { pid: described } as Status })
  const written: number[] = []
  const publisher = new Publisher(folder as unknown as Folder, describe, () => written.push(described))
  return { publisher, written, folder, timers: new Timers(t), heard: hear(t) }
}

const told = (number: number) => [{ restarts: number }, { pid: number }]

t.test('publish: what is true now', async (t) => {
  const { publisher, folder, timers, heard } = furnish(t)
  publisher.publish()
  publisher.publish()
  t.strictSame(folder.published, [told(1), told(2)])
  t.equal(publisher.isBehind, false)
  t.equal(timers.count, 0)
  t.strictSame(heard.lines, [])
})

t.test('publish: a refusal is said once, and tried again every 5 seconds until it is written', async (t) => {
  const { publisher, written, folder, timers, heard } = furnish(t)
  folder.failure = refused
  publisher.publish()
  t.equal(publisher.isBehind, true)
  t.strictSame(heard.lines, [warning])
  for (let tries = 0; tries < 3; tries++) timers.pass(5000)
  timers.pass(4999)
  t.strictSame(heard.lines, [warning])
  folder.failure = undefined
  t.strictSame(folder.published, [])
  timers.pass(1)
  t.strictSame(folder.published, [told(5)], 'what is true then, not what was true')
  t.strictSame(written, [5], 'nothing else was said to be written')
  t.equal(publisher.isBehind, false)
  t.equal(timers.count, 0)
  folder.failure = refused
  publisher.publish()
  t.strictSame(heard.lines, [warning, warning], 'the next one is said again')
})

t.test('publish: a change while it is behind is tried at once, and there is one retry at a time', async (t) => {
  const { publisher, folder, timers, heard } = furnish(t)
  folder.failure = refused
  publisher.publish()
  timers.pass(3000)
  publisher.publish()
  t.equal(timers.count, 1)
  t.strictSame(heard.lines, [warning])
  folder.failure = undefined
  publisher.publish()
  t.equal(timers.count, 0)
  t.equal(folder.published.length, 1)
})

t.test('suspended: nothing is touched, it is behind, and goes on when it may', async (t) => {
  const { publisher, folder, timers, heard } = furnish(t)
  publisher.suspended = true
  folder.failure = new Error('touched')
  publisher.publish()
  timers.pass(5000)
  timers.pass(5000)
  t.equal(publisher.isBehind, true)
  t.strictSame(heard.lines, [])
  publisher.suspended = false
  folder.failure = refused
  timers.pass(5000)
  t.strictSame(heard.lines, [warning], 'nothing was said before')
  timers.pass(5000)
  t.strictSame(heard.lines, [warning])
  folder.failure = undefined
  timers.pass(5000)
  t.equal(publisher.isBehind, false)
  t.equal(folder.published.length, 1)
})

t.test('stop: it gives up what could not be written', async (t) => {
  const { publisher, folder, timers } = furnish(t)
  folder.failure = refused
  publisher.publish()
  publisher.stop()
  t.equal(timers.count, 0)
  t.equal(publisher.isBehind, false)
})

t.test('publish: an error that is no refusal is not its to deal with', async (t) => {
  const { publisher, folder } = furnish(t)
  folder.failure = new TypeError('bug')
  t.throws(() => publisher.publish(), TypeError)
})
