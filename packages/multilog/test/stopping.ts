/** Performing steps on a real disk, and stopping in the middle. */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { openFile } from '@daemontools-ts/unix'
import { type Blocking, perform } from '../src/blocking.ts'
import { Disk } from '../src/disk.ts'
import type { Request, Steps } from '../src/request.ts'
import type { Directory } from '../src/script.ts'

export const plain: Directory = { path: './d', size: 4096, count: 10, processor: undefined }

/** A processor without the launcher. */
export const runProcessor: Blocking['runProcessor'] = ({ command, directory, files }) => {
  const stdio = [files[0], files[1], 2, 'ignore', files[4], files[5]] as const
  const { status, signal } = spawnSync('/bin/sh', ['-c', command], { stdio: [...stdio], cwd: `/proc/self/fd/${directory}` })
  return signal === null ? { code: status! } : { signal: constants.signals[signal] }
}

export class Paused extends Error {}

/** A disk that waits on the spot. */
export interface TestDisk {
  perform<Result>(steps: Steps<Result>): Result
  answer(request: Request): unknown
}

/** The disk in a folder; whatever would make it pause makes it throw, unless that is told otherwise. */
export function openDisk(folder: string, pause: Blocking['pause'] = refuse): TestDisk {
  const disk = new Disk(openFile(folder, 'read'))
  const blocking = { pause, runProcessor }
  return { perform: (steps) => perform(disk.perform(steps), blocking), answer: (request) => perform(disk.answer(request), blocking) }
}

function refuse(warning: string): never {
  throw new Paused(warning)
}

/** Performs so many steps and no more. Tells the result, if that was all. */
export function stopAfter<Result>(steps: Steps<Result>, disk: TestDisk, most: number): { result: Result } | undefined {
  let step = steps.next()
  for (let count = 0; count < most && step.done !== true; count++) step = steps.next(disk.answer(step.value))
  return step.done === true ? { result: step.value } : undefined
}
