/** Children by posix_spawn(3): no copy of this process is made, and the arguments are bytes. Their ends are told by children.ts. */
import { SystemError } from './errno.ts'
import { cString } from './files.ts'
import { bindFunctions } from './native.ts'
import type { Launcher } from './program.ts'

export interface SpawnPlan {
  /** argv of `launch`. */
  args: readonly string[]
  /** Open files of ours that the child has too, under the same numbers. All others are closed on exec. */
  keep: readonly number[]
  /** Open files of ours and their numbers in the child, which are none of `keep`'s. */
  moves?: readonly (readonly [from: number, to: number])[]
  /** The child leads a session of its own; opened there, as standard output, the first terminal becomes that session's. */
  session?: { terminal?: string }
}

/** Starts `launch`. Returns its pid; throws the system's refusal. Every signal has its default action in it. */
export function spawnLaunch(launcher: Pick<Launcher, 'program'>, { args, keep, moves = [], session }: SpawnPlan): number {
  const O_RDWR = 2
  const POSIX_SPAWN_SETSIGDEF = 0x04
  const POSIX_SPAWN_SETSID = 0x80
  const calls = getCalls()
  const actions = Buffer.alloc(opaque)
  const attributes = Buffer.alloc(opaque)
  calls.posix_spawn_file_actions_init(actions)
  calls.posix_spawnattr_init(attributes)
  try {
    if (session?.terminal !== undefined) expectNone(calls.posix_spawn_file_actions_addopen(actions, 1, cString(session.terminal), O_RDWR, 0))
    // Onto itself: that takes its close-on-exec flag away, in the child only.
    for (const fd of keep) expectNone(calls.posix_spawn_file_actions_adddup2(actions, fd, fd))
    for (const [from, to] of moves) expectNone(calls.posix_spawn_file_actions_adddup2(actions, from, to))
    calls.posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | (session === undefined ? 0 : POSIX_SPAWN_SETSID))
    // All of them: glibc would otherwise leave its own two, 32 and 33, ignored.
    calls.posix_spawnattr_setsigdefault(attributes, Buffer.alloc(opaque, 0xff))
    const pid: [number] = [0]
    expectNone(calls.posix_spawn(pid, cString(pathOf(launcher)), actions, attributes, [...args.map(cString), null], [null]))
    return pid[0]
  } finally {
    calls.posix_spawn_file_actions_destroy(actions)
    calls.posix_spawnattr_destroy(attributes)
  }
}

/** These functions return the errno. */
function expectNone(errno: number): void {
  if (errno !== 0) throw new SystemError('posix_spawn', errno)
}

/** Held by descriptor: the account that we have become may not be allowed to reach the folder it is in. */
export function pathOf({ program }: Pick<Launcher, 'program'>): string {
  return `/proc/self/fd/${program}`
}

/** Enough for any C library's posix_spawn_file_actions_t and posix_spawnattr_t: 80 and 336 bytes in glibc. */
const opaque = 1024

interface Calls {
  posix_spawn(pid: [number], path: Buffer, actions: Buffer, attributes: Buffer, args: (Buffer | null)[], environment: (Buffer | null)[]): number
  posix_spawn_file_actions_adddup2(actions: Buffer, from: number, to: number): number
  posix_spawn_file_actions_addopen(actions: Buffer, fd: number, path: Buffer, flags: number, mode: number): number
  posix_spawn_file_actions_destroy(actions: Buffer): number
  posix_spawn_file_actions_init(actions: Buffer): number
  posix_spawnattr_destroy(attributes: Buffer): number
  posix_spawnattr_init(attributes: Buffer): number
  posix_spawnattr_setflags(attributes: Buffer, flags: number): number
  posix_spawnattr_setsigdefault(attributes: Buffer, signals: Buffer): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    posix_spawn: 'int posix_spawn(_Out_ int *pid, const void *path, void *actions, void *attributes, const void **argv, const void **envp)',
    posix_spawn_file_actions_adddup2: 'int posix_spawn_file_actions_adddup2(void *actions, int from, int to)',
    posix_spawn_file_actions_addopen: 'int posix_spawn_file_actions_addopen(void *actions, int fd, const void *path, int flags, unsigned int mode)',
    posix_spawn_file_actions_destroy: 'int posix_spawn_file_actions_destroy(void *actions)',
    posix_spawn_file_actions_init: 'int posix_spawn_file_actions_init(void *actions)',
    posix_spawnattr_destroy: 'int posix_spawnattr_destroy(void *attributes)',
    posix_spawnattr_init: 'int posix_spawnattr_init(void *attributes)',
    posix_spawnattr_setflags: 'int posix_spawnattr_setflags(void *attributes, short flags)',
    posix_spawnattr_setsigdefault: 'int posix_spawnattr_setsigdefault(void *attributes, const void *signals)',
  }))
}
