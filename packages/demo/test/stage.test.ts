// Not tested here: open, which is startTree (tree.test.ts), and what needs a running tree (tour.test.ts).
import { createServer } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packStatus } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t, { type Test } from 'tap'
import { listen } from '../src/listening.ts'
import { openTheatre, shellLines, type Stage } from '../src/stage.ts'

async function stageFor(t: Test, signal = new AbortController().signal): Promise<{ stage: Stage; folder: string }> {
  const folder = t.testdir({ service: { fetchmail: { supervise: {} }, pop3: {} }, delivered: {} })
  const theatre = await openTheatre(folder, { PATH: process.env['PATH'] }, undefined)
  return { stage: theatre.stage(signal), folder }
}

t.test('shell runs a line in the folder, and fails with what it said', async (t) => {
  const { stage, folder } = await stageFor(t)
  t.equal(await stage.shell('pwd'), folder + '\n')
  await t.rejects(stage.shell('echo no >&2; exit 3'), { message: 'echo no >&2; exit 3: no' })
})

t.test('until looks again until there is something, or its time is over', async (t) => {
  let looks = 0
  const { stage } = await stageFor(t)
  t.equal(await stage.until('it comes', () => ((looks += 1) === 3 ? 'here' : undefined)), 'here')
  const late = await stageFor(t, AbortSignal.abort())
  await t.rejects(late.stage.until('it comes', () => undefined), { message: 'it comes: it did not happen in time' })
})

t.test('status is what supervise wrote; undefined before', async (t) => {
  const { stage, folder } = await stageFor(t)
  t.equal(stage.status('fetchmail'), undefined)
  writeFileSync(join(folder, 'service/fetchmail/supervise/status'), packStatus({ changed: fromUnix(1_000, 5_000_000), pid: 42, paused: false, want: 'up' }))
  t.same(stage.status('fetchmail'), { pid: 42, changed: 1_000_005 })
})

t.test('answering is the port, once something there says something', async (t) => {
  const { stage, folder } = await stageFor(t)
  t.equal(await stage.answering('pop3'), undefined)
  const { port, close } = await listen(createServer((socket) => socket.end('+OK\r\n')), 0)
  writeFileSync(join(folder, 'service/pop3/port'), `${port}\n`)
  t.equal(await stage.answering('pop3'), port)
  await close()
  t.equal(await stage.answering('pop3'), undefined)
})

t.test('the log is empty before there is one', async (t) => {
  const { stage, folder } = await stageFor(t)
  t.equal(stage.log(), '')
  mkdirSync(join(folder, 'service/fetchmail/log/main'), { recursive: true })
  writeFileSync(join(folder, 'service/fetchmail/log/main/current'), 'a\n')
  t.equal(stage.log(), 'a\n')
})

t.test('hearsUsr1 is true for a process that catches USR1', async (t) => {
  const { stage } = await stageFor(t)
  t.equal(stage.hearsUsr1(2 ** 30), false)
  t.equal(stage.hearsUsr1(process.pid), true, 'Node has USR1 for its debugger')
})

t.test('shellLines are what a person types first', async (t) => {
  const folder = t.testdir()
  const theatre = await openTheatre(folder, { PATH: '/the commands:/usr/bin:/bin' }, undefined)
  t.same(shellLines(theatre), [`cd ${folder}`, "export PATH='/the commands':$PATH"])
})
