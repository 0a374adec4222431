/**
 * Programs that read what svstat prints: each finds in our lines what it looks for. The expressions are facts about these programs, taken from their
 * sources; what is compared for each state is what they make of it.
 *
 * Not tested: the programs themselves.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ours, unlessAble } from '../support/implementation.ts'
import { Process, run } from '../support/process.ts'
import { readStatus } from '../support/status.ts'
import { makeService, scratch } from '../support/tree.ts'
import { until } from '../support/until.ts'

/** What a reader makes of a line: its own word for the state, and the pid if it looks for that. */
interface Reader {
  tool: string
  read(line: string): string
}

const readers: readonly Reader[] = [
  {
    // community.general, plugins/modules/svc.py
    tool: 'ansible',
    read(line) {
      const pid = /\(pid (\d+)\)/.exec(line)?.[1]
      const seconds = /(\d+) seconds/.exec(line)?.[1]
      if (seconds === undefined) return 'unknown'
      const state = line.includes(' up ') ? 'start' : line.includes(' down ') ? 'stopp' : 'unknown'
      return `${state}${line.includes(' want ') ? 'ing' : 'ed'}${pid === undefined ? '' : ` ${pid}`}`
    },
  },
  // salt/modules/daemontools.py
  { tool: 'salt', read: (line) => /\(pid (\d+)\)/.exec(line)?.[1] ?? '' },
  // lib/puppet/provider/service/daemontools.rb
  { tool: 'puppet', read: (line) => (/:\s+up \(/.test(line) ? 'running' : 'stopped') },
  {
    // DataDog/dd-agent#2110
    tool: 'datadog',
    read(line) {
      const match = /.*: (down|up) \(pid (\d+)\) (\d+) seconds/.exec(line)
      return match === null ? 'none' : `${match[1]} ${match[2]}`
    },
  },
  {
    // gavincarr/nagios-of-plugins, check_svc, with its limits of time left out
    tool: 'nagios',
    read(line) {
      if (line.includes('unable')) return 'UNKNOWN'
      const state = /^[^:]+: (\w+) (?:\(pid \d+\) )?(\d+) seconds/.exec(line)?.[1]
      if (state === undefined) return 'UNKNOWN'
      return state === 'down' || /wants? down/.test(line) ? 'WARNING' : 'OK'
    },
  },
]

interface State {
  name: string
  /** Letters for svc, one call each, once it is up; none: it is not supervised. */
  letters?: readonly string[]
  /** The service does not mind TERM. */
  deaf?: true
  /** A file `down` is made or was there. */
  down?: boolean
  /** The line, N for the pid and S for the seconds, DIR for the directory. */
  line: string
  /** In the order of `readers`, N for the pid. */
  read: readonly string[]
}

const states: readonly State[] = [
  { name: 'up', letters: [], line: 'DIR: up (pid N) S seconds', read: ['started N', 'N', 'running', 'up N', 'OK'] },
  { name: 'down', letters: ['-d', '-tc'], line: 'DIR: down S seconds, normally up', read: ['stopped', '', 'stopped', 'none', 'WARNING'] },
  { name: 'paused', letters: ['-p'], line: 'DIR: up (pid N) S seconds, paused', read: ['started N', 'N', 'running', 'up N', 'OK'] },
  { name: 'want down', letters: ['-d'], deaf: true, line: 'DIR: up (pid N) S seconds, want down', read: ['starting N', 'N', 'running', 'up N', 'WARNING'] },
  { name: 'once', letters: ['-o'], line: 'DIR: up (pid N) S seconds', read: ['started N', 'N', 'running', 'up N', 'OK'] },
  { name: 'up, normally down', letters: ['-u'], down: true, line: 'DIR: up (pid N) S seconds, normally down', read: ['started N', 'N', 'running', 'up N', 'OK'] },
  { name: 'down, normally down', letters: ['-d'], down: true, line: 'DIR: down S seconds', read: ['stopped', '', 'stopped', 'none', 'WARNING'] },
  { name: 'never run', line: 'DIR: unable to open supervise/ok: file does not exist', read: ['unknown', '', 'stopped', 'none', 'UNKNOWN'] },
  { name: 'not running', letters: ['-dx'], line: 'DIR: supervise not running', read: ['unknown', '', 'stopped', 'none', 'UNKNOWN'] },
  { name: 'missing', line: 'DIR: unable to chdir: file does not exist', read: ['unknown', '', 'stopped', 'none', 'UNKNOWN'] },
]

const able = unlessAble({ ours: ['supervise', 'svc', 'svstat'] })
t.jobs = 4

for (const state of states) t.test(`svstat, ${state.name}: ${readers.map(({ tool }) => tool).join(', ')} read it`, { ...able }, (t) => look(t, state))

t.test('svstat, down and want up: they read it', { ...able }, async (t) => {
  const dir = makeService(scratch(t), 'sv', {})
  new Process(t, join(ours.folder, 'supervise'), ['sv'], { cwd: join(dir, '..') })
  await until('supervise has tried', () => readStatus(dir)?.want === 'u')
  // Between two attempts, of which there is one a second.
  const line = await lineFor(t, dir, /want up/)
  compare(t, line, dir, 'DIR: down S seconds, normally up, want up', ['stopping', '', 'stopped', 'none', 'WARNING'])
})

async function look(t: Test, { name, letters, deaf, down, line, read }: State): Promise<void> {
  const dir = join(scratch(t), 'sv')
  if (name !== 'missing') makeService(join(dir, '..'), 'sv', { run: `#!/bin/sh\n${deaf === true ? 'trap "" TERM; ' : ''}echo >ready; exec sleep 100000\n` })
  if (letters !== undefined) {
    new Process(t, join(ours.folder, 'supervise'), ['sv'], { cwd: join(dir, '..') })
    await until('it is up', () => fs.existsSync(join(dir, 'ready')) && (readStatus(dir)?.pid ?? 0) !== 0)
    for (const letter of letters) await run(t, join(ours.folder, 'svc'), [letter, dir])
    if (down === true) fs.writeFileSync(join(dir, 'down'), '')
  }
  const pattern = line.replace('DIR', dir).replace(/[()]/g, '\\$&').replace(' N', ' \\d+').replace(' S ', ' \\d+ ')
  compare(t, await lineFor(t, dir, new RegExp(`^${pattern}$`)), dir, line, read)
}

/** Svstat's line, as soon as it is of that kind. */
async function lineFor(t: Test, dir: string, wanted: RegExp): Promise<string> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const { stdout, stderr } = await run(t, join(ours.folder, 'svstat'), [dir])
    const line = stdout.trimEnd()
    if (stderr !== '') throw new Error(`svstat says ${stderr}: ansible would take it for the state`)
    if (wanted.test(line) || performance.now() > deadline) return line
  }
}

function compare(t: Test, line: string, dir: string, wanted: string, read: readonly string[]): void {
  const pid = /\(pid (\d+)\)/.exec(line)?.[1]
  const plain = (text: string): string => (pid === undefined ? text : text.replace(pid, 'N'))
  t.equal(plain(line).replace(dir, 'DIR').replace(/\d+ seconds/, 'S seconds'), wanted)
  t.same(Object.fromEntries(readers.map(({ tool, read }) => [tool, plain(read(line))])), Object.fromEntries(readers.map(({ tool }, index) => [tool, read[index]])))
}
