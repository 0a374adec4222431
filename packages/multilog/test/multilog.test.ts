/** The loop, as a process: what signals do to it. */
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Feed } from './feed.ts'
import { readLog } from './folder.ts'
import { makeFolder, noReference, ours, reference, start, until } from './programs.ts'

t.jobs = 4

const programs = noReference ? { ours } : { ours, 'the C program': reference }

function open(t: { teardown(undo: () => void): void }, program: string, script: string[]): ReturnType<typeof start> & { folder: string; feed: Feed; log: string; current: () => string } {
  const folder = makeFolder(t)
  const feed = new Feed(join(folder, 'feed'))
  const started = start(program, script, folder, feed.reading)
  t.teardown(() => {
    started.child.kill('SIGKILL')
    feed.close()
  })
  const log = join(folder, 'd')
  return { ...started, folder, feed, log, current: () => (existsSync(join(log, 'current')) ? readFileSync(join(log, 'current'), 'latin1') : 'none') }
}

const well = { code: 0, signal: null, stderr: '' }

for (const [name, program] of Object.entries(programs)) {
  t.test(`${name}: a complete line is on disk before more input comes`, async (t) => {
    const { feed, current, end, child } = open(t, program, ['./d'])
    for (const [input, expected] of [['one\n', 'one\n'], ['tw', 'one\n'], ['o\nthr', 'one\ntwo\n']] as const) {
      await feed.write(input)
      await until(`${expected} in current`, () => feed.drained && current() === expected)
    }
    child.kill('SIGKILL')
    await end
    t.equal(current(), 'one\ntwo\n')
  })

  t.test(`${name}: TERM before any input ends it`, async (t) => {
    const { log, child, current, end } = open(t, program, ['./d'])
    await until('a current', () => current() === '' && statSync(join(log, 'current')).mode % 0o1000 === 0o644)
    child.kill('SIGTERM')
    t.strictSame(await end, well)
    t.equal(statSync(join(log, 'current')).mode & 0o777, 0o744)
  })

  t.test(`${name}: TERM between lines ends it and leaves what comes later`, async (t) => {
    const { feed, child, current, end } = open(t, program, ['./d'])
    await feed.write('one\n')
    await until('the line in current', () => current() === 'one\n')
    child.kill('SIGTERM')
    t.strictSame(await end, well)
    await feed.write('two\n')
    t.equal(feed.rest(), 'two\n')
  })

  t.test(`${name}: TERM inside a line lets it be completed and leaves the rest`, async (t) => {
    const { log, feed, child, current, end } = open(t, program, ['./d'])
    await feed.write('one\ntw')
    await until('the first line in current', () => feed.drained && current() === 'one\n')
    child.kill('SIGTERM')
    for (let i = 0; i < 20; i++) {
      await feed.write('o')
      await until('the byte to be read', () => feed.drained)
    }
    t.equal(child.exitCode, null)
    await feed.write('!\nthree\nfour')
    t.strictSame(await end, well)
    t.equal(current(), `one\ntw${'o'.repeat(20)}!\n`)
    t.equal(feed.rest(), 'three\nfour')
    t.equal(statSync(join(log, 'current')).mode & 0o777, 0o744)
  })

  t.test(`${name}: ALRM rotates what is not empty, and keeps an incomplete line`, async (t) => {
    const { folder, log, feed, child, current, end } = open(t, program, ['./d', '-*', './e'])
    const old = (folder: string): string[] => readdirSync(folder).filter((name) => name[0] === '@')
    await feed.write('one\ntw')
    await until('the first line in current', () => feed.drained && current() === 'one\n')
    child.kill('SIGALRM')
    await until('an old file', () => old(log).length === 1 && current() === '')
    await feed.write('o\n')
    await until('the second line in current', () => current() === 'two\n')
    child.kill('SIGTERM')
    t.strictSame(await end, well)
    t.equal(readFileSync(join(log, old(log)[0]!), 'utf8'), 'one\n')
    t.strictSame(old(join(folder, 'e')), [])
  })

  t.test(`${name}: ALRM splits a line that is longer than the memory`, async (t) => {
    const { log, feed, child, current, end } = open(t, program, ['./d'])
    await feed.write('y'.repeat(1500))
    await until('it in current', () => current().length === 1500)
    child.kill('SIGALRM')
    await until('an old file', () => current() === '')
    await feed.write('rest\n')
    await until('the rest in current', () => current() === 'rest\n')
    child.kill('SIGTERM')
    t.strictSame(await end, well)
    t.equal(readLog(log), `${'y'.repeat(1500)}rest\n`)
  })

  t.test(`${name}: a directory that is renamed goes on to be logged to`, async (t) => {
    const { log, feed, child, current, end } = open(t, program, ['./d'])
    await feed.write('one\n')
    await until('the line in current', () => current() === 'one\n')
    renameSync(log, `${log}2`)
    child.kill('SIGALRM')
    // between two steps of the rotation there is no such file
    await until('an old file', () => existsSync(join(`${log}2`, 'current')) && statSync(join(`${log}2`, 'current'), { throwIfNoEntry: false })?.size === 0)
    child.kill('SIGTERM')
    t.strictSame(await end, well)
    t.equal(readLog(`${log}2`), 'one\n')
  })

  t.test(`${name}: a directory in use is refused`, async (t) => {
    const { folder, log, child, current, end } = open(t, program, ['./d'])
    await until('a current', () => current() === '' && statSync(join(log, 'current')).mode % 0o1000 === 0o644)
    const second = await start(program, ['./d'], folder, 'pipe').end
    t.strictSame(second, { code: 111, signal: null, stderr: 'multilog: fatal: unable to lock directory ./d: temporary failure\n' })
    child.kill('SIGTERM')
    await end
  })

  for (const signal of ['SIGHUP', 'SIGINT', 'SIGUSR1'] as const) {
    t.test(`${name}: ${signal} kills it`, async (t) => {
      const { log, child, current, end } = open(t, program, ['./d'])
      await until('a current', () => current() === '' && statSync(join(log, 'current')).mode % 0o1000 === 0o644)
      child.kill(signal)
      t.strictSame(await end, { code: null, signal, stderr: '' })
      t.equal(statSync(join(log, 'current')).mode & 0o777, 0o644)
    })
  }
}

t.test('TERM while a processor runs ends it as soon as that is done', async (t) => {
  const { log, folder, feed, child, end } = open(t, ours, ['s4096', '!echo >../begun; read line <../go; cat', './d'])
  const go = new Feed(join(folder, 'go'))
  t.teardown(() => go.close())
  const text = `${'x'.repeat(60)}\n`.repeat(60)
  await feed.write(text)
  await until('the processor', () => existsSync(join(folder, 'begun')))
  child.kill('SIGTERM')
  await go.write('go\n'.repeat(5))
  t.strictSame(await end, well)
  t.equal(readLog(log) + feed.rest(), text)
})
