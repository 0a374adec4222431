/** Looks at a service directory, once. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { hasText, parseRecord, policyFiles, recordLength, type StateRecord, type Status, statusLength, unpackStatus } from '@daemontools-ts/servicedir'
import { bootId, findAccount, monotonic } from '@daemontools-ts/unix'
import type { Facts, LogFacts, LogFault, Presence, Reason, Supervision } from './facts.ts'
import { accountOf, findLogDirectory, readText } from './logdir.ts'
import { millisecondsOf } from './moment.ts'
import { logOf, type Place } from './place.ts'
import { readProcess } from './processes.ts'
import { faultOf } from './program.ts'
import { readReason } from './reason.ts'
import { lastWrittenAt } from './tail.ts'
import { endsSince } from './tally.ts'

/** How far back ends are counted. */
const recentMilliseconds = 60_000
/** A record is read while it is written, or its status is: then again, so many times, a millisecond apart. */
const mostReads = 10

/** All that can be seen of a service and its log. Does not throw: what may not be seen is a fact. */
export function lookAt(place: Place, root: string): Facts {
  const isLog = place.path.endsWith('/log')
  const log = join(place.path, 'log')
  return { ...lookAtOne(place, root), log: isLog || !isDirectory(log) ? undefined : lookAtLog(logOf(place), root) }
}

function lookAtOne({ name, path, isInRoot }: Place, root: string): Facts {
  const at = (file: string): string => join(path, file)
  const supervision = supervisionOf(at('supervise/ok'))
  const { status, record } = readState(at)
  const now = Date.now()
  const pid = record?.process?.pid ?? status?.pid ?? 0
  return {
    ...{ name, path, isInRoot, root, now, monotonic: monotonic(), bootId: bootId(), supervision, status, record },
    presence: presenceOf(path),
    target: linkTarget(path),
    runFault: faultOf(at('run')),
    files: readFiles(at),
    reason: reasonOf(at('supervise/reason'), record),
    recentEnds: recentEnds(at('supervise/death_tally'), now),
    processState: pid === 0 ? undefined : readProcess(pid)?.state,
    log: undefined,
  }
}

function lookAtLog(place: Place, root: string): LogFacts {
  const service = lookAtOne(place, root)
  const directory = findLogDirectory(place.path, service.status?.pid ?? 0)
  return {
    service,
    directory,
    fault: directory === undefined ? undefined : faultOfLog(directory, readText(join(place.path, 'run'))),
    lastLineAt: directory === undefined ? undefined : lastWrittenAt(directory),
  }
}

function faultOfLog(directory: string, script: string): LogFault | undefined {
  try {
    const { uid } = fs.statSync(directory)
    const account = accountOf(script)
    const owner = account === undefined ? undefined : findAccount(account)
    if (account !== undefined && owner !== undefined && owner.uid !== uid && owner.uid !== 0) return { type: 'owner', path: directory, account }
    const { bavail, ffree, files } = fs.statfsSync(directory)
    return bavail === 0 || (files > 0 && ffree === 0) ? { type: 'full', path: directory } : undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { type: 'missing', path: directory } : undefined
  }
}

/** The status, and the record if it belongs to it: somebody else's supervise may have been here since. */
function readState(at: (file: string) => string): { status: Status | undefined; record: StateRecord | undefined } {
  for (let read = 0; ; read++) {
    const status = unpackStatus(Buffer.from(readBytes(at('supervise/status'), statusLength)))
    const text = readBytes(at('supervise/state.json'), recordLength).toString('latin1')
    const record = parseRecord(text)
    // The record is written first: what does not fit together yet will in a moment.
    const fits = record !== undefined && status !== undefined && belongs(record, status)
    if (read > 0 && !fits && text !== '') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    if (fits || text === '' || read === mostReads) return { status, record: fits ? record : undefined }
  }
}

function belongs({ phase, process, changed }: StateRecord, status: Status): boolean {
  const pid = phase === 'up' ? (process?.pid ?? 0) : 0
  return pid === status.pid && changed.tai === status.changed.tai && changed.nanoseconds === status.changed.nanoseconds
}

function supervisionOf(ok: string): Supervision {
  try {
    fs.closeSync(fs.openSync(ok, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
    return 'running'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENXIO' ? 'absent' : code === 'EACCES' || code === 'EPERM' ? 'denied' : 'never'
  }
}

function presenceOf(path: string): Presence {
  try {
    if (!fs.statSync(path).isDirectory()) return 'file'
    fs.accessSync(path, fs.constants.X_OK)
    return 'directory'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES') return 'denied'
    return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? 'dangling' : 'missing'
  }
}

function readFiles(at: (file: string) => string): Map<string, string> {
  const there = ['down', ...policyFiles, 'env'].filter((name) => fs.existsSync(at(name)))
  return new Map(there.map((name) => [name, policyFiles.includes(name) && hasText(name) ? readText(at(name), 100).trim() : '']))
}

function reasonOf(path: string, record: StateRecord | undefined): Reason | undefined {
  if (record?.lastExit === undefined || !fs.existsSync(path)) return undefined
  try {
    return readReason(readText(path, 1000), fs.statSync(path).mtimeMs, millisecondsOf(record.lastExit.at))
  } catch {
    return undefined
  }
}

function recentEnds(path: string, now: number): number | undefined {
  const tally = readBytes(path, 14 * 4096)
  return tally.length === 0 ? undefined : endsSince(tally, now - recentMilliseconds)
}

/** An error costs more than a look whether it will come: of a thousand services that is most of the time. */
function readBytes(path: string, most: number): Buffer {
  if (!fs.existsSync(path)) return Buffer.alloc(0)
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      const buffer = Buffer.alloc(most)
      return buffer.subarray(0, fs.readSync(fd, buffer))
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return Buffer.alloc(0)
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? fs.readlinkSync(path) : undefined
  } catch {
    return undefined
  }
}

function isDirectory(path: string): boolean {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}
