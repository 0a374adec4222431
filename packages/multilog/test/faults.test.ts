// whole command
/** Processes that are killed and disks that are full: no line that was on disk is lost, torn or repeated. */
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockFile } from '@daemontools-ts/unix'
import t from 'tap'
import { Feed } from './feed.ts'
import { readLog } from './folder.ts'
import { makeFolder, ours, start, until } from './programs.ts'
import { makeRandom } from './random.ts'

t.jobs = 3

function numberedLine(number: number): string {
  return `${number} ${'abcdefghij'.repeat(number % 13)}.\n`
}

for (const [name, script] of Object.entries({
  'rotation': ['s4096', 'n10000', './d'],
  'rotation with a processor': ['s4096', 'n10000', '!cat <&4 >&5; cat', './d'],
})) {
  t.test(`${name}: killed at any moment, started again, it has everything that was on disk, once and in order`, async (t) => {
    const random = makeRandom(name.length)
    const folder = makeFolder(t)
    const log = join(folder, 'd')
    const feed = new Feed(join(folder, 'feed'))
    t.teardown(() => feed.close())
    let number = 0
    let pending = Buffer.alloc(0)
    let acknowledged = ''
    const kills: number[] = []
    for (let round = 0; round < 12; round++) {
      const { child, end } = start(ours, script, folder, feed.reading)
      t.teardown(() => child.kill('SIGKILL'))
      const rounds = round === 0 ? 1 : 100 + random(script.length === 3 ? 6000 : 1500)
      let before = number
      await until('the lines to be taken', () => {
        for (let most = 0; most < 1000; most++) {
          if (pending.length === 0) pending = Buffer.from(numberedLine(number++))
          const length = feed.writeSome(pending)
          if (length === 0) break
          pending = pending.subarray(length)
        }
        return number - before >= rounds
      })
      child.kill('SIGKILL')
      await end
      if (!existsSync(join(log, 'lock'))) continue
      await until('nobody writes there', () => isFree(join(log, 'lock'))) // a shared logger hears of it later
      const text = readLogWhole(log)
      if (!text.startsWith(acknowledged)) t.fail(`round ${round}: what was on disk has changed`)
      acknowledged = text
      kills.push(text.length)
    }
    const { child, end } = start(ours, script, folder, feed.reading)
    await feed.write(pending.toString('latin1'))
    await until('the rest to be read', () => feed.drained)
    child.kill('SIGTERM')
    t.strictSame(await end, { code: 0, signal: null, stderr: '' })
    const text = readLog(log)
    t.ok(text.startsWith(acknowledged))
    let last = -1
    const ends = [0, ...kills, text.length]
    for (const [index, begin] of ends.slice(0, -1).entries()) {
      const lines = text.slice(begin, ends[index + 1]).split(/(?<=\n)/)
      lines.forEach((line, place) => {
        const found = Number(/^\d+/.exec(line)?.[0])
        if (line === numberedLine(found) && found > last) last = found
        // Where it was killed, one line may have been in parts, on disk, in memory and in the pipe.
        else if (place !== 0 && !(place === lines.length - 1 && numberedLine(last + 1).startsWith(line))) t.fail(`torn, repeated or out of order: ${line}`)
      })
    }
    t.equal(last, number - 1, 'the last line')
    t.ok(text.length > 100_000)
  })
}

function isFree(lock: string): boolean {
  const fd = openSync(lock, 'a')
  try {
    lockFile(fd)
    return true
  } catch {
    return false
  } finally {
    closeSync(fd)
  }
}

/** Old files, what a rotation has in hand, and current, in order. */
function readLogWhole(log: string): string {
  const file = (name: string): string => (existsSync(join(log, name)) ? execFileSync('cat', [join(log, name)], { encoding: 'latin1', maxBuffer: 1 << 26 }) : '')
  return readLog(log).slice(0, readLog(log).length - file('current').length) + inHand(log, file) + file('current')
}

function inHand(log: string, file: (name: string) => string): string {
  const links = (name: string): number => (existsSync(join(log, name)) ? Number(execFileSync('stat', ['-c', '%h', join(log, name)])) : 0)
  if (links('previous') === 1) return file('previous')
  return links('previous') === 0 && links('processed') === 1 ? file('processed') : ''
}

function mountSmall(folder: string): string | false {
  if (process.getuid!() !== 0) return 'only root can mount a small disk'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' })
    return false
  } catch (error) {
    return `mount: ${String(error)}`
  }
}

t.test('a full disk: it warns, waits, loses nothing, and TERM waits with it', async (t) => {
  const folder = makeFolder(t)
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  const refused = mountSmall(disk)
  if (refused !== false) return void t.pass('not tried', { skip: refused })
  t.teardown(() => execFileSync('umount', ['-l', disk]))
  writeFileSync(join(disk, 'filler'), Buffer.alloc(40_000))
  const feed = new Feed(join(folder, 'feed'))
  const { child, said, end } = start(ours, ['./disk/d', './e'], folder, feed.reading)
  t.teardown(() => {
    child.kill('SIGKILL')
    feed.close()
  })
  let fed = ''
  for (let number = 0; fed.length < 60_000; number++) fed += numberedLine(number)
  await feed.write(fed)
  const warning = 'multilog: warning: unable to write to ./disk/d/current, pausing: out of disk space\n'
  await until('the first warning', () => said() === warning)
  child.kill('SIGTERM')
  await until('the second warning', () => said() === warning + warning)
  rmSync(join(disk, 'filler'))
  const outcome = await end
  t.strictSame({ ...outcome, stderr: outcome.stderr.replaceAll(warning, '') }, { code: 0, signal: null, stderr: '' })
  const rest = feed.rest()
  t.equal(readLog(join(disk, 'd')) + rest, fed)
  t.equal(readLog(join(folder, 'e')) + rest, fed)
})
