/** What the rules look at: all that was gathered of a service directory. Texts and paths are byte strings. */
import type { Command, Link, Script } from '@daemontools-ts/runscript'
import type { Want } from '@daemontools-ts/servicedir'

export interface FileFact {
  /** Of what a symbolic link leads to; `dangling`: to nothing. */
  type: 'file' | 'directory' | 'fifo' | 'dangling' | 'other'
  /** Permission bits. */
  mode: number
  uid: number
  gid: number
  /** Bytes. */
  size: number
  /** Device and inode. */
  identity: string
  /** Where a symbolic link leads, as it is written. */
  target?: string | undefined
  /** Its beginning, of files that matter for what they hold. */
  text?: string | undefined
}

/** A program of the directory: run, finish or check. */
export interface ScriptFact {
  name: string
  file: FileFact
  text: string
  /** Behind `#!`, undefined if there is none. */
  interpreter: string | undefined
  /** It is for a shell, as far as we can read it. */
  isShell: boolean
  script: Script
  /** Commands of programs, with their chains. */
  calls: readonly Call[]
}

export interface Call {
  command: Command
  chain: readonly Link[]
  /** The program that does the work. */
  last: Link
  /** It becomes the process that is supervised: by `exec`, or as the last thing that the script does. */
  isMain: boolean
}

export interface AccountFact {
  uid: number
  gid: number
}

/** A service directory, or its log. */
export interface Unit {
  path: string
  name: string
  isLog: boolean
  directory: FileFact
  /** By name; those in supervise/, env/ and log/ with the folder before it. */
  entries: ReadonlyMap<string, FileFact>
  scripts: readonly ScriptFact[]
  log: Unit | undefined
  /** Accounts that the scripts name; undefined: there is none. */
  accounts: ReadonlyMap<string, AccountFact | undefined>
  /** Paths that the scripts name, absolute. */
  paths: ReadonlyMap<string, FileFact | undefined>
  /** Programs that the scripts name without a path: whether they are on the PATH of svscanboot. */
  programs: ReadonlyMap<string, boolean>
  /** What supervise says, if it runs. */
  status: { pid: number; want: Want } | undefined
  isReadOnly: boolean
  /** Who asks. */
  uid: number
}

export function scriptOf(unit: Unit, name = 'run'): ScriptFact | undefined {
  return unit.scripts.find((script) => script.name === name)
}

/** The scripts of the shell, which can be read. */
export function shellScripts({ scripts }: Unit): readonly ScriptFact[] {
  return scripts.filter(({ isShell }) => isShell)
}

/** Every call of every script, with the script. */
export function callsOf(unit: Unit): { script: ScriptFact; call: Call }[] {
  return shellScripts(unit).flatMap((script) => script.calls.map((call) => ({ script, call })))
}

export function pathIn(unit: Unit, name: string): string {
  return `${unit.path}/${name}`
}

/** A path of a script, which runs in its service directory. */
export function resolveIn(unit: Unit, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${unit.path}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Whether the mode lets an account do all of these (4 read, 2 write, 1 search or execute). */
export function allows({ mode, uid, gid }: FileFact, account: AccountFact, wanted: number): boolean {
  if (account.uid === 0) return true
  const shift = account.uid === uid ? 6 : account.gid === gid ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}
