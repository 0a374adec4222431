import { errnoTexts } from '@daemontools-ts/command'
import { inherited, type Launcher, prepareLauncher, runProgram } from '@daemontools-ts/unix'
import type { End } from './request.ts'
import type { Processor } from './task.ts'

/** SIGALRM (14) and SIGTERM (15), as in a mask of signals. */
const ours = (1n << 13n) | (1n << 14n)

let launcher: Launcher | undefined

/** Runs a processor with all that multilog inherited, and SIGTERM and SIGALRM as they are by default. Throws when the system cannot. */
export function runProcessor({ command, directory, files }: Processor): End {
  launcher ??= prepareLauncher(errnoTexts, {
    ignoredSignals: inherited().ignoredSignals & ~ours,
    blockedSignals: inherited().blockedSignals & ~ours,
  })
  const program = { paths: ['/bin/sh'], args: ['sh', '-c', command], message: `multilog: fatal: unable to run ${command}: ` }
  return runProgram(launcher, program, { directory, files: { ...files } })
}
