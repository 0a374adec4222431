/** Looks at a service directory once, and keeps what it has seen. Paths are byte strings. */
import * as fs from 'node:fs'
import { findLogger } from '@daemontools-ts/runscript'
import { policyFiles, statusLength, unpackStatus } from '@daemontools-ts/servicedir'
import { bytes, findAccount, isVisible, openFile, readDirectory, readLink, readStart } from '@daemontools-ts/unix'
import { type AccountFact, type FileFact, resolveIn, type Unit } from './facts.ts'
import { readScript } from './script.ts'

/** What svscanboot sets. */
const bootPath = '/command:/usr/local/bin:/usr/local/sbin:/bin:/sbin:/usr/bin:/usr/sbin:/usr/X11R6/bin'.split(':')
/** No more of a file is read. */
const longestText = 1 << 17
const scripts = ['run', 'finish', 'check']
const accountLoaders = ['setuidgid', 'envuidgid', 's6-setuidgid', 's6-envuidgid']

/** @param path A service directory, absolute or not. Throws the system's refusal if it cannot be read. */
export function gather(path: string): Unit {
  const absolute = path.startsWith('/') ? path : `${process.cwd()}/${path}`
  const trimmed = resolveIn({ path: '/' } as Unit, absolute)
  const main = gatherUnit(trimmed, trimmed.slice(trimmed.lastIndexOf('/') + 1), false)
  const log = main.entries.get('log')
  return log?.type === 'directory' && log.identity !== main.directory.identity ? { ...main, log: gatherUnit(`${trimmed}/log`, main.name, true) } : { ...main, log: log?.type === 'directory' ? main : undefined }
}

function gatherUnit(path: string, name: string, isLog: boolean): Unit {
  const directory = lookAt(path)
  if (directory === undefined) fs.statSync(bytes(path)) // throws
  const entries = new Map<string, FileFact>()
  for (const entry of readDirectory(path)) add(entries, path, entry)
  for (const folder of ['supervise', 'env']) {
    if (entries.get(folder)?.type === 'directory') for (const entry of namesIn(`${path}/${folder}`)) add(entries, path, `${folder}/${entry}`)
  }
  const read = scripts.filter((script) => entries.get(script)?.type === 'file').map((script) => readScript(script, entries.get(script)!))
  const base = { path, name, isLog, directory: directory!, entries, scripts: read, log: undefined, status: statusOf(path), isReadOnly: isReadOnly(path), uid: process.getuid!() }
  return { ...base, ...lookUp({ ...base, accounts: new Map(), paths: new Map(), programs: new Map() }) }
}

/** Accounts, paths and programs that the scripts name. */
function lookUp(unit: Unit): Pick<Unit, 'accounts' | 'paths' | 'programs'> {
  const accounts = new Map<string, AccountFact | undefined>()
  const paths = new Map<string, FileFact | undefined>()
  const programs = new Map<string, boolean>()
  const seePath = (path: string): void => void paths.set(path, lookAt(path))
  const seeProgram = (word: string): void => void (word.includes('/') ? seePath(resolveIn(unit, word)) : programs.set(word, bootPath.some((folder) => isVisible(`${folder}/${word}`))))
  for (const { interpreter, calls, script } of unit.scripts) {
    for (const word of (interpreter ?? '').split(/[ \t]+/)) if (word.startsWith('/')) seePath(word)
    if (interpreter?.includes('/env ') === true) for (const word of interpreter.split(/[ \t]+/).slice(1)) if (/^[\w.+-]+$/.test(word) && !word.startsWith('-')) seeProgram(word)
    for (const { chain } of calls) {
      for (const { program, word, args } of chain) {
        if (program !== 'exec' && word.isLiteral) seeProgram(word.text)
        if (accountLoaders.includes(program) && args[0]?.isLiteral === true) accounts.set(args[0].text, accountNamed(args[0].text))
        if (program === 'chpst') for (const [at, { text }] of args.entries()) if (/^-u/.test(text)) accounts.set(...chpstAccount(text === '-u' ? args[at + 1]?.text ?? '' : text.slice(2)))
        for (const { text, isLiteral } of args) if (isLiteral && (text.includes('/') || ['envdir', 'fetchmail'].includes(program))) seePath(resolveIn(unit, text))
      }
    }
    const logger = findLogger(script)
    for (const { text } of logger?.directories ?? []) {
      const path = resolveIn(unit, text.startsWith('/') ? text : `${logger!.workingDirectory?.text ?? '.'}/${text}`)
      seePath(path)
      seePath(path.slice(0, path.lastIndexOf('/')) || '/')
    }
  }
  const supervise = unit.entries.get('supervise')?.target
  if (supervise?.startsWith('/') === true) seePath(supervise.slice(0, supervise.lastIndexOf('/')) || '/')
  return { accounts, paths, programs }
}

function accountNamed(name: string): AccountFact | undefined {
  return findAccount(name)
}

function chpstAccount(word: string): [string, AccountFact | undefined] {
  const name = word.replace(/^:.*|:.*$/g, '')
  return [name, accountNamed(name)]
}

function add(entries: Map<string, FileFact>, path: string, name: string): void {
  const entry = lookAt(`${path}/${name}`, scripts.includes(name) || policyFiles.includes(name) || name.startsWith('env/'))
  if (entry !== undefined) entries.set(name, entry)
}

/** undefined if there is nothing, or it may not be seen. */
export function lookAt(path: string, withText = false): FileFact | undefined {
  try {
    const link = fs.lstatSync(bytes(path), { bigint: true })
    const target = link.isSymbolicLink() ? readLink(path) : undefined
    const stat = fs.statSync(bytes(path), { bigint: true, throwIfNoEntry: false })
    const { mode, uid, gid, size, dev, ino } = stat ?? link
    const type = stat === undefined ? 'dangling' : stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isFIFO() ? 'fifo' : 'other'
    const fact: FileFact = { type, mode: Number(mode) & 0o7777, uid: Number(uid), gid: Number(gid), size: Number(size), identity: `${dev}:${ino}`, target }
    return withText && type === 'file' ? { ...fact, text: textOf(path) } : fact
  } catch {
    return undefined
  }
}

function textOf(path: string): string | undefined {
  try {
    return readStart(path, longestText)
  } catch {
    return undefined
  }
}

function namesIn(path: string): string[] {
  try {
    return readDirectory(path)
  } catch {
    return []
  }
}

/** undefined unless somebody supervises it: opening `ok` for writing succeeds then. */
function statusOf(path: string): Unit['status'] {
  try {
    fs.closeSync(openFile(`${path}/supervise/ok`, 'write'))
    const status = unpackStatus(bytes(readStart(`${path}/supervise/status`, statusLength)))
    return status === undefined ? undefined : { pid: status.pid, want: status.want }
  } catch {
    return undefined
  }
}

function isReadOnly(path: string): boolean {
  try {
    fs.accessSync(bytes(path), fs.constants.W_OK)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS'
  }
}

