/**
 * svscan and supervise are killed with -9: who comes next takes up what runs, as it is. docs/protocol.md, "Taking up".
 *
 * Not tested: another boot (its name in state.json is forged), a kernel without pidfd_open, clocks that are set while nobody supervises.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { forever, House, keepLines } from './support/house.ts'
import { fixture, ours, theirs, unlessAble } from './support/implementation.ts'
import { keepersOf, oneKeeper, openFiles } from './support/keeper.ts'
import { type Identity, identify, isAlive, isSame, kill, parentOf, Process, run, type StartOptions, stateOf } from './support/process.ts'
import { forgeRecord, forgeStatus, isSupervised, readRecord, readStatus, writeControl } from './support/status.ts'
import { scratch } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = unlessAble({ theirs: ['svscan', 'supervise', 'svc', 'svok', 'svstat'], ours: ['svscan', 'supervise', 'svc'] })

/** Says each line that is written into its FIFO `ask`, and notes it; once that is there it notes its pid. */
const talker = '#!/bin/sh\n[ -p ask ] || mkfifo ask\nexec 3<>ask\necho $$ >>pids\nwhile read -r line <&3; do echo "$line"; echo "$line" >>said; done\n'
const noted = '#!/bin/sh\necho $$ >>pids\nexec sleep 100000\n'
const printSignals = `#!/bin/sh\nexec ${fixture('print-signals')} >>seen\n`
/** A logger that notes when it sees the end of its input. */
const noteEnd = '#!/bin/sh\necho $$ >>pids\ncat >>lines\necho end >>ends\n'

function say(house: House, name: string, line: string): void {
  fs.appendFileSync(join(house.elsewhere, name, 'ask'), `${line}\n`)
}

async function logged(house: House, name: string, ...lines: string[]): Promise<void> {
  await until(`${lines.at(-1)} in the log of ${name}`, () => house.lines(`${name}/log/lines`).join() === lines.join(), () => house.lines(`${name}/log/lines`).join())
}

function pidOf(house: House, name: string): number {
  return readStatus(house.dir(name))?.pid ?? 0
}

async function isDown(house: House, name: string, want: string): Promise<void> {
  await until(`${name} is down`, () => pidOf(house, name) === 0 && readStatus(house.dir(name))?.want === want)
}

/** What does not change when somebody else supervises: the status, and what state.json says of the service. */
function stateIn(dir: string) {
  const { state, pid, startTime, bootId, want, paused, restarts, since, lastExit } = readRecord(dir)!
  return { status: readStatus(dir), record: { state, pid, startTime, bootId, want, paused, restarts, since, lastExit } }
}

/** Who can take up: an svscan for all, or a supervise for each. */
const hosts = {
  svscan: { logs: true, start: (house: House, _: string[]) => [house.start()] },
  supervise: { logs: false, start: (house: House, names: string[]) => names.map((name) => new Process(house.t, `${ours.folder}/supervise`, [name], { cwd: house.folder })) },
}

for (const [host, { logs, start }] of Object.entries(hosts)) {
  t.test(`${host} is killed: up, down, once, paused, restarts and times stay, and everything goes on`, { ...able }, async (t) => {
    const mains = ['talks', 'downed', 'once', 'paused', 'signals']
    const names = logs ? [...mains, 'talks/log', 'downed/log'] : mains
    const house = new House(t, ours, (house) => {
      for (const name of ['talks', 'downed']) house.make(name, { run: talker, ...(logs && { log: noteEnd }) })
      for (const name of ['once', 'paused']) house.make(name, { run: noted })
      house.make('signals', { run: printSignals })
      for (const name of mains) house.link(name)
    }, false)
    let supervisors = start(house, mains)
    await house.up(...names)
    await until('each has noted its pid', () => ['talks', 'once', 'paused', 'downed'].every((name) => house.lines(`${name}/pids`).length === 1))
    kill(pidOf(house, 'talks'))
    await until('talks is started again', () => readRecord(house.dir('talks'))?.restarts === 1 && house.isUp('talks'))
    writeControl(house.dir('downed'), 'd')
    writeControl(house.dir('once'), 'o')
    writeControl(house.dir('paused'), 'p')
    await isDown(house, 'downed', 'd')
    await until('once and paused', () => readStatus(house.dir('once'))!.want === '\0' && readStatus(house.dir('paused'))!.paused === 1)
    await until('talks listens', () => house.lines('talks/pids').length === 2)
    await until('signals is ready', () => house.lines('signals/seen').join() === 'ready')
    const svstat = async (): Promise<string> => (await run(t, `${theirs.folder}/svstat`, names, { cwd: house.folder })).stdout.replace(/\d+ seconds/g, 'S seconds')
    const before = { states: names.map((name) => stateIn(house.dir(name))), svstat: await svstat() }

    for (const supervisor of supervisors) supervisor.signal('SIGKILL')
    for (const supervisor of supervisors) await supervisor.exited
    for (const name of names) t.notOk(isSupervised(house.dir(name)), `nobody supervises ${name}`)
    supervisors = start(house, mains)
    await house.supervised(...names)
    for (const name of names) t.equal((await run(t, `${theirs.folder}/svok`, [name], { cwd: house.folder })).code, 0, `svok ${name}`)
    t.same({ states: names.map((name) => stateIn(house.dir(name))), svstat: await svstat() }, before, 'everything is as it was')

    const svc = async ({ folder }: { folder: string }, ...args: string[]): Promise<void> => {
      const { code, stderr } = await run(t, `${folder}/svc`, args, { cwd: house.folder })
      if (code !== 0 || stderr !== '') t.fail(`svc ${args.join(' ')}: ${code} ${stderr}`)
    }
    const paused = pidOf(house, 'paused')
    t.equal(stateOf(paused), 'T', 'paused is still stopped')
    await svc(theirs, '-c', 'paused')
    await until('it goes on', () => stateOf(paused) !== 'T' && readStatus(house.dir('paused'))!.paused === 0)

    for (const [letter, signal] of Object.entries({ h: 'HUP', a: 'ALRM', i: 'INT', t: 'TERM', q: 'QUIT', 1: 'USR1', 2: 'USR2' })) {
      await svc(ours, `-${letter}`, 'signals')
      await until(`${signal} arrives`, () => house.lines('signals/seen').includes(signal))
    }
    fs.truncateSync(join(house.elsewhere, 'signals/seen'))
    const signals = pidOf(house, 'signals')
    await svc(theirs, '-d', 'signals')
    await until('TERM and CONT', () => ['TERM', 'CONT'].every((word) => house.lines('signals/seen').includes(word)))
    await until('it is wanted down', () => readStatus(house.dir('signals'))!.want === 'd')
    t.equal(pidOf(house, 'signals'), signals, 'and is up')
    await svc(theirs, '-k', 'signals')
    await isDown(house, 'signals', 'd')
    t.equal(readRecord(house.dir('signals'))!.lastExit?.unknown, true, 'nobody knows how it ended')

    await svc(theirs, '-u', 'downed')
    await house.up('downed')
    if (logs) {
      const loggers = ['talks/log', 'downed/log'].map((name) => pidOf(house, name))
      await until('downed listens', () => house.lines('downed/pids').length === 2)
      for (const name of ['talks', 'downed']) say(house, name, `hello from ${name}`)
      for (const name of ['talks', 'downed']) await logged(house, name, `hello from ${name}`)
      t.same(['talks/log', 'downed/log'].map((name) => pidOf(house, name)), loggers, 'the loggers are the same')
      t.same([house.lines('talks/log/ends'), house.lines('downed/log/ends')], [[], []], 'and saw no end')
    }

    const talks = pidOf(house, 'talks')
    kill(talks)
    await until('its end is noticed', () => house.isUp('talks') && pidOf(house, 'talks') !== talks)
    const { restarts, lastExit } = readRecord(house.dir('talks'))!
    t.same([restarts, lastExit?.unknown], [2, true])
    kill(pidOf(house, 'talks'))
    await until('the end of a child is known', () => readRecord(house.dir('talks'))?.lastExit?.signal === 'SIGKILL')
    kill(pidOf(house, 'once'), 'SIGTERM')
    await isDown(house, 'once', '\0')
    await svc(theirs, '-pc', 'once') // so it is still there
    t.equal(house.lines('once/pids').length, 1, 'once is not started again')
    t.same([house.lines('paused/pids').length, house.lines('downed/pids').length], [1, 2])
  })

  t.test(`${host} is killed, and what it supervised ends meanwhile: started once if it is wanted, otherwise not`, { ...able }, async (t) => {
    const names = ['up', 'once', 'stubborn']
    const house = new House(t, ours, (house) => {
      house.make('up', { run: noted })
      house.make('once', { run: noted })
      house.make('stubborn', { run: '#!/bin/sh\ntrap "" TERM\necho $$ >>pids\nmkfifo wait; exec 3<>wait\nread -r _ <&3\n' })
      for (const name of names) house.link(name)
    }, false)
    const supervisors = start(house, names)
    const pids = await house.up(...names)
    await until('all have begun', () => names.every((name) => house.lines(`${name}/pids`).length === 1))
    writeControl(house.dir('once'), 'o')
    writeControl(house.dir('stubborn'), 'd')
    await until('once and down', () => readStatus(house.dir('once'))!.want === '\0' && readStatus(house.dir('stubborn'))!.want === 'd')
    for (const supervisor of supervisors) supervisor.signal('SIGKILL')
    for (const supervisor of supervisors) await supervisor.exited
    for (const pid of pids) kill(pid)
    await until('all are gone', () => !pids.some(isAlive))
    start(house, names)
    const [up] = await house.up('up')
    t.not(up, pids[0])
    await until('it has begun', () => house.lines('up/pids').length === 2)
    await isDown(house, 'once', '\0')
    await isDown(house, 'stubborn', 'd')
    for (const name of names) {
      t.equal(readRecord(house.dir(name))!.lastExit?.unknown, true, `${name}: nobody knows how it ended`)
      const supervised = readRecord(house.dir(name))!.pid
      // a letter that shows, and is obeyed after all that was before
      writeControl(house.dir(name), 'p')
      await until('p is obeyed', () => readRecord(house.dir(name))?.paused)
      t.equal(readRecord(house.dir(name))!.pid, supervised)
    }
    t.same(names.map((name) => house.lines(`${name}/pids`).length), [2, 1, 1], 'the one that is wanted is started once')
    t.equal(readRecord(house.dir('up'))!.restarts, 1)
  })
}

/** What may be on disk of a process that is not the service. */
const forgeries: Record<string, (dir: string, stranger: Identity) => void> = {
  'it started at another time': (dir, { pid, started }) => {
    forgeRecord(dir, { pid, startTime: Number(started) - 1 })
    forgeStatus(dir, { pid })
  },
  'it is the process of another boot': (dir, { pid, started }) => {
    forgeRecord(dir, { pid, startTime: Number(started), bootId: '00000000-0000-0000-0000-000000000000' })
    forgeStatus(dir, { pid })
  },
  'supervise had left': (dir, { pid, started }) => {
    forgeRecord(dir, { state: 'left', pid, startTime: Number(started) })
    forgeStatus(dir, { pid, changed: Date.now() - 60_000 })
  },
  'finish was it': (dir, { pid, started }) => {
    forgeRecord(dir, { state: 'finishing', pid, startTime: Number(started) + 1, nextStart: readRecord(dir)!.since })
    forgeStatus(dir, { pid: 0 })
  },
  'only the status, of an earlier time': (dir, { pid }) => {
    fs.unlinkSync(`${dir}/supervise/state.json`)
    forgeStatus(dir, { pid, changed: Date.now() - 60_000 })
  },
  'only the status, of a later time': (dir, { pid }) => {
    fs.unlinkSync(`${dir}/supervise/state.json`)
    forgeStatus(dir, { pid, changed: Date.now() + 60_000 })
  },
  'the status of somebody else, of another time': (dir, { pid }) => forgeStatus(dir, { pid, changed: Date.now() + 60_000 }),
  'a state.json of a version to come': (dir, { pid, started }) => {
    forgeRecord(dir, { version: 2, pid, startTime: Number(started) })
    forgeStatus(dir, { pid, changed: Date.now() - 60_000 })
  },
  'half a state.json': (dir, { pid }) => {
    fs.truncateSync(`${dir}/supervise/state.json`, 100)
    forgeStatus(dir, { pid, changed: Date.now() - 60_000 })
  },
}

t.test('the number of another process is on disk: it gets no signal, and the service is started', { ...able }, async (t) => {
  const names = Object.keys(forgeries)
  const house = new House(t, ours, (house) => {
    for (const name of names) house.link(name, (house.make(name, { run: noted }), name))
  })
  const pids = await house.up(...names)
  await until('all have begun', () => names.every((name) => house.lines(`${name}/pids`).length === 1))
  await house.crash()
  for (const pid of pids) kill(pid)
  await until('all are gone', () => !pids.some(isAlive))
  const strangers = names.map(() => new Process(t, fixture('print-signals'), [], { cwd: scratch(t) }))
  await until('the strangers are ready', () => strangers.every(({ stdout }) => stdout === 'ready\n'))
  const identities = strangers.map(({ pid }) => identify(pid)!)
  names.forEach((name, index) => forgeries[name]!(house.dir(name), identities[index]!))
  house.start()
  await until('each is started', () => names.every((name) => house.lines(`${name}/pids`).length === 2 && house.isUp(name)), () => names.map((name) => `${name}: ${house.lines(`${name}/pids`).length} ${house.isUp(name)}`).join())
  for (const name of names) writeControl(house.dir(name), 'pchai12qtk')
  await until('each is started again', () => names.every((name) => house.lines(`${name}/pids`).length === 3 && house.isUp(name)), () => names.filter((name) => house.lines(`${name}/pids`).length !== 3).join())
  for (const name of names) writeControl(house.dir(name), 'dx')
  for (const name of names) await until(`${name} is given up or started afresh`, () => readRecord(house.dir(name))?.state === 'left' || house.lines(`${name}/pids`).length > 3)
  names.forEach((name, index) => {
    t.same([strangers[index]!.stdout, isSame(identities[index]!), stateOf(identities[index]!.pid)], ['ready\n', true, 'S'], `${name}: nothing was sent to it`)
  })
})

/** What may be in the directory when a C supervise starts the service. */
const pasts: Record<string, (house: House) => Promise<void>> = {
  'nobody was there before': async () => undefined,
  'ours had left': async (house) => {
    const supervise = new Process(house.t, `${ours.folder}/supervise`, ['sv'], { cwd: house.folder })
    await house.up('sv')
    writeControl(house.dir('sv'), 'dx')
    await supervise.exited
  },
  'ours was killed while it was down': async (house) => {
    const supervise = new Process(house.t, `${ours.folder}/supervise`, ['sv'], { cwd: house.folder })
    await house.up('sv')
    writeControl(house.dir('sv'), 'd')
    await isDown(house, 'sv', 'd')
    supervise.signal('SIGKILL')
    await supervise.exited
  },
  'ours was killed, and so was the service': async (house) => {
    const supervise = new Process(house.t, `${ours.folder}/supervise`, ['sv'], { cwd: house.folder })
    const [pid] = await house.up('sv')
    supervise.signal('SIGKILL')
    await supervise.exited
    kill(pid!)
    await until('gone', () => !isAlive(pid!))
  },
}

for (const [past, prepare] of Object.entries(pasts)) {
  t.test(`a C supervise is killed, its service runs on: it is taken up (${past})`, { ...able }, async (t) => {
    const house = new House(t, ours, (house) => house.link('sv', (house.make('sv', { run: noted }), 'sv')), false)
    await prepare(house)
    fs.rmSync(join(house.elsewhere, 'sv/pids'), { force: true })
    const supervise = new Process(t, `${theirs.folder}/supervise`, ['sv'], { cwd: house.folder })
    const pid = await until('up', () => house.lines('sv/pids').length === 1 && pidOf(house, 'sv'))
    // a second after the start it listens; want is then on disk
    writeControl(house.dir('sv'), 'o')
    await until('once', () => readStatus(house.dir('sv'))!.want === '\0')
    supervise.signal('SIGKILL')
    await supervise.exited
    const before = readStatus(house.dir('sv'))
    house.start()
    await house.supervised('sv')
    t.same(readStatus(house.dir('sv')), before)
    t.equal(readRecord(house.dir('sv'))!.startTime, Number(identify(pid)!.started), 'the record is of that process')
    writeControl(house.dir('sv'), 'u')
    await until('u is obeyed', () => readStatus(house.dir('sv'))!.want === 'u')
    t.same([pidOf(house, 'sv'), house.lines('sv/pids').length], [pid, 1], 'there was one start')
    kill(pid)
    await until('its end is noticed', () => house.lines('sv/pids').length === 2 && house.isUp('sv'))
  })
}

t.test('C svscan and its supervises are killed: services and loggers are taken up, and write into our pipe from their next start on', { ...able }, async (t) => {
  const names = ['sv', 'sv/log', 'other', 'other/log']
  const house = new House(t, theirs, (house) => {
    for (const name of ['sv', 'other']) house.link(name, (house.make(name, { run: talker, log: noteEnd }), name))
  })
  const pids = await house.up(...names)
  await until('they listen', () => ['sv', 'other'].every((name) => house.lines(`${name}/pids`).length === 1))
  say(house, 'sv', 'one')
  await logged(house, 'sv', 'one')
  const supervises = pids.map((pid) => parentOf(pid)!)
  await house.crash()
  for (const pid of supervises) kill(pid)
  await until('no supervise is left', () => !supervises.some(isAlive) && !names.some((name) => isSupervised(house.dir(name))))
  const before = names.map((name) => readStatus(house.dir(name)))
  house.start()
  await house.supervised(...names)
  t.same(names.map((name) => readStatus(house.dir(name))), before)
  say(house, 'sv', 'two')
  await logged(house, 'sv', 'one', 'two')
  writeControl(house.dir('sv'), 't')
  await until('the old logger has seen the end', () => house.lines('sv/log/ends').length === 1)
  await until('both are new', () => house.lines('sv/pids').length === 2 && house.lines('sv/log/pids').length === 2 && house.isUp('sv') && house.isUp('sv/log'))
  say(house, 'sv', 'three')
  await logged(house, 'sv', 'one', 'two', 'three')
  t.same(['other', 'other/log'].map((name) => pidOf(house, name)), pids.slice(2), 'the other pair has not noticed')
})

t.test('a lone supervise is killed: svscan takes its service up; then svscan is, and a supervise takes that up', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    house.link('sv', (house.make('sv', { run: talker, log: noteEnd }), 'sv'))
    house.make('other', { run: talker, log: noteEnd })
  }, false)
  let supervise = new Process(t, `${ours.folder}/supervise`, ['sv'], { cwd: house.folder })
  const [pid] = await house.up('sv')
  await until('it listens', () => house.lines('sv/pids').length === 1)
  supervise.signal('SIGKILL')
  await supervise.exited
  const before = readStatus(house.dir('sv'))
  house.link('other')
  house.start()
  await house.supervised('sv', 'sv/log', 'other', 'other/log')
  t.same(readStatus(house.dir('sv')), before, 'svscan has taken it up')
  writeControl(house.dir('sv'), 't')
  await until('it is started again', () => house.lines('sv/pids').length === 2 && house.isUp('sv') && pidOf(house, 'sv') !== pid)
  say(house, 'sv', 'now there is a log')
  await logged(house, 'sv', 'now there is a log')

  const loggers = ['sv/log', 'other/log'].map((name) => pidOf(house, name))
  const second = readStatus(house.dir('sv'))
  await house.crash()
  supervise = new Process(t, `${ours.folder}/supervise`, ['sv'], { cwd: house.folder })
  await house.supervised('sv')
  t.same(readStatus(house.dir('sv')), second, 'supervise has taken it up')
  // what others have a pipe to is none of its business
  kill(pidOf(house, 'other'))
  await until('other is gone', () => !isAlive(pidOf(house, 'other')))
  say(house, 'sv', 'still')
  await logged(house, 'sv', 'now there is a log', 'still')
  supervise.signal('SIGKILL')
  await supervise.exited
  house.start()
  await house.supervised('sv', 'sv/log', 'other', 'other/log')
  t.same(readStatus(house.dir('sv')), second, 'svscan has taken it up again')
  await until('other is started again', () => house.lines('other/pids').length === 2 && house.isUp('other'))
  t.same(['sv/log', 'other/log'].map((name) => pidOf(house, name)), loggers, 'the loggers are the same')
  t.same([house.lines('sv/log/ends'), house.lines('other/log/ends')], [[], []], 'and saw no end')
})

t.test('svscan is killed 0 to 30 ms after svc -u, 100 times: never two copies', { ...unlessAble({ theirs: [], ours: ['svscan'], files: ['/usr/bin/flock'] }) }, async (t) => {
  // A second copy finds the lock of the first; the descriptor of the lock lives as long as the process.
  const single = '#!/bin/sh\necho $$ >>pids\nexec 9>>lock\nflock -n 9 || echo $$ >>doubles\nexec sleep 100000\n'
  const rounds = 25
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const house = new House(t, ours, (house) => house.link('sv', (house.make('sv', { run: single, down: true }), 'sv')))
      const dir = house.dir('sv')
      // Not just anybody: a child of the killed one has what that had open, for an instant.
      const taken = () => until('this svscan has it', () => [...openFiles(house.svscan.pid).values()].some((path) => path.endsWith('/sv/supervise/ok')), () => house.svscan.stderr)
      const ups: boolean[] = []
      for (let round = 0; round < rounds; round++) {
        await taken()
        await isDown(house, 'sv', 'd')
        writeControl(dir, 'u')
        await pause(Math.floor(Math.random() * 31))
        await house.crash()
        house.start()
        await taken()
        const isWanted = readStatus(dir)!.want === 'u'
        if (isWanted) await until('it is up', () => house.isUp('sv') && house.lines('sv/pids').includes(`${pidOf(house, 'sv')}`))
        const alive = house.lines('sv/pids').map(Number).filter(isAlive)
        t.same(alive, isWanted ? [pidOf(house, 'sv')] : [], `round ${round}: ${isWanted ? 'one copy, and it is supervised' : 'the letter was lost, nothing runs'}`)
        ups.push(isWanted)
        writeControl(dir, 'd')
      }
      t.same(house.lines('sv/doubles'), [], 'no two copies at a time')
      return ups
    }),
  )
  const ups = outcomes.flat().filter(Boolean).length
  t.ok(ups > 0, 'some letters were obeyed')
  t.comment(`${ups} of ${4 * rounds} letters were obeyed before svscan was killed`)
})

t.test('no line is lost while svscan is killed again and again, and the service runs on', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    const notes = join(house.folder, '../notes')
    house.link('sv', (house.make('sv', { run: `#!/bin/sh\nexec ${fixture('count-lines')} ${notes}\n`, log: keepLines }), 'sv'))
  })
  const pids = await house.up('sv', 'sv/log')
  for (let time = 0; time < 5; time++) {
    const before = house.lines('sv/log/lines').length
    await until('lines arrive', () => house.lines('sv/log/lines').length > before)
    await house.crash()
    house.start()
    await house.supervised('sv', 'sv/log')
  }
  t.same(['sv', 'sv/log'].map((name) => pidOf(house, name)), pids, 'both are the same')
  writeControl(house.dir('sv'), 'd')
  await isDown(house, 'sv', 'd')
  const [run, count] = fs.readFileSync(join(house.folder, '../notes'), 'latin1').trim().split(' ').map(Number)
  const expected = Array.from({ length: count! }, (_, n) => `<${run} ${n + 1}>`)
  await until('the last line', () => house.lines('sv/log/lines').length >= count!)
  t.ok(house.lines('sv/log/lines').join() === expected.join(), `${count} lines, each once, in order`)
})

t.test('no line is lost while svscan is killed and the logger is between two runs', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    // as long as there is a file `broken` it does not start
    house.link('sv', (house.make('sv', { run: talker, log: `#!/bin/sh\n[ -e broken ] && exit 1\nexec cat >>lines\n` }), 'sv'))
  })
  const [service, logger] = await house.up('sv', 'sv/log')
  await until('it listens', () => house.lines('sv/pids').length === 1)
  say(house, 'sv', 'one')
  await logged(house, 'sv', 'one')
  fs.writeFileSync(join(house.elsewhere, 'sv/log/broken'), '')
  kill(logger!)
  await until('it cannot start', () => readRecord(house.dir('sv/log'))?.lastExit?.code === 1)
  say(house, 'sv', 'two')
  await house.crash()
  say(house, 'sv', 'three')
  await until('it is said', () => house.lines('sv/said').length === 3)
  house.start()
  await house.supervised('sv', 'sv/log')
  say(house, 'sv', 'four')
  fs.unlinkSync(join(house.elsewhere, 'sv/log/broken'))
  await logged(house, 'sv', 'one', 'two', 'three', 'four')
  t.equal(pidOf(house, 'sv'), service, 'the service is the same')
})

t.test('no line is lost when the logger ends while nobody supervises it', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => house.link('sv', (house.make('sv', { run: talker, log: keepLines }), 'sv')))
  const [service, logger] = await house.up('sv', 'sv/log')
  await until('it listens', () => house.lines('sv/pids').length === 1)
  await house.crash()
  kill(logger!)
  await until('it is gone', () => !isAlive(logger!))
  say(house, 'sv', 'to nobody')
  await until('it is said', () => house.lines('sv/said').length === 1)
  house.start()
  await house.up('sv', 'sv/log')
  await logged(house, 'sv', 'to nobody')
  t.equal(pidOf(house, 'sv'), service, 'the service is the same')
})

t.test('svscan is killed while a service is down, or it ends meanwhile: the logger sees no end', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    for (const name of ['down', 'ends']) house.link(name, (house.make(name, { run: talker, log: noteEnd }), name))
  })
  const [, ends, ...loggers] = await house.up('down', 'ends', 'down/log', 'ends/log')
  writeControl(house.dir('down'), 'd')
  await isDown(house, 'down', 'd')
  await house.crash()
  kill(ends!)
  await until('it is gone', () => !isAlive(ends!))
  house.start()
  await house.supervised('down', 'ends', 'down/log', 'ends/log')
  writeControl(house.dir('down'), 'u')
  await house.up('down', 'ends')
  await until('both listen', () => ['down', 'ends'].every((name) => house.lines(`${name}/pids`).length === 2))
  for (const name of ['down', 'ends']) say(house, name, 'hello')
  for (const name of ['down', 'ends']) await logged(house, name, 'hello')
  t.same(['down/log', 'ends/log'].map((name) => pidOf(house, name)), loggers, 'the loggers are the same')
  t.same([house.lines('down/log/ends'), house.lines('ends/log/ends')], [[], []], 'and saw no end')
})

t.test('one keeper: the next svscan ends it and has its own, TERM ends it, QUIT leaves it', { ...able }, async (t) => {
  const names = ['one', 'one/log', 'two', 'two/log', 'none']
  const house = new House(t, ours, (house) => {
    for (const name of ['one', 'two']) house.link(name, (house.make(name, { run: forever, log: keepLines }), name))
    house.link('none', (house.make('none', { run: forever }), 'none'))
  })
  await house.up(...names)
  const first = await oneKeeper(house, names)
  await house.crash()
  t.ok(isAlive(first), 'it outlives svscan')
  house.start()
  await house.supervised(...names)
  const second = await oneKeeper(house, names, first)
  await until('the first is gone', () => !isAlive(first))
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const) kill(second, signal)
  house.svscan.signal('SIGQUIT')
  await house.svscan.exited
  t.same(keepersOf(house.elsewhere), [second], 'it stays after QUIT')
  house.start()
  await house.supervised(...names)
  await oneKeeper(house, names, second)
  house.svscan.signal('SIGTERM')
  await house.svscan.exited
  t.same([house.svscan.exitCode, keepersOf(house.elsewhere)], [0, []], 'there is none after TERM')
})

t.test('a keeper that is killed is replaced, and the next one holds what it held', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => house.link('sv', (house.make('sv', { run: talker, log: noteEnd }), 'sv')))
  const [, logger] = await house.up('sv', 'sv/log')
  await until('it listens', () => house.lines('sv/pids').length === 1)
  const first = await oneKeeper(house, ['sv', 'sv/log'])
  kill(first)
  const second = await oneKeeper(house, ['sv', 'sv/log'], first)
  // a service that comes later is held by it as well
  house.link('late', (house.make('late', { run: talker, log: noteEnd }), 'late'))
  await house.up('late', 'late/log')
  await until('it holds both pipes', () => [...openFiles(second).values()].filter((path) => path.endsWith('/supervise/log')).length === 2)
  writeControl(house.dir('sv'), 'd')
  writeControl(house.dir('late'), 'd')
  await isDown(house, 'sv', 'd')
  await isDown(house, 'late', 'd')
  await house.crash()
  house.start()
  await house.supervised('sv', 'sv/log', 'late/log')
  t.equal(pidOf(house, 'sv/log'), logger)
  t.same([house.lines('sv/log/ends'), house.lines('late/log/ends')], [[], []], 'no logger saw an end')
})

t.test('the keeper has nothing open but the pipes, whatever svscan inherited', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    for (const name of ['one', 'two']) house.link(name, (house.make(name, { run: forever, log: forever }), name))
  }, false)
  const extra = fs.openSync(join(house.folder, '../extra'), 'w')
  t.teardown(() => fs.closeSync(extra))
  const stdio: StartOptions = { stdio: ['pipe', 'pipe', 'pipe', extra, extra, 'pipe'] }
  house.start(ours, [], stdio)
  const alike = new Process(t, '/bin/sleep', ['100000'], stdio)
  const names = ['one', 'one/log', 'two', 'two/log']
  await house.up(...names)
  const keeper = await oneKeeper(house, names)
  const held = await until('it holds both pipes', () => {
    const files = openFiles(keeper)
    return [...files.values()].filter((path) => path.endsWith('/supervise/log')).length === 2 && files
  })
  const commands = held.get(0)!
  t.match(commands, /^pipe:/)
  t.equal([...openFiles(house.svscan.pid).values()].filter((path) => path === commands).length, 1, 'through its standard input svscan tells it what to hold')
  t.same([...held].sort(([a], [b]) => a - b).slice(1).map(([, path]) => path.replace(house.elsewhere, 'VAR')).sort(), ['/dev/null', '/dev/null', 'VAR/one/supervise/log', 'VAR/two/supervise/log'], 'nothing else')
  for (const name of names) {
    t.same([...openFiles(pidOf(house, name)).keys()], [...openFiles(alike.pid).keys()], `${name} has what svscan inherited, and nothing of the keeper's`)
  }
})

t.test('svscan is killed after svc -x, and the service ends meanwhile: what x asked for is done, and it is supervised anew', { ...able }, async (t) => {
  const house = new House(t, ours, (house) => {
    house.make('a', { run: forever })
    house.link('a')
  })
  const [pid] = await house.up('a')
  writeControl(house.dir('a'), 'x')
  await until('x is written down', () => readRecord(house.dir('a'))?.exiting === true)
  await house.crash()
  kill(pid!)
  await until('it is gone', () => !isAlive(pid!))
  house.start()
  await house.up('a')
  house.svscan.signal('SIGTERM')
  t.match(await house.svscan.ended, { code: 0 })
})
