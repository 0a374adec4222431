/**
 * An upgrade of svscan under load: it executes itself, and no service or logger notices.
 *
 * Not tested: an upgrade to a version that keeps other records.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { executionOf } from './campaign/census.ts'
import { ours } from './campaign/peers/index.ts'
import { Player } from './campaign/round.ts'
import { Tree } from './campaign/tree.ts'
import { compile } from './support/compile.ts'
import { unlessAble } from './support/implementation.ts'
import { kill } from './support/process.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

const able = unlessAble({ ours: ['svscan', 'multilog'] })
const services = 30
const linesPerSecond = 10_000
const upgrades = 10

t.test(`${upgrades} upgrades, ${services} loggers, ${linesPerSecond} lines a second: no line lost, the same pids`, { ...able, timeout: 300_000 }, async (t) => {
  const base = scratch(t)
  for (const name of ['sole', 'write-lines']) compile(base, name)
  const folder = join(base, 'tree')
  fs.mkdirSync(folder)
  const tree = new Tree(ours, folder, { services, intervalMicroseconds: (1e6 * services) / linesPerSecond, tools: base, hasSmallDisk: false })
  t.teardown(() => tree.destroy())
  const player = new Player(tree)
  t.same((await player.begin()).violations, [])
  const svscan = tree.top
  const pids = (): number[] => tree.units.map((unit) => unit.status()!.pid)
  const before = pids()
  const began = performance.now()
  const written = (): number => tree.services.reduce((sum, service) => sum + service.written.last().count, 0)
  const writtenBefore = written()

  const findings = []
  for (let upgrade = 1; upgrade <= upgrades; upgrade++) {
    const execution = executionOf(svscan)
    kill(svscan, 'SIGHUP')
    await until(`upgrade ${upgrade}`, () => executionOf(svscan) !== execution, () => fs.readFileSync(tree.stderrFile, 'latin1'))
    // about a second's lines
    const goal = written() + linesPerSecond
    await until('a second of lines', () => written() >= goal)
    findings.push(...tree.services.flatMap((service) => service.verify()))
  }
  const seconds = (performance.now() - began) / 1000
  const lines = written() - writtenBefore

  const last = tree.services.map((service) => ({ service, position: { run: 1, number: service.written.last().count } }))
  await until('the last lines are logged', () => {
    findings.push(...tree.services.flatMap((service) => service.verify()))
    return last.every(({ service, position }) => service.hasLogged(position))
  }, () => tree.services.map(({ name, progress }) => `${name} ${progress}`).join('; '))
  t.same(findings, [], 'every line, once, in order')
  t.same(pids(), before, 'every service and logger has its pid')
  t.ok(tree.topEnd === undefined && tree.top === svscan, 'svscan has its pid')
  t.ok(tree.units.every(({ starts }) => starts.count().starts === 1), 'nothing was started again')
  t.equal(fs.readFileSync(tree.stderrFile, 'latin1'), '', 'and nothing was said')
  t.comment(`${lines} lines, ${Math.round(lines / seconds)} a second, ${upgrades} upgrades in ${seconds.toFixed(1)} seconds`)
})
