/**
 * The optional files of a service directory, with real processes: docs/protocol.md. Without them everything is as in 0.76, which is what
 * supervise.test.ts and svscan.test.ts are about.
 *
 * Not tested: a notification that an earlier run's left-over child sends after the next start; how long a pause between starts really is.
 */
import * as fs from 'node:fs'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { fixture, unlessAble } from './support/implementation.ts'
import { isAlive, kill, run } from './support/process.ts'
import { type Files, Site } from './support/site.ts'
import { isSupervised, labelSeconds } from './support/status.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = unlessAble({ theirs: ['svstat'], ours: ['supervise', 'svscan', 'svstat'] })
const kinds = ['supervise', 'svscan'] as const
const forever = '#!/bin/sh\necho start >>starts\nexec sleep 100000\n'
const printSignals = fixture('print-signals')

/**
 * A service that obeys words: a number is its exit code, NAME in capitals the signal that it sends itself; `newline` and `half` are written to
 * descriptor 7; all others are only noted.
 */
const obedient = `#!/bin/sh
[ -p words ] || mkfifo words
exec 4<>words
echo start >>starts
while read -r word <&4; do
  case $word in
    [0-9]*) exit "$word" ;;
    [A-Z]*) kill -"$word" $$ ;;
    newline) echo >&7 ;;
    half) printf half >&7 ;;
  esac
  echo "$word" >>did
done
`
const noteFinish = '#!/bin/sh\necho "$*" >>finishes\n'
/** Ends when it is told to, with the code that it is told. */
const holdFinish = '#!/bin/sh\n[ -p release ] || mkfifo release\nexec 4<>release\necho "$*" >>finishes\nread -r code <&4\nexit "$code"\n'

/** Writes a word into a FIFO that the service holds. */
function tell(site: Site, word: string, fifo = 'words', name = 'sv'): void {
  fs.appendFileSync(site.path(name, fifo), `${word}\n`, { flag: 'r+' })
}

function count(site: Site, path: string, lines: number, name = 'sv'): Promise<boolean> {
  return until(`${name}: ${lines} lines in ${path}`, () => site.lines(path, name).length === lines, () => `${site.lines(path, name).join(' | ')} ${site.supervisor.stderr}`)
}

/** One subtest for a lone supervise and one for svscan, with a log. */
async function underBoth(t: Test, files: Files, play: (t: Test, site: Site) => Promise<void>): Promise<void> {
  t.jobs = 2
  await Promise.all(
    kinds.map((kind) => t.test(kind, (t) => play(t, new Site(t, kind, { sv: { ...files, ...(kind === 'svscan' && { 'log/run': '#!/bin/sh\nexec cat >>lines\n' }) } })))),
  )
}

t.test('finish inherits what run does, and gets three arguments', { ...able, ...unlessAble({ files: ['/usr/bin/cc'] }) }, async (t) => {
  const print = compile(scratch(t), 'print-inherited')
  await underBoth(t, { run: `#!${print} run.out\n`, finish: `#!${print} finish.out\n`, down: '' }, async (t, site) => {
    await until('it listens', () => isSupervised(site.path('sv')))
    site.send('o')
    await site.recorded('once', ({ state, lastExit }) => state === 'down' && lastExit !== null)
    const [ran, finished] = ['run.out', 'finish.out'].map((file) => site.lines(file)) as [string[], string[]]
    const argumentsOf = (lines: string[]): string[] => lines.filter((line) => line.startsWith('argument: ')).map((line) => line.slice('argument: '.length))
    t.same(argumentsOf(finished).slice(2), ['./finish', '0', '0', 'sv'])
    const rest = (lines: string[]): string[] => lines.filter((line) => !/^(argument|pid|name|descriptor \d+ .*(run|finish)\.out$)/.test(line))
    t.same(rest(finished), rest(ran))
    t.ok(finished.includes(`directory: ${site.path('sv')}`))
    t.ok(finished.includes(`parent: ${site.supervisor.pid}`))
    t.ok(finished.includes('SigBlk:\t0000000000000000'))
    const output = finished.find((line) => line.startsWith('descriptor 1 '))
    if (site.kind === 'svscan') t.match(output, /^descriptor 1 flags \d*1 .*\/sv\/supervise\/log$/, 'its standard output goes to the logger')
  })
})

t.test('finish: the end of run as s6 tells it, once for each', { ...able }, (t) =>
  underBoth(t, { run: obedient, finish: `${noteFinish}echo finished\n` }, async (t, site) => {
    const ends = { '0': '0 0 sv', '3': '3 0 sv', '255': '255 0 sv', KILL: '256 9 sv', TERM: '256 15 sv', SEGV: '256 11 sv', USR2: '256 12 sv' }
    let times = 0
    for (const [word, expected] of Object.entries(ends)) {
      times++
      await count(site, 'starts', times)
      tell(site, word)
      await count(site, 'finishes', times)
      t.equal(site.lines('finishes').at(-1), expected, word)
      // not to wait for its second
      site.send('u')
    }
    await count(site, 'starts', times + 1)
    if (site.kind === 'svscan') await until('each has been logged', () => site.lines('log/lines').join() === Array(times).fill('finished').join())
    else await until('each has been said', () => site.supervisor.stdout === 'finished\n'.repeat(times), () => site.supervisor.stdout)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test("a logger's finish is called `log`", { ...able }, async (t) => {
  const site = new Site(t, 'svscan', { sv: { run: forever, 'log/run': obedient, 'log/finish': noteFinish } })
  await count(site, 'log/starts', 1)
  tell(site, '7', 'log/words')
  await count(site, 'log/finishes', 1)
  t.same(site.lines('log/finishes'), ['7 0 log'])
})

t.test('finish is run once for each end, whenever the supervisor is killed', { ...able }, (t) =>
  underBoth(t, { run: obedient, finish: holdFinish }, async (t, site) => {
    const again = async (): Promise<void> => (await site.killSupervisor(), void site.start())
    await count(site, 'starts', 1)
    const first = await site.up()
    await again()
    t.equal(await site.up(), first, 'taken up')
    tell(site, '5')
    await count(site, 'finishes', 1)
    t.equal(site.lines('finishes').at(-1), '256 0 sv', 'nobody is told how another process’s child ends')

    const { pid } = await site.recorded('finishing', ({ state, pid }) => state === 'finishing' && pid !== 0)
    await again()
    await site.recorded('finishing', ({ state }) => state === 'finishing')
    await until('it listens', () => isSupervised(site.path('sv')))
    t.ok(isAlive(pid), 'finish is taken up too')
    tell(site, '0', 'release')
    await count(site, 'starts', 2)
    t.equal(site.lines('finishes').length, 1)

    const second = await site.up('sv', first)
    await site.killSupervisor()
    kill(second)
    await until('it is dead', () => !isAlive(second))
    site.start()
    await count(site, 'finishes', 2)
    t.equal(site.lines('finishes').at(-1), '256 0 sv', 'it died unwatched')
    const finish = await site.recorded('finishing', ({ state, pid }) => state === 'finishing' && isAlive(pid))
    await site.killSupervisor()
    kill(finish.pid)
    await until('finish is dead', () => !isAlive(finish.pid))
    site.start()
    await count(site, 'starts', 3)
    t.equal(site.lines('finishes').length, 2, 'finish died unwatched, and is not run again')
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('a finish that hangs is killed after timeout-finish', { ...able }, (t) =>
  underBoth(t, { run: obedient, finish: '#!/bin/sh\ntrap "" TERM\necho $$ >>finishes\nexec sleep 100000\n', 'timeout-finish': '200\n' }, async (t, site) => {
    await count(site, 'starts', 1)
    tell(site, '1')
    await count(site, 'finishes', 1)
    await count(site, 'starts', 2)
    t.notOk(isAlive(Number(site.lines('finishes')[0])))
    t.match(await site.recorded('up', ({ state }) => state === 'up'), { lastExit: { code: 1 }, restarts: 1 }, 'the end is the one of run')
    // also where the supervisor that has started it is gone
    site.put('sv', 'timeout-finish', '3000\n')
    tell(site, '1')
    await count(site, 'finishes', 2)
    await site.recorded('finishing', ({ state, monotonic }) => state === 'finishing' && monotonic.killAt !== null)
    await site.killSupervisor()
    site.start()
    await count(site, 'starts', 3)
    t.equal(site.lines('finishes').length, 2)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('timeout-finish: 5 seconds without it, any time with 0', { ...able }, async (t) => {
  const timeouts: Files[] = [{}, { 'timeout-finish': '0' }]
  const sites = timeouts.map((timeout) => new Site(t, 'supervise', { sv: { run: obedient, finish: holdFinish, ...timeout } }))
  const [standard, patient] = await Promise.all(
    sites.map(async (site) => {
      await count(site, 'starts', 1)
      tell(site, '0')
      return site.recorded('finishing', ({ state }) => state === 'finishing')
    }),
  )
  t.ok(standard!.monotonic.killAt! - standard!.monotonic.started >= 5000)
  t.equal(patient!.monotonic.killAt, null)
})

t.test('letters while finish runs', { ...able }, (t) =>
  underBoth(t, { run: obedient, finish: holdFinish, 'timeout-finish': '0' }, async (t, site) => {
    let times = 0
    const finishing = async (letters: string): Promise<void> => {
      times++
      await count(site, 'starts', times)
      tell(site, '0')
      await count(site, 'finishes', times)
      await site.recorded('finishing', ({ state }) => state === 'finishing')
      t.same(await site.svstat(), { ours: 'down S seconds, normally up, want up, finishing', theirs: 'down S seconds, normally up, want up' })
      site.send(letters)
    }
    const released = async (): Promise<void> => (tell(site, '0', 'release'), void (await site.recorded('not finishing', ({ state }) => state !== 'finishing')))

    await finishing('d')
    await site.recorded('want down', ({ want }) => want === 'down')
    await released()
    await site.recorded('down', ({ state, want }) => state === 'down' && want === 'down')
    site.send('u')

    await finishing('u')
    t.equal(site.lines('starts').length, times, 'there is never more than one process')
    await released()

    await finishing('o')
    await site.recorded('want once', ({ want }) => want === 'once')
    await released()
    await count(site, 'starts', times + 1)
    t.match(await site.recorded('up', ({ state }) => state === 'up'), { want: 'once' }, 'o: once more')
    site.send('u')

    // signals are for run: finish does not get them
    await finishing('tkp')
    site.send('c')
    await site.recorded('continued', ({ state }) => state === 'finishing')
    await released()

    await finishing('dx')
    await site.recorded('want down', ({ want }) => want === 'down')
    t.ok(site.supervisor.running, 'x waits for it')
    if (site.kind === 'supervise') {
      tell(site, '0', 'release')
      t.same((await site.supervisor.ended).code, 0)
      t.equal(site.record()!.state, 'left')
    }
    t.equal(site.lines('starts').length, times)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('finish says 125: not started again, until somebody asks for it', { ...able }, (t) =>
  underBoth(t, { run: obedient, finish: '#!/bin/sh\n[ "$1" != 9 ] || exit 125\n' }, async (t, site) => {
    await count(site, 'starts', 1)
    tell(site, '8')
    await count(site, 'starts', 2)
    tell(site, '9')
    const record = await site.recorded('failed', ({ failed, state }) => failed && state === 'down')
    t.match(record, { want: 'once', nextStart: null, lastExit: { code: 9 } })
    t.same(await site.svstat(), { ours: 'down S seconds, normally up, failed', theirs: 'down S seconds, normally up' })
    await site.killSupervisor()
    site.start()
    await until('it listens', () => isSupervised(site.path('sv')))
    t.equal((await site.svstat()).ours, 'down S seconds, normally up, failed')
    t.match(site.record(), { failed: true, state: 'down' }, 'nor by another supervisor')
    t.equal(site.lines('starts').length, 2)
    site.send('u')
    await count(site, 'starts', 3)
    t.match(await site.recorded('up', ({ state }) => state === 'up'), { failed: false, want: 'up' })
    tell(site, '8')
    await count(site, 'starts', 4)
  }),
)

t.test('a finish that cannot be executed is said, and delays nothing', { ...able }, (t) =>
  underBoth(t, { run: obedient }, async (t, site) => {
    fs.writeFileSync(site.path('sv', 'finish'), noteFinish, { mode: 0o644 })
    for (let n = 1; n <= 2; n++) {
      await count(site, 'starts', n)
      tell(site, '0')
    }
    await count(site, 'starts', 3)
    await until('both are said', () => site.said.length >= 2)
    t.same(site.said, Array(2).fill('supervise: fatal: unable to start sv/finish: access denied'))
  }),
)

const notified: Files = { run: obedient, 'notification-fd': '7\n' }

t.test('notification-fd: ready with the newline, not before, and forgotten with the next start', { ...able }, (t) =>
  underBoth(t, notified, async (t, site) => {
    await count(site, 'starts', 1)
    const pid = await site.up()
    tell(site, 'half')
    await site.written('did', 'half')
    t.equal(site.record()!.ready, null)
    t.same(await site.svstat(), { ours: 'up (pid N) S seconds, not ready', theirs: 'up (pid N) S seconds' })
    tell(site, 'newline')
    const { ready, since } = await site.recorded('ready', ({ ready }) => ready !== null)
    t.ok(ready! > since, 'after its start')
    t.same(await site.svstat(), { ours: 'up (pid N) S seconds, ready S seconds', theirs: 'up (pid N) S seconds' })
    tell(site, 'newline')
    await until('it has written twice', () => site.lines('did').filter((word) => word === 'newline').length === 2)
    t.equal(site.record()!.ready, ready, 'once ready, it is ready')
    kill(pid)
    await site.up('sv', pid)
    await count(site, 'starts', 2)
    t.equal(site.record()!.ready, null, 'another process is not ready yet')
    tell(site, 'newline')
    await site.recorded('ready again', ({ ready }) => ready !== null)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('notification-fd: what a run has said that nobody has read is not the next one’s', { ...able }, (t) =>
  underBoth(t, notified, async (t, site) => {
    await count(site, 'starts', 1)
    const pid = await site.up()
    const { monotonic } = site.record()!
    // then the next supervisor starts another at once, before it reads
    await until('it has run for a second', () => Number(process.hrtime.bigint()) / 1e6 - monotonic.started > 1000)
    await site.killSupervisor()
    tell(site, 'newline')
    await site.written('did', 'newline')
    kill(pid)
    await until('it is dead', () => !isAlive(pid))
    site.start()
    await site.up('sv', pid)
    await count(site, 'starts', 2)
    tell(site, 'half')
    await site.written('did', 'half')
    t.equal(site.record()!.ready, null)
    tell(site, 'newline')
    await site.recorded('ready', ({ ready }) => ready !== null)
  }),
)

t.test('notification-fd: the supervisor is killed before the service is ready', { ...able }, (t) =>
  underBoth(t, notified, async (t, site) => {
    await count(site, 'starts', 1)
    const pid = await site.up()
    await site.killSupervisor()
    tell(site, 'newline')
    await site.written('did', 'newline')
    t.ok(isAlive(pid), 'no SIGPIPE, though nobody supervises it')
    t.equal(site.record()!.ready, null)
    site.start()
    t.match(await site.recorded('ready', ({ ready }) => ready !== null), { pid, state: 'up' }, 'what it said is read by the next supervisor')
    // and where it says so later
    kill(pid)
    const second = await site.up('sv', pid)
    await count(site, 'starts', 2)
    await site.killSupervisor()
    site.start()
    await until('it listens', () => isSupervised(site.path('sv')))
    tell(site, 'newline')
    t.match(await site.recorded('ready', ({ ready }) => ready !== null), { pid: second })
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('notification-fd of a logger; descriptors 3 to 9 are a service’s own', { ...able, ...unlessAble({ files: ['/usr/bin/cc'] }) }, async (t) => {
  const print = compile(scratch(t), 'print-inherited')
  const numbers = ['3', '4', '5', '6', '7', '8', '9', '63']
  const services = Object.fromEntries(numbers.map((number) => [`sv${number}`, { run: `#!${print} run.out\n`, 'notification-fd': number }]))
  const site = new Site(t, 'svscan', { ...services, logged: { run: forever, 'log/run': obedient, 'log/notification-fd': '7' } })
  for (const number of numbers) {
    const path = site.path(`sv${number}`, 'supervise/notify')
    const lines = await until(`${number} is open`, () => {
      const found = site.lines('run.out', `sv${number}`)
      return found.length > 0 && found
    })
    const open = lines.filter((line) => line.startsWith('descriptor ') && line.includes('/supervise/'))
    t.equal(open.length, 1)
    t.match(open[0], new RegExp(`^descriptor ${number} flags \\d*1 .* ${path}$`))
  }
  await count(site, 'log/starts', 1, 'logged')
  tell(site, 'newline', 'log/words', 'logged')
  await site.recorded('the logger is ready', ({ ready }) => ready !== null, 'logged/log')
})

t.test('check: run until it says that the service is ready', { ...able }, (t) =>
  underBoth(t, { run: forever, check: '#!/bin/sh\n/bin/pwd >>checks\n[ -e is-ready ]\n' }, async (t, site) => {
    const pid = await site.up()
    await until('three checks', () => site.lines('checks').length >= 3)
    t.equal(site.lines('checks')[0], site.path('sv'))
    t.equal(site.record()!.ready, null)
    t.same(await site.svstat(), { ours: 'up (pid N) S seconds, not ready', theirs: 'up (pid N) S seconds' })
    fs.writeFileSync(site.path('sv', 'is-ready'), '')
    t.match(await site.recorded('ready', ({ ready }) => ready !== null), { pid })
    t.equal((await site.svstat()).ours, 'up (pid N) S seconds, ready S seconds')
    fs.rmSync(site.path('sv', 'is-ready'))
    const checks = site.lines('checks').length
    kill(pid)
    await site.up('sv', pid)
    await until('it is checked anew', () => site.lines('checks').length > checks)
    t.equal(site.lines('checks').length, checks + 1, 'nobody checked while it was ready')
    t.equal(site.record()!.ready, null)
    // and by another supervisor
    await site.killSupervisor()
    const before = site.lines('checks').length
    site.start()
    await until('it is checked by another supervisor', () => site.lines('checks').length > before + 1)
    fs.writeFileSync(site.path('sv', 'is-ready'), '')
    await site.recorded('ready', ({ ready }) => ready !== null)
    t.equal(site.supervisor.stderr, '')
  }),
)

/** Hangs as long as there is a file `hang`. */
const hangingCheck = '#!/bin/sh\ntrap "" TERM\necho $$ >>checks\n[ -e hang ] || exit 0\nsleep 100000\n'

t.test('a check that hangs: killed after 10 seconds, at a new start, and at the end', { ...able }, (t) =>
  underBoth(t, { run: forever, check: hangingCheck, hang: '' }, async (t, site) => {
    const pid = await site.up()
    await count(site, 'checks', 1)
    fs.rmSync(site.path('sv', 'hang'))
    await site.recorded('ready by a second check', ({ ready }) => ready !== null)
    const checks = (): number[] => site.lines('checks').map(Number)
    t.same([checks().length, isAlive(checks()[0]!)], [2, false])
    fs.writeFileSync(site.path('sv', 'hang'), '')
    kill(pid)
    const second = await site.up('sv', pid)
    await count(site, 'checks', 3)
    fs.rmSync(site.path('sv', 'hang'))
    kill(second)
    await site.up('sv', second)
    await site.recorded('ready', ({ ready }) => ready !== null)
    t.same([checks().length, isAlive(checks()[2]!)], [4, false], 'there is never more than one')
    fs.writeFileSync(site.path('sv', 'hang'), '')
    kill(site.record()!.pid)
    await count(site, 'checks', 5)
    await site.stopSupervisor()
    await until('the check is gone', () => !isAlive(checks()[4]!))
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('a check that cannot be executed: said once, the service runs', { ...able }, (t) =>
  underBoth(t, { run: forever }, async (t, site) => {
    fs.writeFileSync(site.path('sv', 'check'), '#!/bin/sh\necho checked >>checks\n', { mode: 0o644 })
    const pid = await site.up()
    kill(pid)
    const second = await site.up('sv', pid)
    await until('it is said', () => site.said.length > 0)
    kill(second)
    const third = await site.up('sv', second)
    t.equal(site.record()!.ready, null)
    fs.chmodSync(site.path('sv', 'check'), 0o755)
    t.match(await site.recorded('ready', ({ ready }) => ready !== null), { pid: third }, 'it may be mended while the service runs')
    t.same(site.said, ['supervise: warning: unable to run sv/check, taking it as not ready: access denied'])
  }),
)

t.test('timeout-kill: a service that does not mind TERM is killed', { ...able }, (t) =>
  underBoth(t, { run: `#!/bin/sh\nexec ${printSignals} >>seen\n`, 'timeout-kill': '300' }, async (t, site) => {
    const pid = await site.up()
    await site.written('seen', 'ready')
    site.send('t')
    await site.written('seen', 'TERM')
    t.equal(site.record()!.monotonic.killAt, null, 't alone sets no clock')
    site.send('d')
    t.match(await site.recorded('down', ({ state }) => state === 'down'), { lastExit: { signal: 'SIGKILL' }, want: 'down' })
    await site.written('seen', 'CONT')
    t.notOk(isAlive(pid))
    // by the next supervisor, if this one does not live to see it
    site.send('u')
    const second = await site.up('sv', pid)
    await until('it is ready', () => site.lines('seen').filter((line) => line === 'ready').length === 2)
    site.put('sv', 'timeout-kill', '1000')
    site.send('d')
    await site.recorded('want down', ({ monotonic }) => monotonic.killAt !== null)
    await site.killSupervisor()
    site.start()
    await site.recorded('down', ({ state }) => state === 'down')
    t.notOk(isAlive(second))
    // du means: once more, and the first one’s time still counts
    site.send('u')
    const third = await site.up('sv', second)
    await until('it is ready', () => site.lines('seen').filter((line) => line === 'ready').length === 3)
    site.send('du')
    await site.up('sv', third)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('without timeout-kill, and with 0, d waits', { ...able }, async (t) => {
  const timeouts: Files[] = [{}, { 'timeout-kill': '0' }]
  for (const timeout of timeouts) {
    const site = new Site(t, 'supervise', { sv: { run: `#!/bin/sh\nexec ${printSignals} >>seen\n`, ...timeout } })
    await site.written('seen', 'ready')
    site.send('d')
    await site.written('seen', 'TERM')
    t.equal((await site.recorded('want down', ({ want }) => want === 'down')).monotonic.killAt, null)
  }
})

t.test('down-signal: by name or number, read when it is sent', { ...able }, (t) =>
  underBoth(t, { run: `#!/bin/sh\nexec ${printSignals} >>seen\n`, 'down-signal': 'INT\n' }, async (t, site) => {
    await site.up()
    await site.written('seen', 'ready')
    let count = 1
    for (const [text, signal] of [['INT\n', 'INT'], ['SIGUSR1', 'USR1'], ['12\n', 'USR2'], ['hup\n', 'HUP'], ['', 'TERM']] as const) {
      if (text === '') fs.rmSync(site.path('sv', 'down-signal'))
      else site.put('sv', 'down-signal', text)
      site.send('d')
      count += 2
      await until(`${signal} arrives`, () => site.lines('seen').length === count, () => site.lines('seen').join())
      // two signals that arrive together may be handled in any order
      t.same(site.lines('seen').slice(-2).sort(), [signal, 'CONT'].sort())
      site.send('u')
    }
    site.put('sv', 'down-signal', 'KILL')
    site.send('d')
    t.match(await site.recorded('down', ({ state }) => state === 'down'), { lastExit: { signal: 'SIGKILL' } })
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('max-death-tally: the ends, as s6-svdt reads them', { ...able, ...unlessAble({ files: ['/usr/bin/s6-svdt'] }) }, (t) =>
  underBoth(t, { run: obedient, 'max-death-tally': '3\n' }, async (t, site) => {
    const read = async (): Promise<string[]> => {
      const { stdout, stderr } = await run(t, '/usr/bin/s6-svdt', ['-s', site.path('sv')])
      t.equal(stderr, '')
      // each line begins with its time
      return stdout.split('\n').slice(0, -1).map((line) => line.split(' ').slice(1).join(' '))
    }
    const words = { '0': 'exitcode 0', '9': 'exitcode 9', KILL: 'signal 9', TERM: 'signal 15', '111': 'exitcode 111' }
    const all: string[] = []
    for (const [word, expected] of Object.entries(words)) {
      await count(site, 'starts', all.length + 1)
      tell(site, word)
      all.push(expected)
      await site.recorded('ended', ({ restarts }) => restarts === all.length)
      site.send('u')
      await count(site, 'starts', all.length + 1)
      t.same(await read(), all.slice(-3))
    }
    // a smaller one forgets the oldest
    site.put('sv', 'max-death-tally', '1')
    tell(site, '7')
    await count(site, 'starts', all.length + 2)
    t.same(await read(), ['exitcode 7'])
    t.equal(site.supervisor.stderr, '')
  }),
)

/** A leader and a child that print what signals arrive, and live through them. */
const family = `#!/bin/sh
[ -p wait ] || mkfifo wait
echo $$ $(cut -d ' ' -f 5,6 /proc/$$/stat) >>ids
${printSignals} >>child-seen &
echo $! >>children
exec ${printSignals} >>seen
`

async function atHome(site: Site, times: number): Promise<{ leader: number; child: number }> {
  await until('both are ready', () => ['seen', 'child-seen'].every((file) => site.lines(file).filter((line) => line === 'ready').length === times), () => site.supervisor.stderr)
  const leader = await site.up()
  return { leader, child: Number(site.lines('children')[times - 1]) }
}

t.test('killpg: a session of its own, signals for all of it, and none is left over', { ...able }, (t) =>
  underBoth(t, { run: family, killpg: '', 'down-signal': 'ALRM' }, async (t, site) => {
    const first = await atHome(site, 1)
    t.same(site.lines('ids'), [`${first.leader} ${first.leader} ${first.leader}`], 'it leads a group and a session')
    for (const [letter, signal] of [['h', 'HUP'], ['1', 'USR1'], ['t', 'TERM'], ['d', 'ALRM']] as const) {
      site.send(letter)
      await site.written('seen', signal)
      await site.written('child-seen', signal)
    }
    site.send('u')
    kill(first.leader)
    const second = await atHome(site, 2)
    t.notOk(isAlive(first.child), 'what was left was killed before the next start')
    // the same for one that was taken up
    await site.killSupervisor()
    site.start()
    await until('it listens', () => isSupervised(site.path('sv')))
    site.send('2')
    await site.written('seen', 'USR2')
    await site.written('child-seen', 'USR2')
    kill(second.leader)
    const third = await atHome(site, 3)
    t.notOk(isAlive(second.child), 'also where it is not our child that has ended')
    site.send('dk')
    await until('both are gone', () => !isAlive(third.leader) && !isAlive(third.child))
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('killpg: the leader ends while nobody watches', { ...able }, (t) =>
  underBoth(t, { run: family, killpg: '' }, async (t, site) => {
    const first = await atHome(site, 1)
    await site.killSupervisor()
    kill(first.leader)
    await until('it is dead', () => !isAlive(first.leader))
    t.ok(isAlive(first.child))
    site.start()
    const second = await atHome(site, 2)
    t.notOk(isAlive(first.child), 'what was left was killed before the next start')
    t.ok(isAlive(second.leader))
  }),
)

t.test('without killpg, signals are for one process and children are left alone', { ...able }, (t) =>
  underBoth(t, { run: family }, async (t, site) => {
    const first = await atHome(site, 1)
    t.equal(site.lines('ids')[0]!.split(' ')[1], `${site.supervisor.pid}`, "it is in its supervisor's group")
    site.send('h')
    await site.written('seen', 'HUP')
    kill(first.leader)
    const second = await atHome(site, 2)
    t.ok(isAlive(first.child))
    t.notOk(site.lines('child-seen').includes('HUP'))
    // a file that comes while it runs is for the next start
    site.put('sv', 'killpg', '')
    await site.killSupervisor()
    site.start()
    await until('it listens', () => isSupervised(site.path('sv')))
    site.send('1k')
    const third = await atHome(site, 3)
    t.ok(isAlive(second.child))
    t.notOk(site.lines('child-seen').includes('USR1'))
    t.equal(site.lines('ids')[2], `${third.leader} ${third.leader} ${third.leader}`, 'from then on it has a session of its own')
  }),
)

t.test('restart-delay: doubled each time, up to the greatest', { ...able }, (t) =>
  underBoth(t, { run: '#!/bin/sh\necho start >>starts\n[ -e die ]\n', 'restart-delay': '400 1200\n', die: '' }, async (t, site) => {
    for (const [index, delay] of [400, 800, 1200, 1200].entries()) {
      const { nextStart, lastExit, monotonic } = await site.recorded(`restart ${index + 1} is to come`, ({ state, restarts }) => state === 'down' && restarts === index + 1)
      t.equal(site.record()!.delay, delay)
      const pause = (labelSeconds(nextStart!) - labelSeconds(lastExit!.at)) * 1000
      // never sooner than a second after its start
      t.ok(pause <= Math.max(delay, 1000) + 1 && pause >= delay * 0.8 - 50, `${pause} of ${delay}`)
      t.ok(monotonic.notBefore > monotonic.started)
    }
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('restart-delay: long pauses block nothing, u and o cut them short', { ...able }, (t) =>
  underBoth(t, { run: obedient, 'restart-delay': '40000 80000' }, async (t, site) => {
    const die = async (times: number, delay: number): Promise<void> => {
      await count(site, 'starts', times)
      tell(site, '1')
      const { nextStart, lastExit } = await site.recorded('it waits', (record) => record.state === 'down' && record.delay === delay)
      const pause = (labelSeconds(nextStart!) - labelSeconds(lastExit!.at)) * 1000
      t.ok(pause > delay * 0.8 - 50 && pause <= delay, `${pause} of ${delay}`)
    }
    await die(1, 40_000)
    const { ours, theirs } = await site.svstat()
    t.same([ours, theirs], ['down S seconds, normally up, want up, next start in S seconds', 'down S seconds, normally up, want up'])
    site.send('d')
    await site.recorded('it does not wait', ({ nextStart }) => nextStart === null)
    t.equal((await site.svstat()).ours, 'down S seconds, normally up')
    site.send('u')
    await count(site, 'starts', 2)
    t.equal(site.record()!.delay, 0, 'u has reset it')
    await die(2, 40_000)
    // another supervisor goes on waiting, and obeys
    await site.killSupervisor()
    site.start()
    await until('it listens', () => isSupervised(site.path('sv')))
    t.equal((await site.svstat()).ours, 'down S seconds, normally up, want up, next start in S seconds')
    site.send('o')
    await count(site, 'starts', 3)
    site.send('u')
    await site.recorded('want up', ({ want }) => want === 'up')
    await die(3, 40_000)
    fs.rmSync(site.path('sv', 'restart-delay'))
    site.send('u')
    await count(site, 'starts', 4)
    tell(site, '1')
    await count(site, 'starts', 5)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('restart-delay: one that has run for the greatest begins with the first again', { ...able }, (t) =>
  underBoth(t, { run: obedient, 'restart-delay': '300 1000' }, async (t, site) => {
    await count(site, 'starts', 1)
    tell(site, '1')
    await count(site, 'starts', 2)
    tell(site, '1')
    await site.recorded('grown', ({ delay }) => delay === 600)
    await count(site, 'starts', 3)
    const { monotonic } = await site.recorded('up', ({ state }) => state === 'up')
    await until('it has run for a second', () => Number(process.hrtime.bigint()) / 1e6 - monotonic.started > 1000)
    tell(site, '1')
    t.equal((await site.recorded('started again', ({ restarts }) => restarts === 3)).delay, 300)
  }),
)

const wrong: Record<string, { texts: string[]; expected: string }> = {
  'notification-fd': { texts: ['2', '1024', '', 'three', '3 4', '-5', '7.0'], expected: 'a descriptor from 3 to 1023' },
  'timeout-kill': { texts: ['5s', '', '-1', '99999999', '1e3', '0x10'], expected: 'milliseconds, at most a day' },
  'timeout-finish': { texts: ['soon'], expected: 'milliseconds, at most a day' },
  'max-death-tally': { texts: ['4097', 'many'], expected: 'a number up to 4096' },
  'down-signal': { texts: ['', 'SIGNAL', '0', '65', 'TERM INT', '-15'], expected: 'the name or number of a signal' },
  'restart-delay': { texts: ['', '0', '5 4', '1 2 3', 'slow', '1000 99999999'], expected: 'one or two numbers of milliseconds, the smaller first' },
}

t.test('what does not belong into a file is said once, and the default holds', { ...able }, async (t) => {
  const services: Record<string, Files> = { sv: { run: forever } }
  const expected: Record<string, string> = {}
  for (const [file, { texts, expected: words }] of Object.entries(wrong)) {
    for (const [index, text] of texts.entries()) {
      const name = `${file}-${index}`
      services[name] = { run: forever, [file]: text, killpg: '' }
      expected[name] = `supervise: warning: ${name}/${file} is ignored: expected ${words}`
    }
  }
  const site = new Site(t, 'svscan', services)
  const names = Object.keys(expected)
  const first = new Map<string, number>()
  for (const name of names) first.set(name, await site.up(name))
  const second = new Map<string, number>()
  for (const name of names) kill(first.get(name)!)
  for (const name of names) second.set(name, await site.up(name, first.get(name)))
  await until('each has been said', () => site.said.length >= names.length)
  t.same(site.said.sort(), Object.values(expected).sort(), 'one line each, though each has been read several times')
  for (const name of names) site.send('d', name)
  for (const name of names) {
    const { lastExit } = await site.recorded('down', ({ state, want }) => state === 'down' && want === 'down', name)
    t.match(lastExit, { signal: 'SIGTERM' }, name)
  }
  // mended, it is used; wrong in another way is still the same complaint
  const name = 'down-signal-0'
  const before = site.said.length
  site.put(name, 'down-signal', 'HUP')
  site.send('u', name)
  await site.up(name)
  site.send('d', name)
  t.match(await site.recorded('down', ({ state, lastExit }) => state === 'down' && lastExit?.signal === 'SIGHUP', name), { want: 'down' })
  t.equal(site.said.length, before)
  site.put(name, 'down-signal', 'HUH')
  site.send('u', name)
  await site.up(name)
  await until('it is said again', () => site.said.length === before + 1)
  t.equal(site.said.at(-1), expected[name])
})

t.test('an optional file that is no file is as good as a wrong one', { ...able }, (t) =>
  underBoth(t, { run: family, killpg: '', 'down-signal/x': '', 'restart-delay': '60000' }, async (t, site) => {
    const { leader } = await atHome(site, 1)
    t.equal(site.lines('ids')[0], `${leader} ${leader} ${leader}`, 'the other files count')
    await until('it is said', () => site.said.length > 0)
    t.same(site.said, ['supervise: warning: sv/down-signal is ignored: expected the name or number of a signal'])
    site.send('d')
    await site.written('seen', 'TERM')
    // more than anybody reads: one that never ends, one of gigabytes, and a FIFO that nobody writes
    fs.symlinkSync('/dev/zero', site.path('sv', 'timeout-kill'))
    fs.writeFileSync(site.path('sv', 'max-death-tally'), '')
    fs.truncateSync(site.path('sv', 'max-death-tally'), 1e9)
    await run(t, 'mkfifo', [site.path('sv', 'notification-fd')])
    fs.symlinkSync('nowhere', site.path('sv', 'timeout-finish'))
    site.send('uk')
    await until('three more complaints', () => site.said.length === 4, () => site.supervisor.stderr)
    t.same(site.said.slice(1).map((line) => line.split(' ')[2]).sort(), ['sv/max-death-tally', 'sv/notification-fd', 'sv/timeout-kill'])
    site.send('u')
    await atHome(site, 2)
  }),
)

t.test('what changes while the service runs is for its next start', { ...able }, (t) =>
  underBoth(t, { run: '#!/bin/sh\necho start >>starts\n{ [ -e /proc/self/fd/5 ] && echo open || echo closed; } >>fd\nexec sleep 100000\n' }, async (t, site) => {
    const first = await site.up()
    await count(site, 'fd', 1)
    site.put('sv', 'notification-fd', '5')
    t.equal((await site.svstat()).ours, 'up (pid N) S seconds, not ready')
    kill(first)
    const second = await site.up('sv', first)
    await count(site, 'fd', 2)
    site.put('sv', 'finish', noteFinish)
    site.put('sv', 'restart-delay', '60000')
    kill(second)
    await count(site, 'finishes', 1)
    await site.recorded('it waits', ({ delay, state }) => state === 'down' && delay === 60_000)
    for (const file of ['notification-fd', 'restart-delay', 'finish']) fs.rmSync(site.path('sv', file))
    site.send('u')
    const third = await site.up('sv', second)
    await count(site, 'fd', 3)
    kill(third)
    await count(site, 'starts', 4)
    t.same(site.lines('fd').slice(0, 3), ['closed', 'open', 'closed'])
    t.equal(site.lines('finishes').length, 1)
    t.equal(site.supervisor.stderr, '')
  }),
)

t.test('a log that is added to a running service', { ...able }, async (t) => {
  const talking = '#!/bin/sh\necho start >>starts\necho line\nexec sleep 100000\n'
  const site = new Site(t, 'svscan', { sv: { run: talking }, other: { run: talking, 'log/run': '#!/bin/sh\nexec cat >>lines\n' } })
  const pids = [await site.up(), await site.up('other'), await site.up('other/log')]
  await until('its line is not logged', () => site.supervisor.stdout === 'line\n')
  site.put('sv', 'log/run', '#!/bin/sh\nexec cat >>lines\n')
  site.supervisor.signal('SIGALRM')
  await site.up('sv/log')
  await until('it is said', () => site.said.join() === 'svscan: warning: sv has a log now: it is used from its next start on', () => site.supervisor.stderr)
  t.equal(site.record()!.pid, pids[0], 'the service runs on')
  kill(pids[0]!)
  pids[0] = await site.up('sv', pids[0])
  await until('its line is logged', () => site.lines('log/lines').join() === 'line')
  // the next svscan finds both, and their pipe
  await site.killSupervisor()
  site.start()
  await until('it listens', () => isSupervised(site.path('sv/log')) && isSupervised(site.path('sv')))
  t.same([site.record()!.pid, site.record('other')!.pid, site.record('other/log')!.pid], pids, 'the others have not noticed')
  kill(pids[0]!)
  await until('its line is logged', () => site.lines('log/lines').join() === 'line,line')
  t.equal(site.supervisor.stdout, '')
})

t.test('essential: when it has ended for good, svscan stops the rest and ends as it did', { ...able }, async (t) => {
  const ends: [word: string, letters: string, code: number, finish: string | undefined][] = [
    ['3', 'o', 3, undefined],
    ['0', 'o', 0, undefined],
    ['KILL', 'o', 128 + 9, undefined],
    ['6', '', 6, '#!/bin/sh\nexit 125\n'],
  ]
  await Promise.all(
    ends.map(async ([word, letters, code, finish]) => {
      const site = new Site(t, 'svscan', { sv: { run: obedient, essential: '', ...(finish !== undefined && { finish }) }, other: { run: forever } })
      await count(site, 'starts', 1)
      const other = await site.up('other')
      // what is started again, or taken down, has not ended for good
      if (finish === undefined) {
        tell(site, '1')
        await count(site, 'starts', 2)
        site.send('d')
        await site.recorded('down', ({ state }) => state === 'down')
        site.send('u')
        await count(site, 'starts', 3)
      }
      if (letters !== '') {
        site.send(letters)
        await site.recorded('once', ({ want }) => want === 'once')
      }
      tell(site, word)
      await site.supervisor.exited
      t.equal(site.supervisor.exitCode, code, `${word}${finish === undefined ? '' : ', failed'}`)
      t.notOk(isAlive(other))
      t.equal(site.record('other')!.state, 'left')
    }),
  )
})
