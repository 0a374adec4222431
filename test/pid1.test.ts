/**
 * svscan as process 1, as in a container: orphans, the end in order and in time, essential services, read-only service directories.
 *
 * Not tested: a kernel that halts the machine when process 1 ends, cgroups, a /proc that is not mounted.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { Container, unlessContained } from './support/container.ts'
import { forever, House, keepLines } from './support/house.ts'
import { isStandalone, ours, unlessAble } from './support/implementation.ts'
import { isSupervised, readRecord, readStatus, writeControl } from './support/status.ts'
import { scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

// They wait more than they work.
t.jobs = 4

const able = { skip: unlessAble({ ours: ['svscan'] }).skip || unlessContained() }

/** Ends with the exit code that is written into its FIFO `ask`; once that is there it notes its pid. */
const obedient = '#!/bin/sh\n[ -p ask ] || mkfifo ask\nexec 3<>ask\necho $$ >>pids\nread -r code <&3\nexit "$code"\n'
/** Says much at its end. */
const talkative = '#!/bin/sh\ntrap \'seq 1 5000; echo end; exit\' TERM\necho begin\n[ -p wait ] || mkfifo wait; exec 3<>wait\nwhile :; do read -r _ <&3; done\n'
/** Its pipe is full most of the time. */
const slowLogger = '#!/bin/sh\nwhile read -r line; do echo "$line"; done >>lines\necho end >>ends\n'
const allLines = ['begin', ...Array.from({ length: 5000 }, (_, n) => `${n + 1}`), 'end']
/** Ignores TERM and goes on saying lines; `said` is how far it came. */
const stubborn = '#!/bin/sh\ntrap "" TERM\necho $$ >>pids\nn=0\nwhile :; do n=$((n+1)); echo "$n"; echo "$n" >>said; sleep 0.02; done\n'

/** The services of a house, not yet supervised. */
function furnish(t: Test, prepare: (house: House) => void): House {
  return new House(t, ours, prepare, false)
}

/** @param words Between `exec` and the folder. */
function svscan(house: House, words = `${ours.folder}/svscan`, before = ''): string {
  return `${before}\nexec ${words} ${house.folder}`
}

/** Waits until they are up: by their numbers inside, as their statuses have them. */
async function up(house: House, container: Container, ...names: string[]): Promise<number[]> {
  const isUp = (name: string, numbers: Set<number>): boolean => isSupervised(house.dir(name)) && numbers.has(readStatus(house.dir(name))?.pid ?? 0)
  await until(`${names.join(', ')} up`, () => {
    const numbers = new Set(container.inhabitants.map(({ number }) => number))
    return names.every((name) => isUp(name, numbers))
  }, () => container.stderr)
  return names.map((name) => readStatus(house.dir(name))!.pid)
}

t.test('10,000 orphans: each is reaped, and the end of a service is not missed among them', { ...able, skip: able.skip || unlessAble({ files: ['/usr/bin/cc'] }).skip }, async (t) => {
  const orphans = compile(scratch(t), 'make-orphans')
  const house = furnish(t, (house) => {
    house.make('storm', { run: `#!/bin/sh\n${orphans} 10000 && echo done >>done\nexec sleep 100000\n`, down: true })
    house.make('sv', { run: obedient, log: keepLines })
    for (const name of ['storm', 'sv']) house.link(name)
  })
  const container = await Container.start(t, svscan(house))
  await up(house, container, 'sv', 'sv/log')
  await until('storm is supervised', () => isSupervised(house.dir('storm')))
  t.same(container.inhabitants.filter(({ number }) => number === 1).map(({ commandLine }) => commandLine), [`svscan ${house.folder}`], 'svscan is process 1')
  writeControl(house.dir('storm'), 'o')
  for (let end = 1; end <= 3; end++) {
    await until('sv listens', () => house.lines('sv/pids').length === end)
    fs.writeFileSync(join(house.elsewhere, 'sv/ask'), `${40 + end}\n`)
    await until('its end is noticed', () => readRecord(house.dir('sv'))?.lastExit?.code === 40 + end)
  }
  await until('all orphans are made', () => house.lines('storm/done').length === 1)
  await until('sv listens', () => house.lines('sv/pids').length === 4)
  await until('nobody is left but those who shall be', () => container.inhabitants.map(({ commandLine }) => commandLine.replace(/^(launch keep)( \d+)*$/, '$1')).sort().join() === `/bin/sh ./run,cat,launch keep,sleep 100000,svscan ${house.folder}`, () => JSON.stringify(container.inhabitants.slice(0, 10)))
  container.signal('SIGTERM')
  t.same((await container.end()).code, 0)
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGPWR'] as const) {
  t.test(`${signal}: services end, then their loggers when they have read everything, exit code 0`, { ...able }, async (t) => {
    const house = furnish(t, (house) => {
      house.make('talks', { run: talkative, log: slowLogger })
      house.make('down', { run: forever, down: true, log: slowLogger })
      house.make('silent', { run: forever })
      for (const name of ['talks', 'down', 'silent']) house.link(name)
    })
    const container = await Container.start(t, svscan(house))
    await up(house, container, 'talks', 'talks/log', 'down/log', 'silent')
    await until('begun', () => house.lines('talks/log/lines').includes('begin'))
    container.signal(signal)
    if (signal === 'SIGPWR' && isStandalone) {
      // docs/design/launch.md: its runtime cannot listen to it
      const [silent] = await up(house, container, 'silent')
      writeControl(house.dir('silent'), 'k')
      await until('it goes on as before', () => ![0, silent].includes(readStatus(house.dir('silent'))!.pid))
      container.signal('SIGTERM')
    }
    const { code, stderr } = await container.end()
    t.same({ code, stderr }, { code: 0, stderr: '' })
    t.ok(house.lines('talks/log/lines').join() === allLines.join(), 'every line is there')
    t.same([house.lines('talks/log/ends'), house.lines('down/log/ends')], [['end'], ['end']], 'each logger saw the end')
    for (const name of ['talks', 'talks/log', 'down', 'down/log', 'silent']) t.same([readStatus(house.dir(name))!.pid, readRecord(house.dir(name))!.state], [0, 'left'], name)
  })
}

t.test('a service that ignores TERM is killed at the deadline, the others end in order, exit code 111', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    house.make('stubborn', { run: stubborn, log: keepLines })
    house.make('talks', { run: talkative, log: keepLines })
    house.make('deaf', { run: forever, log: '#!/bin/sh\ntrap "" TERM\nexec sleep 100000\n' })
    for (const name of ['stubborn', 'talks', 'deaf']) house.link(name)
  })
  const container = await Container.start(t, svscan(house, `${ours.folder}/svscan --stop-timeout 1`))
  await up(house, container, 'stubborn', 'stubborn/log', 'talks', 'talks/log', 'deaf', 'deaf/log')
  await until('they are at it', () => house.lines('stubborn/said').length > 0 && house.lines('talks/log/lines').length > 0)
  container.signal('SIGTERM')
  const { code, stderr } = await container.end()
  const late = (dir: string): string => `svscan: warning: ${dir} has not ended in 1 seconds, killing it\n`
  t.same({ code, stderr }, { code: 111, stderr: late('stubborn') + late('deaf/log') })
  t.ok(house.lines('talks/log/lines').join() === allLines.join(), 'the log of another is complete')
  const [said, logged] = [house.lines('stubborn/said'), house.lines('stubborn/log/lines')]
  t.same(logged.slice(0, said.length), said, 'and so is that of the one that was killed')
  t.equal(readRecord(house.dir('stubborn'))!.lastExit?.signal, 'SIGKILL')
  t.equal(house.lines('stubborn/pids').length, 1)
})

t.test('the deadline is 8 seconds by default', { ...able }, async (t) => {
  const house = furnish(t, (house) => house.link('stubborn', (house.make('stubborn', { run: stubborn, log: keepLines }), 'stubborn')))
  const container = await Container.start(t, svscan(house))
  await up(house, container, 'stubborn', 'stubborn/log')
  await until('it ignores TERM', () => house.lines('stubborn/said').length > 0)
  container.signal('SIGTERM')
  const { code, stderr } = await container.end()
  t.same({ code, stderr }, { code: 111, stderr: 'svscan: warning: stubborn has not ended in 8 seconds, killing it\n' })
})

t.test('--stop-timeout 0: there is no deadline', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    house.make('obedient', { run: `#!/bin/sh\ntrap "" TERM\n${obedient.slice('#!/bin/sh\n'.length)}`, log: keepLines })
    house.link('obedient')
  })
  const container = await Container.start(t, svscan(house, `${ours.folder}/svscan --stop-timeout 0`))
  await up(house, container, 'obedient', 'obedient/log')
  await until('it listens', () => house.lines('obedient/pids').length === 1)
  container.signal('SIGTERM')
  await until('it is wanted down', () => readStatus(house.dir('obedient'))!.want === 'd')
  t.ok(container.running, 'it waits')
  fs.writeFileSync(join(house.elsewhere, 'obedient/ask'), '3\n')
  const { code, stderr } = await container.end()
  t.same({ code, stderr }, { code: 0, stderr: '' })
})

/** How an essential service ends for good, what its finish is told, if there is one, and what the exit code of svscan is then. */
const endings: Record<string, { letters: string; code?: string; finish?: string; exit: number }> = {
  'after svc -o, with 7': { letters: 'o', code: '7', exit: 7 },
  'after svc -o, with 0': { letters: 'o', code: '0', exit: 0 },
  'after svc -o, by KILL': { letters: 'ok', exit: 137 },
  'after svc -o, by TERM': { letters: 'ot', exit: 143 },
  'finish exits 125 after 9': { letters: '', code: '9', finish: '9 0 main', exit: 9 },
  'finish exits 125 after KILL': { letters: 'k', finish: '256 9 main', exit: 137 },
}

for (const [name, { letters, code, finish, exit }] of Object.entries(endings)) {
  t.test(`an essential service ends: ${name}: everything stops, exit code ${exit}`, { ...able }, async (t) => {
    const house = furnish(t, (house) => {
      const dir = house.make('main', { run: obedient, log: keepLines })
      fs.writeFileSync(`${dir}/essential`, '')
      if (finish !== undefined) writeProgram(`${dir}/finish`, '#!/bin/sh\necho "$@"\nexit 125\n')
      house.make('talks', { run: talkative, log: slowLogger })
      for (const name of ['main', 'talks']) house.link(name)
    })
    const container = await Container.start(t, svscan(house))
    await up(house, container, 'main', 'main/log', 'talks', 'talks/log')
    await until('both have begun', () => house.lines('main/pids').length === 1 && house.lines('talks/log/lines').length === 1)
    if (finish === undefined) {
      // what ends while it is wanted up is started again, essential or not
      fs.writeFileSync(join(house.elsewhere, 'main/ask'), '5\n')
      await until('it is started again', () => house.lines('main/pids').length === 2)
    }
    writeControl(house.dir('main'), letters)
    if (code !== undefined && letters !== '') await until('the letters are obeyed', () => readStatus(house.dir('main'))!.want === '\0')
    if (code !== undefined) fs.writeFileSync(join(house.elsewhere, 'main/ask'), `${code}\n`)
    const ended = await container.end()
    t.same({ code: ended.code, stderr: ended.stderr }, { code: exit, stderr: '' })
    t.ok(house.lines('talks/log/lines').join() === allLines.join(), 'every line of another is in its log')
    if (finish !== undefined) t.same(house.lines('main/log/lines'), [finish], 'finish ran once, and wrote into the log')
  })
}

t.test('an essential service that is taken down ends nothing; and TERM after it is 0', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    fs.writeFileSync(`${house.make('main', { run: obedient })}/essential`, '')
    house.make('other', { run: obedient })
    for (const name of ['main', 'other']) house.link(name)
  })
  const container = await Container.start(t, svscan(house))
  await up(house, container, 'main', 'other')
  await until('other listens', () => house.lines('other/pids').length === 1)
  writeControl(house.dir('main'), 'd')
  await until('it is down', () => readStatus(house.dir('main'))!.pid === 0)
  fs.writeFileSync(join(house.elsewhere, 'other/ask'), '1\n')
  await until('others are started again', () => house.lines('other/pids').length === 2)
  container.signal('SIGTERM')
  t.same((await container.end()).code, 0)
})

t.test('an essential service ends, another ignores TERM: its exit code all the same', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    fs.writeFileSync(`${house.make('main', { run: obedient, down: true })}/essential`, '')
    house.make('stubborn', { run: stubborn })
    for (const name of ['main', 'stubborn']) house.link(name)
  })
  const container = await Container.start(t, svscan(house, `${ours.folder}/svscan --stop-timeout 1`), { stdio: ['ignore', 'ignore', 'pipe'] })
  await up(house, container, 'stubborn')
  await until('stubborn ignores TERM', () => house.lines('stubborn/said').length > 0)
  await until('main is supervised', () => isSupervised(house.dir('main')))
  writeControl(house.dir('main'), 'o')
  await until('main listens', () => house.lines('main/pids').length === 1)
  fs.writeFileSync(join(house.elsewhere, 'main/ask'), '7\n')
  const { code, stderr } = await container.end()
  t.same({ code, stderr }, { code: 7, stderr: 'svscan: warning: stubborn has not ended in 1 seconds, killing it\n' })
})

t.test('as another user than root', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    house.make('talks', { run: talkative, log: slowLogger })
    house.make('sv', { run: '#!/bin/sh\nid -u >>uid\n( sleep 0 & )\nexec sleep 100000\n' })
    for (const name of ['talks', 'sv']) house.link(name)
  })
  const nobody = 65534
  const container = await Container.start(t, svscan(house, `setpriv --reuid ${nobody} --regid ${nobody} --clear-groups ${ours.folder}/svscan`, `chown -R ${nobody} ${house.elsewhere}`))
  await up(house, container, 'talks', 'talks/log', 'sv')
  await until('begun', () => house.lines('talks/log/lines').length === 1 && house.lines('sv/uid').length === 1)
  t.same(house.lines('sv/uid'), [`${nobody}`])
  await until('no orphan is left', () => container.inhabitants.every(({ state }) => state !== 'Z'))
  writeControl(house.dir('sv'), 't')
  await until('it is started again', () => house.lines('sv/uid').length === 2)
  container.signal('SIGTERM')
  const { code, stderr } = await container.end()
  t.same({ code, stderr }, { code: 0, stderr: '' })
  t.ok(house.lines('talks/log/lines').join() === allLines.join(), 'every line is there')
})

t.test('read-only service directories, whose supervise/ are links into a writable file system', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    house.make('sv', { run: '#!/bin/sh\necho start\necho start >>/run/starts\nexec sleep 100000\n', log: '#!/bin/sh\nexec cat >>/run/lines\n' })
    fs.symlinkSync('/run/sv', join(house.elsewhere, 'sv/supervise'))
    fs.symlinkSync('/run/sv-log', join(house.elsewhere, 'sv/log/supervise'))
    house.link('sv')
  })
  const before = `set -e\nmount -t tmpfs tmpfs /run\nmount --bind ${house.elsewhere} ${house.elsewhere}\nmount -o remount,bind,ro ${house.elsewhere}\nmount --bind ${house.folder} ${house.folder}\nmount -o remount,bind,ro ${house.folder}`
  const container = await Container.start(t, svscan(house, `${ours.folder}/svscan`, before))
  const run = container.path('/run')
  const lines = (file: string): string[] => (fs.existsSync(`${run}/${file}`) ? fs.readFileSync(`${run}/${file}`, 'latin1').split('\n').slice(0, -1) : [])
  await until('a line is in the log', () => lines('lines').length === 1, () => container.stderr)
  t.same(fs.readdirSync(`${run}/sv`).sort(), ['control', 'lock', 'log', 'ok', 'state.json', 'status'])
  t.same(fs.readdirSync(`${run}/sv-log`).sort(), ['control', 'lock', 'ok', 'state.json', 'status'])
  t.throws(() => fs.writeFileSync(join(container.path(house.elsewhere), 'sv/x'), ''), { code: 'EROFS' }, 'the directory is read-only')
  // no clients in there: the letter as a byte
  fs.writeFileSync(`${run}/sv/control`, 't')
  await until('it is started again', () => lines('starts').length === 2 && lines('lines').length === 2)
  const keepers = (): string => container.inhabitants.filter(({ commandLine }) => commandLine.startsWith('launch keep')).map(({ number }) => number).join()
  const first = keepers()
  container.signal('SIGHUP')
  await until('svscan has executed itself', () => keepers() !== first && /^\d+$/.test(keepers()), () => container.stderr)
  fs.writeFileSync(`${run}/sv/control`, 't')
  await until('and obeys', () => lines('starts').length === 3 && lines('lines').length === 3)
  const file = fs.openSync(`${run}/lines`, 'r') // it outlives the mount
  container.signal('SIGTERM')
  const { code, stderr } = await container.end()
  t.same({ code, stderr }, { code: 0, stderr: '' })
  t.equal(fs.readFileSync(file, 'latin1'), 'start\nstart\nstart\n')
  fs.closeSync(file)
})

t.test('standard input, output and error are closed at the start', { ...able }, async (t) => {
  const house = furnish(t, (house) => {
    house.make('talks', { run: talkative, log: slowLogger })
    house.make('sv', { run: '#!/bin/sh\necho start >>starts\nexec sleep 100000\n' })
    for (const name of ['talks', 'sv']) house.link(name)
    fs.symlinkSync('nowhere', house.dir('dangling')) // there is something to say
  })
  const container = await Container.start(t, `exec ${ours.folder}/svscan ${house.folder} <&- >&- 2>&-`)
  await up(house, container, 'talks', 'talks/log', 'sv')
  await until('begun', () => house.lines('talks/log/lines').length === 1)
  const keeper = (): number | undefined => readRecord(house.dir('talks'))?.keepers[0]?.pid
  const first = await until('a keeper', keeper)
  container.signal('SIGALRM')
  container.signal('SIGHUP')
  await until('it has executed itself', () => (keeper() ?? first) !== first)
  writeControl(house.dir('sv'), 't')
  await until('it is started again', () => house.lines('sv/starts').length === 2)
  container.signal('SIGTERM')
  t.same((await container.end()).code, 0)
  t.ok(house.lines('talks/log/lines').join() === allLines.join(), 'every line is there')
})
