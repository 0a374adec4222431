import { finish } from './finish.ts'
import { fatal, ignored, open, stat, type Steps } from './request.ts'
import type { Directory } from './script.ts'

/** Set on a file that is whole: on `current` when multilog has ended well, on `processed` when the processor has. */
const ownerExecute = 0o100

/** The file that lines are appended to. */
export interface Current {
  fd: number
  /** Its length, in bytes. */
  written: number
}

/**
 * Brings a log directory from whatever state it was left in to the one that logging begins from (multilog.c, restart), and
 * opens `current`.
 */
export function* recover(directory: Directory): Steps<Current> {
  const { path } = directory
  const current = yield* stat('current', fatal(`unable to stat ${path}/current`))
  if (current !== undefined && current.mode & ownerExecute) {
    const fd = yield* open('current', 'append', fatal(`unable to append to ${path}/current`))
    yield { do: 'setMode', fd, mode: 0o644, ...fatal(`unable to set mode of ${path}/current`) }
    return { fd, written: current.size }
  }
  yield { do: 'unlink', name: 'state', ...ignored }
  yield { do: 'unlink', name: 'newstate', ...ignored }
  const processed = yield* stat('processed', fatal(`unable to stat ${path}/processed`))
  if (processed !== undefined && processed.mode & ownerExecute) {
    yield { do: 'unlink', name: 'previous', ...ignored }
    yield* finish(directory, 'processed', 's')
  } else {
    yield { do: 'unlink', name: 'processed', ...ignored }
    yield* finish(directory, 'previous', 'u')
  }
  yield* finish(directory, 'current', 'u')
  const state = yield* open('state', 'truncate', fatal(`unable to write to ${path}/state`))
  yield { do: 'close', fd: state }
  const fd = yield* open('current', 'append', fatal(`unable to write to ${path}/current`))
  yield { do: 'setMode', fd, mode: 0o644, ...fatal(`unable to set mode of ${path}/current`) }
  return { fd, written: 0 }
}
