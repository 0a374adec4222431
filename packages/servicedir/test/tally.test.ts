import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatLabel, fromUnix, packLabel } from '@daemontools-ts/tai64'
import type { Ending } from '@daemontools-ts/unix'
import fc from 'fast-check'
import t from 'tap'
import { addToTally } from '../src/tally.ts'

const nothing = new Uint8Array(0)
const deaths = fc.record({
  at: fc.tuple(fc.nat(), fc.nat(999_999_999)).map(([seconds, nanoseconds]) => fromUnix(seconds, nanoseconds)),
  ending: fc.oneof(
    fc.nat(255).map((code): Ending => ({ code })),
    fc.integer({ min: 1, max: 64 }).map((signal): Ending => ({ signal })),
    fc.constant<Ending>('unknown'),
  ),
})
type Death = typeof deaths extends fc.Arbitrary<infer T> ? T : never

/** What s6's idea of the time is ahead of ours. */
const leapSeconds = 27
const inS6 = ({ tai, nanoseconds }: Death['at']): Death['at'] => ({ tai: tai + BigInt(leapSeconds), nanoseconds })

/** 14 bytes, as s6 has them. */
function entry({ at, ending }: Death): Buffer {
  const [code, signal] = ending === 'unknown' ? [0, 0] : 'code' in ending ? [ending.code, 0] : [0, ending.signal]
  return Buffer.from([...packLabel(inS6(at)), code, signal])
}

const add = (tally: Uint8Array, { at, ending }: Death, most: number): Buffer => addToTally(tally, at, ending, most)

t.test('addToTally: the bytes that s6-supervise 2.11 wrote of a run that exited 3', async (t) => {
  const at = fromUnix(0x6b05aff4 - 10 - leapSeconds, 0x24a80efc)
  t.equal(addToTally(nothing, at, { code: 3 }, 100).toString('hex'), '400000006b05aff424a80efc0300')
})

t.test('addToTally keeps the last ends, oldest first', async () => {
  fc.assert(
    fc.property(fc.array(deaths), fc.integer({ min: 1, max: 12 }), (list, most) => {
      const tally = list.reduce<Uint8Array>((tally, death) => add(tally, death, most), nothing)
      assert.deepEqual(Buffer.from(tally), Buffer.concat(list.slice(-most).map(entry)))
    }),
  )
})

t.test('addToTally: fewer from now on, and a tally that was cut within an entry', async () => {
  fc.assert(
    fc.property(fc.array(deaths, { maxLength: 8 }), deaths, fc.integer({ min: 1, max: 6 }), fc.nat(13), (list, last, most, torn) => {
      const whole = Buffer.concat(list.map(entry))
      const cut = Buffer.concat([whole, entry(last).subarray(0, torn)])
      assert.deepEqual(add(cut, last, most), Buffer.concat([...list, last].slice(-most).map(entry)))
    }),
  )
})

const s6 = existsSync('/usr/bin/s6-svdt') ? false : 's6 is not installed'

t.test('s6-svdt and s6-permafailon read it', { skip: s6 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tally-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'supervise'))
  const seconds = Math.floor(Date.now() / 1000)
  const list: Death[] = [
    { at: fromUnix(seconds - 1000, 0), ending: { code: 0 } },
    { at: fromUnix(seconds - 500, 1), ending: { code: 111 } },
    { at: fromUnix(seconds - 200, 999_999_999), ending: { signal: 9 } },
    { at: fromUnix(seconds - 100, 5), ending: 'unknown' },
  ]
  writeFileSync(join(folder, 'supervise', 'death_tally'), list.reduce<Uint8Array>((tally, death) => add(tally, death, 100), nothing))
  const shown = list.map(({ at, ending }) => `${formatLabel(inS6(at))} ${ending === 'unknown' ? 'exitcode 0' : 'code' in ending ? `exitcode ${ending.code}` : `signal SIGKILL`}\n`)
  t.equal(execFileSync('s6-svdt', [folder], { encoding: 'utf8' }), shown.join(''))

  const permafails = (window: number, deathcount: number, events: string): boolean => {
    const { status } = spawnSync('s6-permafailon', [`${window}`, `${deathcount}`, events, 'true'], { cwd: folder, stdio: 'ignore' })
    if (status !== 0 && status !== 125) throw new Error(`s6-permafailon ended with ${status}`)
    return status === 125
  }
  t.ok(permafails(300, 1, 'SIGKILL'))
  t.notOk(permafails(150, 1, 'SIGKILL'), 'longer ago')
  t.notOk(permafails(300, 1, 'SIGTERM'))
  t.ok(permafails(600, 2, '1-255,SIGKILL'))
  t.notOk(permafails(300, 2, '1-255,SIGKILL'))
  writeFileSync(join(folder, 'supervise', 'death_tally'), add(nothing, { at: fromUnix(seconds - 5, 0), ending: { code: 1 } }, 100))
  t.ok(permafails(20, 1, '1'), 'a short window, to the second')
})
