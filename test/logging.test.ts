/**
 * Whether any line is lost between a service and its logger, whoever is ended. svscan is ours; the logger is theirs and ours.
 *
 * Not tested: a full disk, a machine that crashes.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { both, fixture, type Implementation, ours, unlessAble } from './support/implementation.ts'
import { identify, isSame, kill, Process } from './support/process.ts'
import { readStatus, writeControl } from './support/status.ts'
import { makeService, scratch } from './support/tree.ts'
import { until } from './support/until.ts'

t.jobs = 2

interface Bench {
  service: string
  logger: string
  /** The files that the logger has kept, oldest first; not exact while it turns one over. */
  files(): string[]
  /** All of it. */
  log(): string
  /** How far each run of the service came, by its own account. */
  notes(): Map<number, number>
}

function start(t: Test, { folder }: Implementation, pieces = ''): Bench {
  const scene = scratch(t)
  const service = makeService(join(scene, 'service'), 'sv', {
    run: `#!/bin/sh\nexec ${fixture('count-lines')} ${scene}/notes ${pieces}\n`,
    log: `#!/bin/sh\nexec ${folder}/multilog s100000 n10000 ${scene}/log\n`,
  })
  new Process(t, `${ours.folder}/svscan`, [join(scene, 'service')])
  const files = (): string[] => {
    // the names are times
    const names = fs.readdirSync(join(scene, 'log')).filter((name) => name.startsWith('@')).sort()
    return [...names, 'current'].map((name) => readIfThere(join(scene, 'log', name)))
  }
  return {
    service,
    logger: join(service, 'log'),
    files,
    log: () => files().join(''),
    notes: () =>
      new Map(fs.readFileSync(`${scene}/notes`, 'latin1').split('\n').slice(0, -1).map((line) => line.split(' ').map(Number) as [number, number])),
  }
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function pidOf(dir: string): number | undefined {
  const pid = readStatus(dir)?.pid
  return pid === undefined || pid === 0 ? undefined : pid
}

function hasOpen(pid: number, end: string): boolean {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`).endsWith(end))
  } catch {
    return false // a descriptor or the process is gone
  }
}

/** Ends and starts the logger again and again, whenever it is time, until told to stop; resolves to how often. */
function harass(logger: string, signal: NodeJS.Signals, isTime: () => boolean = () => true): () => Promise<number> {
  let going = true
  const done = (async () => {
    for (let times = 0; ; times++) {
      const found = await until('a logger', () => identify(pidOf(logger) ?? 0))
      const { pid } = found
      if (!going) return times
      // before that it is not a logger yet, and ours would never get there
      await until('it has its log open', () => hasOpen(pid, '/log/current') || !isSame(found))
      await until('it is time', () => isTime() || !going)
      if (isSame(found)) kill(pid, signal)
      await until('it is dead', () => !isSame(found))
      // no waiting for the second that a start by itself takes
      writeControl(logger, 'u')
      await until('the next one', () => pidOf(logger) !== undefined && pidOf(logger) !== pid)
    }
  })()
  return () => ((going = false), done)
}

/** Lets the service run so many times, each until it has written something. @param before How often it has run so far. */
async function restart(service: string, times: number, before = 0): Promise<void> {
  for (let n = before; n < before + times; n++) {
    if (n > 0) writeControl(service, 'u')
    await until('the service is up', () => pidOf(service))
    const progress = join(service, '../../notes.now')
    await until('it has written 200 lines', () => {
      const [run, number] = fs.existsSync(progress) ? fs.readFileSync(progress, 'latin1').split(' ').map(Number) : []
      return run === n + 1 && number! >= 200
    })
    writeControl(service, 'd')
    await until('the service is down', () => readStatus(service)!.pid === 0 && readStatus(service)!.want === 'd')
  }
}

function expected(notes: Map<number, number>): string[] {
  return [...notes].flatMap(([run, last]) => Array.from({ length: last }, (_, n) => `<${run} ${n + 1}>`))
}

/** The log when it ends with the last line and has been the same for two looks: nothing is being turned over. */
function whole(log: () => string, lines: readonly string[]): Promise<string> {
  let before = ''
  return until(
    'the last line is logged',
    () => {
      const text = log()
      const same = text === before
      before = text
      return same && text.endsWith(`\n${lines.at(-1)}\n`) && text
    },
    () => before.slice(-100),
  )
}

const restarts = 100
/** Bytes that a logger takes from the pipe at once. What it took and had not written when it was killed is lost. */
const mostRead = { theirs: 1024, ours: 65536 }

for (const implementation of both) {
  const able = unlessAble({ theirs: ['multilog'], ours: ['svscan', ...(implementation === ours ? ['multilog'] : [])] })

  t.test(`${restarts} restarts of a chatty service, its logger (${implementation.name}) ended by TERM again and again: every line, once, in order`, { ...able }, async (t) => {
    const { service, logger, log, notes } = start(t, implementation, 'pieces')
    await until('a service and a logger', () => pidOf(service) && pidOf(logger))
    const calm = harass(logger, 'SIGTERM')
    await restart(service, restarts)
    const ended = await calm()
    const lines = expected(notes())
    const text = await whole(log, lines)
    t.equal(notes().size, restarts, 'each run of the service ended at the end of a line')
    const logged = text.split('\n').slice(0, -1)
    const wrong = logged.findIndex((line, index) => line !== lines[index])
    t.equal(wrong, -1, `the same lines: ${logged.slice(wrong, wrong + 3).join(' | ')} where ${lines[wrong]} was due`)
    t.equal(logged.length, lines.length)
    t.comment(`${lines.length} lines, ${restarts} runs of the service, ${ended} ended loggers`)
    t.ok(ended > 10, 'the logger was ended many times')
  })

  for (const when of ['as soon as it has its log open', 'when it has written something'] as const) {
    t.test(`its logger (${implementation.name}) killed with -9 again and again, ${when}: what is lost`, { ...able }, async (t) => {
      const { service, logger, log, files, notes } = start(t, implementation)
      await until('a service and a logger', () => pidOf(service) && pidOf(logger))
      let length = 0
      const hasGrown = (): boolean => {
        const before = length
        length = log().length
        return length > before
      }
      const calm = harass(logger, 'SIGKILL', when === 'when it has written something' ? hasGrown : undefined)
      await restart(service, 60)
      const killed = await calm()
      // one more run, whose last line no killed logger has taken with it
      await restart(service, 1, 60)
      const lines = expected(notes())
      const text = await whole(log, lines)
      const position = new Map(lines.map((line, index) => [line, index]))
      const logged = text.split('\n').slice(0, -1)
      // A killed logger's file may end within a line; the next one begins, in a file of its own, wherever the pipe is.
      const torn = files().flatMap((file) => file.split('\n').slice(1, -1)).filter((line) => !position.has(line))
      const places = logged.flatMap((line) => position.get(line) ?? [])
      const missing = lines.length - places.length
      const bytes = lines.join('\n').length + 1 - text.length
      t.comment(`logger ${implementation.name}, killed ${killed} times ${when}: ${missing} of ${lines.length} lines (${bytes} bytes) missing, ${torn.length} torn ${torn.slice(0, 3).join(' | ')}`)
      const astray = places.findIndex((place, index) => index > 0 && place <= places[index - 1]!)
      t.equal(astray, -1, `what is there is in order, and nothing twice: ${logged.slice(Math.max(0, astray - 2), astray + 2).join(' | ')}`)
      t.ok(bytes <= killed * mostRead[implementation.name], `at most what one read takes, ${mostRead[implementation.name]} bytes, for each time`)
      if (implementation === ours) t.same(torn, [], 'no line is torn')
    })
  }
}
