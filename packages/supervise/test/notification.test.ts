import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Folder } from '../src/folder.ts'
import type { Keeper } from '../src/keeper.ts'
import { Notification } from '../src/notification.ts'
import { hear } from './hearing.ts'
import { countDescriptors, makeFolder } from './scratch.ts'

/** A service directory with a supervise/, and who holds what. */
function furnish(t: { teardown(undo: () => void): void }) {
  const path = makeFolder(t)
  fs.mkdirSync(join(path, 'supervise'))
  const held = new Set<number>()
  const keeper = { hold: (fd: number) => held.add(fd), release: (fd: number) => held.delete(fd), ensure: () => undefined }
  let heard = () => {}
  let count = 0
  const told = () => new Promise<void>((resolve) => (heard = resolve))
  const make = (carried?: number) => {
    const notified = (): void => {
      count++
      heard()
    }
    return new Notification({ dir: 'x', at: (name: string) => join(path, name) } as unknown as Folder, keeper as unknown as Keeper, notified, carried)
  }
  return { fifo: join(path, 'supervise/notify'), held, make, told, count: () => count }
}

t.test('Notification: made when a service first asks for it, and held by the keeper', async (t) => {
  const { fifo, held, make } = furnish(t)
  const notification = make()
  t.notOk(fs.existsSync(fifo))
  t.strictSame(notification.carried, {})
  const { 5: end } = notification.openEnd(5)
  t.equal(fs.statSync(fifo).mode.toString(8), '10600')
  t.equal(fs.fstatSync(end!).ino, fs.statSync(fifo).ino)
  t.strictSame([...held], [notification.carried.notification])
  fs.closeSync(end!)
  notification.close()
  t.equal(held.size, 0)
})

t.test('Notification: a newline means ready; nothing else does', async (t) => {
  const { make, told, count } = furnish(t)
  const notification = make()
  const { 3: end } = notification.openEnd(3)
  const first = told()
  fs.writeSync(end!, 'starting')
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(count(), 0)
  fs.writeSync(end!, ' ready\n')
  await first
  t.equal(count(), 1)
  fs.closeSync(end!)
  notification.close()
})

t.test('Notification: what an earlier run has said is forgotten', async (t) => {
  const { fifo, make, told, count } = furnish(t)
  const notification = make()
  const { 3: old } = notification.openEnd(3)
  fs.writeSync(old!, '\n')
  const { 3: end } = notification.openEnd(3)
  const ready = told()
  fs.writeSync(end!, '\n')
  await ready
  t.equal(count(), 1)
  for (const fd of [old!, end!]) fs.closeSync(fd)
  notification.close()
  t.ok(fs.existsSync(fifo))
})

t.test('Notification: carried over, what was written meanwhile is heard', async (t) => {
  const { held, make, told } = furnish(t)
  const first = make()
  const { 3: end } = first.openEnd(3)
  // As after execve(2): the descriptor lives on, its reader does not.
  const fd = fs.openSync(`/proc/self/fd/${first.carried.notification}`, fs.constants.O_RDWR | fs.constants.O_NONBLOCK)
  first.close()
  fs.writeSync(end!, '\n')
  const ready = told()
  const second = make(fd)
  await ready
  t.ok(held.has(fd))
  fs.closeSync(end!)
  second.close()
})

t.test('Notification: where no FIFO can be made, that is said, and run starts without it', async (t) => {
  const { fifo, make } = furnish(t)
  const heard = hear(t)
  fs.writeFileSync(fifo, '')
  const before = countDescriptors()
  t.strictSame(make().openEnd(3), {})
  t.strictSame(heard.lines, ['supervise: warning: unable to make x/supervise/notify, going on without it: supervise/notify is not a FIFO'])
  t.equal(countDescriptors(), before)
})
