/** The same script with the C programs and with ours. */
import * as fs from 'node:fs'
import type { Test } from 'tap'
import { both, type Implementation, ours, theirs } from './implementation.ts'
import { type Ended, run, type StartOptions } from './process.ts'
import { scratch } from './tree.ts'

export interface Scene extends StartOptions {
  /** For /bin/sh, in a folder of its own, with the implementation's commands in $BIN (not exported). */
  script: string
  /** Fills the folder first. */
  prepare?: (folder: string) => void
  /** A file in the folder that belongs to what is compared. */
  output?: string
}

export interface Outcome extends Pick<Ended, 'code' | 'signal' | 'stdout' | 'stderr'> {
  output: string
}

/** Plays a scene with both implementations. What differs between any two runs (pids, the folder) is replaced by words. */
export async function play(t: Test, scene: Scene): Promise<{ theirs: Outcome; ours: Outcome }> {
  const outcomes = await Promise.all(both.map((implementation) => playOne(t, scene, implementation)))
  return { theirs: outcomes[0]!, ours: outcomes[1]! }
}

/** Asserts that nothing can be told apart, and returns what there was. */
export async function same(t: Test, name: string, scene: Scene): Promise<Outcome> {
  const outcomes = await play(t, scene)
  t.same(outcomes.ours, outcomes.theirs, name)
  return outcomes.theirs
}

async function playOne(t: Test, scene: Scene, { folder: commands }: Implementation): Promise<Outcome> {
  const { script, prepare, output, ...options } = scene
  const folder = scratch(t)
  prepare?.(folder)
  const ended = await run(t, '/bin/sh', ['-c', `BIN=$1\n${script}`, 'sh', commands], { cwd: folder, ...options })
  const plain = (text: string): string =>
    text
      .replaceAll(folder, 'FOLDER')
      .replaceAll(ours.folder, 'COMMANDS')
      .replaceAll(`${theirs.folder}/`, 'COMMANDS/')
      .replace(/(socket|pipe):\[\d+\]/g, '$1:[N]')
  return { ...ended, stdout: plain(ended.stdout), stderr: plain(ended.stderr), output: output === undefined ? '' : plain(fs.readFileSync(`${folder}/${output}`, 'latin1')) }
}
