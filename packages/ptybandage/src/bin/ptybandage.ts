/**
 * Runs a program with its standard output and error on a terminal, so that stdio sends each line when it is written, and copies what it
 * writes to standard output. Its standard input is ours, as with the nobuf of djb's ptyget: a raw terminal has no end of file to pass on, and
 * a program that reads to the end of /dev/null or of a pipe would wait there for ever.
 */
import { constants } from 'node:os'
import { die, errnoTexts, exitCode, main, reason, say, usage } from '@daemontools-ts/command'
import {
  childProgram,
  endBySignal,
  errnoOf,
  exitNow,
  feelFileSizeLimit,
  inherited,
  openTerminal,
  prepareLauncher,
  readTerminal,
  resizeTerminal,
  restoreSignals,
  spawnOnTerminal,
  type Terminal,
  whenEnded,
  whenReadable,
  type WindowSize,
  windowSize,
} from '@daemontools-ts/unix'
import { copyOutput } from '../copy.ts'
import { writeSlowly } from '../output.ts'

/** What a supervisor or a person sends to us is for the program. STOP cannot be: it stops the copying, and the program once its terminal is full. */
const passed = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGTERM'] as const

const usualSize: WindowSize = { columns: 80, rows: 24 }

main('ptybandage', ([, ...child]) => {
  if (child[0] === undefined) usage('ptybandage', 'ptybandage child')
  restoreSignals(passed)
  feelFileSizeLimit()
  const terminal = attempt('unable to open a terminal', () => openTerminal(outerSize() ?? usualSize))
  const launcher = prepareLauncher(errnoTexts)
  const program = childProgram('ptybandage', child)

  // One that arrives before there is a program waits for this function to return.
  let pid: number | undefined
  for (const signal of [...passed, 'SIGCONT'] as const) process.on(signal, () => pid !== undefined && process.kill(pid, signal))
  process.on('SIGWINCH', () => {
    const size = outerSize()
    if (size !== undefined) resizeTerminal(terminal, size)
    if (pid !== undefined) process.kill(pid, 'SIGWINCH')
  })
  pid = attempt('unable to fork', () => spawnOnTerminal(launcher, program, terminal))
  const ended = whenEnded(pid).finally(() => (pid = undefined))
  void follow(terminal, ended)
})

/** Ends this process as the program ended, after all its output. */
async function follow(terminal: Terminal, ended: ReturnType<typeof whenEnded>): Promise<void> {
  const buffer = Buffer.alloc(65536)
  const read = (): Uint8Array | undefined => {
    const length = readTerminal(terminal, buffer)
    return length === 0 ? undefined : buffer.subarray(0, length)
  }
  try {
    await copyOutput({ read, readable: () => whenReadable(terminal.ours), ended }, writeSlowly)
  } catch (error) {
    failed(error)
  }
  const end = await ended
  if ('signal' in end) endBySignal(end.signal)
  exitNow(end.code)
}

/** Without its reader the program would be ended by SIGPIPE, unless it was told to ignore that. We go, and its terminal hangs up. */
function failed(error: unknown): never {
  const EPIPE = 32
  const { SIGPIPE } = constants.signals
  const ignored = (inherited().ignoredSignals >> BigInt(SIGPIPE - 1)) & 1n
  if (errnoOf(error) === EPIPE && ignored === 0n) endBySignal(SIGPIPE)
  // die() would wait for the threads that wait for the program.
  say(`ptybandage: fatal: unable to write output: ${reason(error)}`)
  exitNow(exitCode.refused)
}

/** Of the terminal that we are on, if there is one. */
function outerSize(): WindowSize | undefined {
  for (const fd of [1, 0]) {
    const size = windowSize(fd)
    if (size !== undefined) return size
  }
  return undefined
}

function attempt<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    return die('ptybandage', what, error)
  }
}
