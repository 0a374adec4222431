/** Real processes, each ended when its test is. */
import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import * as fs from 'node:fs'
import type { Test } from 'tap'
import { until } from './until.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

export interface StartOptions {
  cwd?: string
  /** The whole environment; default: ours. */
  env?: NodeJS.ProcessEnv
  /** Written to its standard input, which is then closed. Default: /dev/null. */
  input?: string | Buffer
  /** Descriptors in place of the captured ones. */
  stdio?: StdioOptions
  /** It stays in our session and process group: for what looks at these, and starts nothing that outlives it. */
  inOurSession?: boolean
}

/** Groups whose end is not yet certain: ended at the latest with this process, when a timeout kept a test from its teardown. */
const groups = new Set<number>()
process.once('exit', () => {
  for (let round = 0; round < 20; round++) for (const group of groups) killMembers(group)
})

/** A program that runs in a process group of its own, with all that it starts. Its output is read as latin1. */
export class Process {
  readonly #child: ChildProcess
  #stdout = ''
  #stderr = ''
  /** It has ended and nobody has its output open any more: services that outlive it may. */
  readonly ended: Promise<Ended>
  readonly exited: Promise<void>

  constructor(t: Test, file: string, args: readonly string[], options: StartOptions = {}) {
    const { cwd, env, input, inOurSession } = options
    const stdio = options.stdio ?? [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe']
    const child = spawn(file, args, { cwd, env: env ?? process.env, detached: inOurSession !== true, stdio })
    this.#child = child
    if (inOurSession !== true && child.pid !== undefined) groups.add(child.pid)
    child.stdout?.on('data', (piece: Buffer) => void (this.#stdout += piece.toString('latin1')))
    child.stderr?.on('data', (piece: Buffer) => void (this.#stderr += piece.toString('latin1')))
    child.stdin?.on('error', () => undefined).end(input)
    this.exited = new Promise((resolve, reject) => child.once('error', reject).once('exit', () => resolve()))
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }))
    })
    this.exited.catch(() => undefined)
    this.ended.catch(() => undefined)
    t.teardown(async () => {
      if (inOurSession === true) child.kill('SIGKILL')
      else if (child.pid !== undefined) await endGroup(child.pid)
      child.stdout?.destroy()
      child.stderr?.destroy()
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Null while it runs, or when a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

/** Runs a program to its end. */
export function run(t: Test, file: string, args: readonly string[], options: StartOptions = {}): Promise<Ended> {
  return new Process(t, file, args, options).ended
}

/** State letter of /proc/PID/stat, undefined when it is gone. */
export function stateOf(pid: number): string | undefined {
  return readStat(pid)?.state
}

export function isAlive(pid: number): boolean {
  const state = stateOf(pid)
  return state !== undefined && state !== 'Z'
}

export function parentOf(pid: number): number | undefined {
  return readStat(pid)?.parent
}

/** Ends each process of a group that we made, one by one, until there is none: a supervisor may start another meanwhile. */
async function endGroup(group: number): Promise<void> {
  await until(`the processes of group ${group} are gone`, () => killMembers(group) === 0)
  groups.delete(group)
}

/** How many there were. */
function killMembers(group: number): number {
  const members = pids().filter((pid) => isMember(pid, group) && isAlive(pid))
  for (const pid of members) kill(pid)
  return members.length
}

/** Whether it is of the session that we made. Numbers are used again: by then the session is somebody else's child. */
function isMember(pid: number, session: number): boolean {
  const stat = readStat(pid)
  if (stat?.session !== session || stat.group !== session) return false
  const parent = readStat(stat.parent)
  if (parent?.session === session) return isMember(stat.parent, session)
  return stat.parent === process.pid || stat.parent === 1
}

/** A process that cannot be taken for another which gets its number later. */
export interface Identity {
  pid: number
  /** Clock ticks since boot, as in /proc/PID/stat. */
  started: string
}

export function identify(pid: number): Identity | undefined {
  const stat = readStat(pid)
  return stat && { pid, started: stat.started }
}

export function isSame({ pid, started }: Identity): boolean {
  return isAlive(pid) && readStat(pid)?.started === started
}

export function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it is gone
  }
}

function pids(): number[] {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
}

function readStat(pid: number): { state: string; parent: number; group: number; session: number; started: string } | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the name, in parentheses, may hold anything
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, parent, group, session] = fields
    return { state: state!, parent: Number(parent), group: Number(group), session: Number(session), started: fields[19]! }
  } catch {
    return undefined
  }
}
