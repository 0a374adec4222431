/** Where the logger of a service keeps its logs. Paths are byte strings. */
import * as fs from 'node:fs'
import { findLogger, parseScript } from '@daemontools-ts/runscript'
import { parseRecord, recordLength, statusLength, unpackStatus } from '@daemontools-ts/servicedir'
import { bytes, findProcess, isVisible, readLink, readStart } from '@daemontools-ts/unix'

/** More of a script nobody writes. */
const longestScript = 65536

/**
 * The log directories of a service: those that its running logger has open, or else those that log/run names. None if it has no logger, or
 * neither can be seen.
 * @param service Its directory.
 */
export function findLogDirectories(service: string): string[] {
  const log = `${service}/log`
  const open = runningLogger(log).flatMap(openLogs)
  const found = open.length > 0 ? open : namedLogs(log)
  return [...new Set(found.map(real))].filter((path) => isLogDirectory(path))
}

/** Whether a logger has been at work here. */
export function isLogDirectory(path: string): boolean {
  return isVisible(`${path}/current`)
}

/** The logger's process, and those that it has started: log/run may have forgotten its exec. */
function runningLogger(log: string): number[] {
  const pid = pidOf(log)
  return pid === 0 || findProcess(pid) === undefined ? [] : [pid, ...childrenOf(pid)]
}

function pidOf(dir: string): number {
  try {
    return unpackStatus(bytes(readStart(`${dir}/supervise/status`, statusLength)))?.pid ?? 0
  } catch {
    return 0
  }
}

function childrenOf(pid: number): number[] {
  try {
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter((word) => word !== '').map(Number)
    return children.flatMap((child) => [child, ...childrenOf(child)])
  } catch {
    return [] // gone
  }
}

/** The directories whose `current` or `lock` a process has open. */
function openLogs(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const target = readLinkOrNothing(`/proc/${pid}/fd/${fd}`)
      return /^(\/.*)\/(?:current|lock)$/.exec(target)?.slice(1, 2) ?? []
    })
  } catch {
    return [] // it is gone, or not ours to look at
  }
}

function readLinkOrNothing(path: string): string {
  try {
    return readLink(path)
  } catch {
    return ''
  }
}

function namedLogs(log: string): string[] {
  let text: string
  try {
    text = readStart(`${log}/run`, longestScript)
  } catch {
    return []
  }
  const logger = findLogger(parseScript(text))
  if (logger?.workingDirectory?.isLiteral !== true) return []
  const { directories, workingDirectory } = logger
  return directories.filter(({ isLiteral }) => isLiteral).map((word) => below(below(log, workingDirectory!.text), word.text))
}

function below(directory: string, name: string): string {
  return name.startsWith('/') ? name : `${directory}/${name}`
}

function real(path: string): string {
  try {
    return fs.realpathSync(bytes(path), 'latin1' as BufferEncoding)
  } catch {
    return path
  }
}

/** supervise/state.json of a service; undefined if there is none to be seen. */
export function readState(service: string): ReturnType<typeof parseRecord> {
  // Whoever reads half of it reads again.
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const record = parseRecord(readStart(`${service}/supervise/state.json`, recordLength))
      if (record !== undefined) return record
    } catch {
      return undefined
    }
  }
  return undefined
}
