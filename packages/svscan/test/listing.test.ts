/** Not tested: a file system that does not answer. */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytes, errnoOf } from '@daemontools-ts/unix'
import t from 'tap'
import { Listing } from '../src/listing.ts'
import type { Listed } from '../src/rescan.ts'

/** An empty folder, which becomes the working directory. */
function enter(t: { teardown(undo: () => void): void }): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'svscan-'))
  const before = process.cwd()
  t.teardown(() => {
    process.chdir(before)
    fs.rmSync(folder, { recursive: true, force: true })
  })
  process.chdir(folder)
  return folder
}

const keyOf = (path: string): string => {
  const { dev, ino } = fs.statSync(path, { bigint: true })
  return `${dev}:${ino}`
}

/** By name; of a failure its errno. */
async function look(listing: Listing, hasLog: (key: string) => boolean = () => false): Promise<Record<string, unknown>> {
  const plain = (listed: Listed): unknown => {
    const { name: _, ...rest } = listed
    if (rest.type === 'failed') return { ...rest, failure: errnoOf(rest.failure) }
    return rest.type === 'directory' && typeof rest.log === 'object' ? { ...rest, log: errnoOf(rest.log.failure) } : rest
  }
  return Object.fromEntries((await listing.look(hasLog)).map((listed) => [listed.name, plain(listed)]))
}

t.test('look: what stat(2) says of each name, the first time and every other time', async (t) => {
  enter(t)
  for (const folder of ['a', 'b/log', 'c', '.hidden', '\u{1f600}']) fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync('file', '')
  fs.writeFileSync('a/log', '')
  fs.symlinkSync('b', 'link')
  fs.symlinkSync('nowhere', 'dangling')
  fs.symlinkSync('log', 'c/log')
  fs.mkdirSync(bytes('\xff'))
  const expected = {
    a: { type: 'directory', key: keyOf('a'), isLink: false, log: 'present' },
    b: { type: 'directory', key: keyOf('b'), isLink: false, log: 'present' },
    c: { type: 'directory', key: keyOf('c'), isLink: false, log: 40 },
    link: { type: 'directory', key: keyOf('b'), isLink: true, log: 'present' },
    dangling: { type: 'failed', failure: 2 },
    file: { type: 'other' },
    '\xff': { type: 'directory', key: keyOf(bytes('\xff') as unknown as string), isLink: false, log: 'none' },
    '\xf0\x9f\x98\x80': { type: 'directory', key: keyOf('\u{1f600}'), isLink: false, log: 'none' },
  }
  const listing = new Listing()
  for (let times = 0; times < 3; times++) t.strictSame(await look(listing), expected)
})

t.test('look: what has changed since', async (t) => {
  enter(t)
  fs.mkdirSync('a')
  const listing = new Listing()
  for (let times = 0; times < 2; times++) t.match(await look(listing), { a: { log: 'none' } })
  fs.mkdirSync('a/log')
  t.match(await look(listing), { a: { log: 'present' } })
  fs.rmSync('a', { recursive: true })
  fs.writeFileSync('a', '')
  fs.mkdirSync('b')
  t.strictSame(await look(listing), { a: { type: 'other' }, b: { type: 'directory', key: keyOf('b'), isLink: false, log: 'none' } })
  fs.rmSync('a')
  t.strictSame(Object.keys(await look(listing)), ['b'])
})

t.test('look: what has changed since, long after the last change', async (t) => {
  const folder = enter(t)
  fs.mkdirSync('target/log', { recursive: true })
  fs.mkdirSync('a')
  fs.symlinkSync('target', 'l')
  fs.symlinkSync(join(folder, 'later'), 'a/log')
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => now() + 60_000
  // The kernel's clock for files goes in ticks of some milliseconds.
  const change = async (doIt: () => void): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    doIt()
  }
  const listing = new Listing()
  const a = { type: 'directory', key: keyOf('a'), isLink: false, log: 'none' }
  for (let times = 0; times < 3; times++) t.match(await look(listing), { a, l: { key: keyOf('target'), isLink: true, log: 'present' } })
  await change(() => fs.mkdirSync('later'))
  t.match(await look(listing), { a: { log: 'present' } }, 'where its log leads has come')
  await change(() => (fs.unlinkSync('l'), fs.mkdirSync('l')))
  for (let times = 0; times < 3; times++) t.match(await look(listing), { l: { key: keyOf('l'), isLink: false, log: 'none' } }, 'a directory in the place of the link')
  await change(() => fs.mkdirSync('l/log'))
  t.match(await look(listing), { l: { log: 'present' } })
  await change(() => (fs.rmSync('l', { recursive: true }), fs.symlinkSync('target', 'l'), fs.renameSync('target', 'other')))
  t.match(await look(listing), { l: { type: 'failed', failure: 2 } })
  await change(() => fs.mkdirSync('target'))
  t.match(await look(listing), { l: { key: keyOf('target'), isLink: true, log: 'none' } })
})

t.test('look: a log that is known is not looked for', async (t) => {
  enter(t)
  fs.mkdirSync('a')
  const listing = new Listing()
  const key = keyOf('a')
  for (let times = 0; times < 2; times++) t.match(await look(listing, (asked) => asked === key), { a: { log: 'present' } })
})

t.test('look: a folder that was removed is empty', async (t) => {
  const folder = enter(t)
  fs.mkdirSync('a')
  const listing = new Listing()
  await look(listing)
  fs.rmSync(folder, { recursive: true })
  t.strictSame(await look(listing), {})
})

t.test('look: the same list again while nothing changes; after any change, what a first look would find', async (t) => {
  enter(t)
  const { now } = Date
  t.teardown(() => (Date.now = now))
  Date.now = () => now() + 60_000
  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 12))
  fs.mkdirSync('targets')
  fs.mkdirSync('targets/x')
  const listing = new Listing()
  const acts: Record<string, () => void> = {
    'a link': () => fs.symlinkSync('targets/x', 'one'),
    'a second': () => fs.symlinkSync('targets/y', 'two'),
    'what the second leads to': () => fs.mkdirSync('targets/y'),
    'a log': () => fs.mkdirSync('targets/x/log'),
    'no log': () => fs.rmdirSync('targets/x/log'),
    'another target of the same name': () => (fs.renameSync('targets/x', 'targets/z'), fs.mkdirSync('targets/x')),
    'a file': () => fs.writeFileSync('three', ''),
    'a directory in its place': () => (fs.unlinkSync('three'), fs.mkdirSync('three')),
    'a log that is a link to nothing': () => fs.symlinkSync('nothing', 'three/log'),
    'which comes': () => fs.mkdirSync('three/nothing'),
    'a link that is renamed': () => fs.renameSync('one', 'four'),
    'the mode of the folder': () => fs.chmodSync('.', 0o700),
    'nothing left': () => ['four', 'two', 'three'].forEach((name) => fs.rmSync(name, { recursive: true })),
  }
  for (const [name, act] of Object.entries(acts)) {
    for (const hasLog of [() => false, () => true]) await listing.look(hasLog)
    await tick()
    act()
    const [ours, fresh] = [await look(listing), await look(new Listing())]
    t.strictSame(ours, fresh, name)
    await tick()
    const hasLog = (key: string): boolean => Object.values(fresh).some((one) => (one as { key?: string; log?: unknown }).key === key && (one as { log?: unknown }).log === 'present')
    const [first, second] = [await listing.look(hasLog), await listing.look(hasLog)]
    const isCertain = Object.values(fresh).every((one) => (one as { type: string }).type !== 'failed') && name !== 'a log that is a link to nothing'
    t.equal(first === second, isCertain, `${name}: the same list`)
  }
})
