import { pause } from './pause.ts'
import { runProcessor } from './processor.ts'
import type { End } from './request.ts'
import type { Performer, Processor, Task } from './task.ts'

/** How a multilog that runs alone waits: signals and the input wait with it. */
export interface Blocking {
  pause(warning: string, why?: unknown): void
  runProcessor(processor: Processor): End
}

/** Performs a task on the spot and returns its result. */
export function perform<Result>(task: Task<Result>, blocking: Blocking = { pause, runProcessor }): Result {
  let step = task.next()
  while (step.done !== true) {
    const wait = step.value
    if (wait.for === 'pause') {
      blocking.pause(wait.warning, wait.why)
      step = task.next()
      continue
    }
    let end: End
    try {
      end = blocking.runProcessor(wait)
    } catch (error) {
      step = task.throw(error)
      continue
    }
    step = task.next(end)
  }
  return step.value
}

/** Performs each task before it returns. */
export const onTheSpot: Performer = { idle: true, do: (task) => perform(task) }
