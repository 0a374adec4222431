/** Children by spawn.c: no copy of this process is made, and the arguments are bytes. Their ends are told by children.ts. */
import { SystemError } from './errno.ts'
import { cString } from './files.ts'
import { launchRecord } from './inherited.ts'
import { bindFunctions } from './native.ts'
import { ownLibrary } from './own.ts'
import type { Launcher } from './program.ts'

export interface SpawnPlan {
  /** argv of `launch`. */
  args: readonly string[]
  /** Open files of ours that the child has too, under the same numbers, beside what we inherited. All others are closed on exec. */
  keep: readonly number[]
  /** Open files of ours and their numbers in the child, which are none of `keep`'s. */
  moves?: readonly (readonly [from: number, to: number])[]
  /** The child leads a session of its own; opened there, as standard output, the first terminal becomes that session's. */
  session?: { terminal?: string }
}

/** Starts `launch`. Returns its pid; throws the system's refusal. Every signal has its default action in it. */
export function spawnLaunch({ program }: Pick<Launcher, 'program'>, { args, keep, moves = [], session }: SpawnPlan): number {
  const pairs = [...keep.map((fd) => [fd, fd]), ...moves]
  const end = Math.max(...launchRecord().inherited.descriptors, 2) + 1
  const terminal = session?.terminal === undefined ? null : cString(session.terminal)
  const pid = getCalls().spawn(program, [...args.map(cString), null], Buffer.from(Int32Array.from(pairs.flat()).buffer), pairs.length, end, session === undefined ? 0 : 1, terminal)
  if (pid < 0) throw new SystemError('spawn', -pid)
  return pid
}

/** For a process that will hold thousands of files, before it does: without this, each start takes longer the more they are. */
export function reservePlaces({ program }: Pick<Launcher, 'program'>): void {
  getCalls().spawn_reserve(program)
}

/** Held by descriptor: the account that we have become may not be allowed to reach the folder it is in. */
export function pathOf({ program }: Pick<Launcher, 'program'>): string {
  return `/proc/self/fd/${program}`
}

interface Calls {
  spawn(program: number, args: (Buffer | null)[], moves: Buffer, count: number, end: number, session: number, terminal: Buffer | null): number
  spawn_reserve(program: number): void
}

let calls: Calls | undefined

function getCalls(): Calls {
  const declarations = {
    spawn: 'int spawn(int program, const void **args, const void *moves, int count, int end, int session, const void *terminal)',
    spawn_reserve: 'void spawn_reserve(int program)',
  }
  return (calls ??= bindFunctions<Calls>(declarations, ownLibrary()))
}
