/** finish under those who know it, and under C daemontools, which does not: one refusal, and what becomes of it. No mail server is needed. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { ours, unlessAble } from '../support/implementation.ts'
import { isAlive, Process, run } from '../support/process.ts'
import { readRecord } from '../support/status.ts'
import { scratch, writeProgram } from '../support/tree.ts'
import { until } from '../support/until.ts'

interface Family {
  name: string
  program: string
  /** The arguments of what supervises one directory. */
  supervise: (directory: string) => string[]
  /** The command that starts it again. */
  up: string
  /** Whether the supervisor says that it is down for good. */
  isDown: (directory: string) => boolean
}

const families: readonly Family[] = [
  { name: 'ours', program: join(ours.folder, 'supervise'), supervise: (directory) => [directory], up: 'svc -u', isDown: (directory) => readRecord<{ failed: boolean }>(directory)?.failed === true },
  { name: 's6', program: '/usr/bin/s6-supervise', supervise: (directory) => [directory], up: 's6-svc -u', isDown: (directory) => execFileSync('s6-svstat', ['-o', 'up,wantedup', directory], { encoding: 'utf8' }) === 'false false\n' },
  { name: 'runit', program: '/usr/bin/runsv', supervise: (directory) => [directory], up: 'sv up', isDown: (directory) => /^down(?!.*want up)/.test(fs.readFileSync(join(directory, 'supervise/stat'), 'utf8')) },
]

const needs = (program: string): { skip: string | false } => unlessAble({ root: true, ours: ['supervise', 'fetchmail-service', 'setuidgid', 'svc'], files: [program, '/usr/bin/fetchmail'] })

for (const family of families) {
  t.test(`finish under ${family.name}: what only a person can cure ends the loop, and the command in the reason ends that`, needs(family.program), async (t) => {
    const { directory, output } = await installed(t)
    fs.writeFileSync(join(directory, 'env/INTERVAL'), '0\n')
    const supervise = start(t, family, directory)
    const reason = join(directory, 'supervise/reason')
    await until('there is a reason', () => fs.existsSync(reason), () => output() + supervise.stderr)
    t.match(fs.readFileSync(reason, 'utf8'), / - echo 551 >.*\/env\/INTERVAL && /)
    t.ok(fs.readFileSync(reason, 'utf8').includes(` && ${family.up} ${directory}\n`))
    await until('its supervisor takes it for down', () => family.isDown(directory))
    t.equal(starts(output()), 1)
    const cure = fs.readFileSync(reason, 'utf8').trimEnd().split(' - ').at(-1)!
    const cured = await run(t, 'sh', ['-c', `PATH=${ours.folder}:$PATH; ${cure}`])
    t.match(cured, { code: 0 }, cure)
    await until('fetchmail sleeps', () => /sleeping at /.test(output()), () => JSON.stringify(cured) + output())
    t.notOk(fs.existsSync(reason))
    t.equal(starts(output()), 2)
  })

  t.test(`finish under ${family.name}: TERM after a poll that failed is no reason to stay down`, needs(family.program), async (t) => {
    const { directory, output } = await installed(t)
    start(t, family, directory)
    await until('a poll has failed', () => /sleeping at /.test(output()), output)
    process.kill(fetchmailPid(directory), 'SIGTERM')
    await until('it polls again', () => (output().match(/sleeping at /g) ?? []).length === 2, output)
    t.equal(starts(output()), 2)
    t.notOk(fs.existsSync(join(directory, 'supervise/reason')))
  })
}

t.test('under C daemontools nobody runs finish: run waits a minute instead of flooding the log', needs('/usr/bin/supervise'), async (t) => {
  const { directory, output } = await installed(t)
  fs.writeFileSync(join(directory, 'env/INTERVAL'), '0\n')
  const c = { name: 'C', program: '/usr/bin/supervise', supervise: (directory: string) => [directory], up: 'svc -u', isDown: () => false }
  start(t, c, directory)
  await until('it waits', () => /waiting 60 seconds/.test(output()), output)
  t.equal(starts(output()), 2)
  fs.writeFileSync(join(directory, 'env/INTERVAL'), '551\n')
  t.match(await run(t, '/usr/bin/svc', ['-t', directory]), { code: 0 })
  await until('fetchmail sleeps', () => /sleeping at /.test(output()), output)
  t.match(await run(t, '/usr/bin/svc', ['-dx', directory]), { code: 0 })
})

interface Installed {
  directory: string
  /** What the service has said. */
  output: () => string
}

/** A service that polls a port where nobody listens. */
async function installed(t: Test): Promise<Installed> {
  const folder = scratch(t)
  fs.writeFileSync(join(folder, 'secret'), 'x\n')
  const words = ['install', '--template', 'apop', '--server', 'localhost', '--port', '9', '--user', 'u', '--domain', 'example.com', '--password-file', join(folder, 'secret'), '--root', folder]
  const { code, stderr } = await run(t, join(ours.folder, 'fetchmail-service'), words)
  if (code !== 0) throw new Error(stderr)
  const directory = join(folder, 'var/svc.d/fetchmail')
  // runsv would run that as well
  fs.rmSync(directory + '/log', { recursive: true })
  const log = join(folder, 'output')
  fs.writeFileSync(log, '')
  return { directory, output: () => fs.readFileSync(log, 'latin1') }
}

/** What supervises it, with everything that is said in a file beside it. It ends with the test, and what it runs too. */
function start(t: Test, family: Family, directory: string): Process {
  const log = join(directory, '../../../output')
  writeProgram(join(directory, '../supervise'), `#!/bin/sh\nexec >>${log} 2>&1\nexec ${[family.program, ...family.supervise(directory)].join(' ')}\n`)
  t.teardown(() => {
    // s6 gives it a session of its own, so it is not ended with its supervisor.
    const file = join(directory, 'pid/fetchmail.pid')
    if (fs.existsSync(file) && isAlive(fetchmailPid(directory))) process.kill(fetchmailPid(directory), 'SIGKILL')
  })
  return new Process(t, 'env', ['-i', `PATH=${ours.folder}:/usr/sbin:/usr/bin:/sbin:/bin`, join(directory, '../supervise')])
}

function fetchmailPid(directory: string): number {
  return Number.parseInt(fs.readFileSync(join(directory, 'pid/fetchmail.pid'), 'utf8'), 10)
}

function starts(output: string): number {
  return (output.match(/^\*\*\* Starting/gm) ?? []).length
}
