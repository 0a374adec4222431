/**
 * npm run campaign in short: every kind of fault once, for ours; and whether the campaign would notice.
 *
 * Not tested: what a kind does only now and then. That takes hundreds of rounds: npm run campaign -- --only ours --rounds 1000.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { allKinds } from './campaign/kind.ts'
import type { Result } from './campaign/result.ts'
import { fixture, unlessAble } from './support/implementation.ts'
import { run } from './support/process.ts'
import { scratch } from './support/tree.ts'

interface Campaign {
  code: number | null
  result: Result
  /** What it says of violations, as diagnostics. */
  said: { said: string[] }
}

async function campaign(t: Test, ...args: string[]): Promise<Campaign> {
  const json = join(scratch(t), 'result.json')
  const main = join(fixture(''), '..', 'dist', 'campaign', 'main.js')
  const { code, stderr } = await run(t, process.execPath, [main, '--json', json, ...args])
  const said = { said: stderr.split('\n') }
  if (!fs.existsSync(json)) throw new Error(`no result: ${stderr}`)
  return { code, result: JSON.parse(fs.readFileSync(json, 'utf8')) as Result, said }
}

const seed = 1

t.test('ours: after each kind of fault every line is in the log, nothing runs twice, who was not hit goes on', { ...unlessAble({ ours: ['svscan', 'multilog'] }), timeout: 300_000 }, async (t) => {
  const { code, result, said } = await campaign(t, '--only', 'ours', '--seed', `${seed}`, '--rounds', `${allKinds.length}`, '--services', '12')
  const { rounds, violated, seconds, kinds, skippedKinds } = result.peers[0]!
  t.comment(`seed ${seed}: ${rounds} rounds in ${seconds} seconds`)
  for (const [kind, reason] of Object.entries(skippedKinds)) t.comment(`not tried: ${kind}: ${reason}`)
  for (const [kind, { violated }] of Object.entries(kinds)) t.equal(violated, 0, kind)
  t.equal(rounds + Object.keys(skippedKinds).length, allKinds.length, 'each kind once')
  t.ok(code === 0 && violated === 0, 'nothing was wrong', said)
})

t.test('a supervisor that starts second copies is found out: the C one, killed with its supervise processes', { ...unlessAble({ theirs: ['svscan', 'multilog'] }), timeout: 300_000 }, async (t) => {
  const { code, result, said } = await campaign(t, '--only', 'c', '--kinds', 'kill supervisor', '--seed', `${seed}`, '--rounds', '2', '--services', '3')
  const { rounds, kinds } = result.peers[0]!
  t.equal(rounds, 2)
  t.equal(kinds['kill supervisor']?.byInvariant.copies, 2, 'two processes of one service, each time', said)
  t.equal(code, 0, 'only ours must be without a violation')
})
