import { finish } from './finish.ts'
import { open, pausing, run, type Steps } from './request.ts'
import type { Directory } from './script.ts'

/** Puts `current` among the old files, through the processor if there is one, and answers the new one's descriptor (multilog.c, fullcurrent). */
export function* rotate(directory: Directory, current: number): Steps<number> {
  const { path, processor } = directory
  yield { do: 'sync', fd: current, ...pausing(`unable to write ${path}/current to disk`) }
  yield { do: 'close', fd: current }
  yield { do: 'rename', from: 'current', to: 'previous', ...pausing(`unable to rename current to previous in directory ${path}`) }
  const fd = yield* open('current', 'append', pausing(`unable to create ${path}/current`))
  yield { do: 'setMode', fd, mode: 0o644, ...pausing(`unable to set mode of ${path}/current`) }
  yield { do: 'changeMode', name: 'previous', mode: 0o744, ...pausing(`unable to set mode of ${path}/previous`) }
  if (processor === undefined) yield* finish(directory, 'previous', 's')
  else yield* process(directory, processor)
  return fd
}

function* process(directory: Directory, command: string): Steps<void> {
  const { path } = directory
  yield* runUntilDone(path, command)
  const processed = yield* open('processed', 'append', pausing(`unable to create ${path}/processed`))
  yield { do: 'sync', fd: processed, ...pausing(`unable to write ${path}/processed to disk`) }
  yield { do: 'setMode', fd: processed, mode: 0o744, ...pausing(`unable to set mode of ${path}/processed`) }
  yield { do: 'close', fd: processed }
  const newstate = yield* open('newstate', 'append', pausing(`unable to create ${path}/newstate`))
  yield { do: 'sync', fd: newstate, ...pausing(`unable to write ${path}/newstate to disk`) }
  yield { do: 'close', fd: newstate }
  yield { do: 'unlink', name: 'previous', ...pausing(`unable to remove ${path}/previous`) }
  yield { do: 'rename', from: 'newstate', to: 'state', ...pausing(`unable to rename newstate to state in directory ${path}`) }
  yield* finish(directory, 'processed', 's')
}

function* runUntilDone(path: string, command: string): Steps<void> {
  for (;;) {
    const end = yield* run(command, pausing(`unable to fork for processor in ${path}`))
    if ('signal' in end) yield { do: 'pause', warning: `processor crashed in ${path}, pausing`, errno: 'stale' }
    else if (end.code === 0) return
    yield { do: 'pause', warning: `processor failed in ${path}, pausing` }
  }
}
