// The demonstration as `npm start` runs it, with the real commands and the real fetchmail.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import type { Narrator } from '../src/narrator.ts'
import { tour } from '../src/tour.ts'

const program = fileURLToPath(new URL('../src/programs/daemontools-demo.js', import.meta.url))
const commands = fileURLToPath(new URL('../../../../dist/command', import.meta.url))
const missing = ['svscan', 'multilog', 'svc', 'svstat', 'setuidgid', 'tai64nlocal'].filter((name) => !existsSync(join(commands, name)))
const fetchmail = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'fetchmail')))
const skip = missing.length > 0 ? `not built: ${missing.join(', ')}` : !fetchmail && 'fetchmail is not installed'

interface Run {
  child: ChildProcess
  printed(): string
  /** Where it makes its folder. */
  folder: string
  ended: Promise<number | string>
}

function start(t: Test, ...args: readonly string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'demo-tour-'))
  chmodSync(folder, 0o755) // as root: fetchmail, as somebody else, passes through it
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  child.stdout.on('data', (chunk) => void (text += String(chunk)))
  child.stderr.on('data', (chunk) => void (text += String(chunk)))
  t.teardown(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return { child, folder, printed: () => text, ended: once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string) }
}

/** The processes that are in that folder: svscan, its services and their loggers all are. */
function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return readlinkSync(`/proc/${name}/cwd`).startsWith(folder)
    } catch {
      return false // not a process, or no more
    }
  })
}

async function until(what: string, look: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !look(); await delay(10)) if (Date.now() > end) throw new Error(`${what}: it did not happen`)
}

function nothingIsLeft(t: Test, { folder }: Run): void {
  t.same(processesIn(folder), [], 'no process is left')
  t.same(readdirSync(folder), [], 'the folder is gone')
}

t.test('--once shows every step, ends with 0 and leaves nothing', { skip }, async (t) => {
  const run = start(t, '--once')
  t.equal(await run.ended, 0) || t.comment(run.printed())
  t.match(run.printed(), /That was all: 7 steps in \d+\.\d seconds\./)
  t.match(run.printed(), 'RCPT TO:<alice@example.com>')
  t.same(run.printed().split('\n').filter((line) => line.length > 80 && !line.includes(run.folder) && !line.includes(commands)), [], 'lines fit')
  nothingIsLeft(t, run)
})

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
  t.test(`${signal} in the middle of the tour ends it with ${code} and leaves nothing`, { skip }, async (t) => {
    const run = start(t, '--once')
    await until('fetchmail is linked', () => run.printed().includes('$ ln -s ../sv/fetchmail'))
    run.child.kill(signal)
    t.equal(await run.ended, code) || t.comment(run.printed())
    nothingIsLeft(t, run)
  })
}

t.test('without --once it runs on until a signal, and then ends with 0', { skip }, async (t) => {
  const run = start(t)
  await until('the tour is over', () => run.printed().includes('Ctrl-C ends it'))
  t.not(processesIn(run.folder).length, 0)
  run.child.kill('SIGINT')
  run.child.kill('SIGINT')
  t.equal(await run.ended, 0) || t.comment(run.printed())
  nothingIsLeft(t, run)
})

t.test('killed, it still leaves nothing', { skip }, async (t) => {
  const run = start(t)
  await until('mail is delivered', () => run.printed().includes('RCPT TO'))
  run.child.kill('SIGKILL')
  await run.ended
  await until('nothing is left', () => processesIn(run.folder).length === 0 && readdirSync(run.folder).length === 0)
})

t.test('a reader that goes away ends it', { skip }, async (t) => {
  const run = start(t)
  await until('it has begun', () => run.printed() !== '')
  run.child.stdout?.destroy()
  t.equal(await run.ended, 128 + 13) || t.comment(run.printed())
  nothingIsLeft(t, run)
})

t.test('a step that does not come off is named, with 1, and nothing is left', { skip }, async (t) => {
  const bin = t.testdir({
    ...Object.fromEntries(readdirSync(commands).map((name) => [name, t.fixture('symlink', join(commands, name))])),
    svc: '#!/bin/sh\ntest $# = 1 || { echo svc: broken >&2; exit 1; }\n',
  })
  chmodSync(join(bin, 'svc'), 0o755)
  const run = start(t, '--once', '--commands', bin)
  t.equal(await run.ended, 1)
  t.match(run.printed(), /demo: fatal: step 4, ".*", failed: svc -1 service\/fetchmail: svc: broken\n/)
  nothingIsLeft(t, run)
})

t.test('a step has its time and no more', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-tour-'))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    rmSync(folder, { recursive: true })
  })
  const silent: Narrator = { title() {}, plain() {}, command() {}, output() {}, result() {} }
  const { signal } = new AbortController()
  await t.rejects(tour({ commands, once: true, narrator: silent, interruption: signal, stepMilliseconds: 60 }), { message: /^step 1, ".*", failed: / })
  t.same(processesIn(folder), [])
  t.same(readdirSync(folder), [])
})

t.test('an invocation that it does not know is explained, with 100', async (t) => {
  for (const args of [['--twice'], ['--commands', 'relative'], ['--commands', '/nowhere'], ['word']]) {
    const run = start(t, ...args)
    t.equal(await run.ended, 100)
    t.match(run.printed(), /^demo: fatal: .*\ndemo: usage: /)
    nothingIsLeft(t, run)
  }
})
