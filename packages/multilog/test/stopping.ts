/** Performing steps on a real disk, and stopping in the middle. */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { openFile } from '@daemontools-ts/unix'
import { Disk, type RunProcessor } from '../src/disk.ts'
import type { Steps } from '../src/request.ts'
import type { Directory } from '../src/script.ts'

export const plain: Directory = { path: './d', size: 4096, count: 10, processor: undefined }

/** A processor without the launcher. */
export const runProcessor: RunProcessor = (command, directory, files) => {
  const stdio = [files[0], files[1], 2, 'ignore', files[4], files[5]] as const
  const { status, signal } = spawnSync('/bin/sh', ['-c', command], { stdio: [...stdio], cwd: `/proc/self/fd/${directory}` })
  return signal === null ? { code: status! } : { signal: constants.signals[signal] }
}

export class Paused extends Error {}

/** The disk in a folder; whatever would make it pause makes it throw. */
export function openDisk(folder: string, processor: RunProcessor = runProcessor): Disk {
  return new Disk(openFile(folder, 'read'), processor, (warning) => {
    throw new Paused(warning)
  })
}

/** Performs so many steps and no more. Tells the result, if that was all. */
export function stopAfter<Result>(steps: Steps<Result>, disk: Disk, most: number): { result: Result } | undefined {
  let step = steps.next()
  for (let count = 0; count < most && step.done !== true; count++) step = steps.next(disk.answer(step.value))
  return step.done === true ? { result: step.value } : undefined
}
