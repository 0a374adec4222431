import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chdir, cwd } from 'node:process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bootId, findProcess, startedAt, workingDirectory } from '../src/process.ts'
import { until } from './until.ts'

/** Starts a program that waits, and ends it after the test. */
function wait(t: { teardown(undo: () => void): void }, program = 'sleep', args = ['60'], cwd?: string): ChildProcess {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], ...(cwd !== undefined && { cwd }) })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

t.test('findProcess: this one', async (t) => {
  const found = findProcess(process.pid)!
  t.match(found, { pid: process.pid, parent: process.ppid, isZombie: false })
  t.ok(Number.isSafeInteger(found.startTime) && found.startTime > 0)
  t.strictSame(findProcess(process.pid), found, 'it does not change')
})

t.test('findProcess: none of that number', async (t) => {
  for (const pid of [0, -1, 2 ** 22 + 1, 1.5]) t.equal(findProcess(pid), undefined, `${pid}`)
})

t.test('findProcess: whatever its name is', async (t) => {
  const scratch = t.testdir({})
  for (const name of [') (', ') Z 1 1 1', '(', ')', ' ', 'a) S 1\n) R']) {
    const program = join(scratch, name)
    fs.copyFileSync('/bin/sleep', program)
    const child = wait(t, program)
    await until('it to have that name', () => fs.readlinkSync(`/proc/${child.pid}/exe`) === program)
    t.match(findProcess(child.pid!), { pid: child.pid, parent: process.pid, isZombie: false }, JSON.stringify(name))
    t.ok(findProcess(child.pid!)!.startTime >= findProcess(process.pid)!.startTime)
  }
})

t.test('findProcess: its group, and that it has ended', async (t) => {
  const leader = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 60'], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => leader.kill('SIGKILL'))
  const zombie = Number(await once(leader.stdout!, 'data'))
  t.equal(findProcess(leader.pid!)?.group, leader.pid)
  await until('a zombie', () => findProcess(zombie)?.isZombie === true)
  t.match(findProcess(zombie), { parent: leader.pid, group: leader.pid })
})

t.test('startedAt: by the clock as it is now', async (t) => {
  const before = Date.now()
  const child = wait(t)
  const found = findProcess(child.pid!)!
  // The kernel counts, and tells its age, in hundredths of a second.
  t.ok(Math.abs(startedAt(found) - before) < 500, `${startedAt(found) - before} ms`)
})

t.test('bootId: the same for every process of this boot', async (t) => {
  t.match(bootId(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  t.equal(bootId(), fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
})

t.test('workingDirectory: as device and inode', async (t) => {
  const scratch = t.testdir({})
  const { dev, ino } = fs.statSync(scratch, { bigint: true })
  t.equal(workingDirectory(wait(t, 'sleep', ['60'], scratch).pid!), `${dev}:${ino}`)
  const before = cwd()
  t.teardown(() => chdir(before))
  chdir(scratch)
  t.equal(workingDirectory(process.pid), `${dev}:${ino}`)
  t.equal(workingDirectory(2 ** 22 + 1), undefined)
})
