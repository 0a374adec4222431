/** A file that says on which port a service answers. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Listening } from './listening.ts'

/** Starts a server on the port that the file says, or on a free one and writes that down: a restart comes back to the same port. */
export async function keepPort(file: string, start: (port: number) => Promise<Listening>): Promise<Listening> {
  const listening = await start(readPort(file) ?? 0)
  writeFileSync(file + '.new', `${listening.port}\n`)
  renameSync(file + '.new', file)
  return listening
}

/** The port that a file says; undefined if there is no such file yet. */
export function readPort(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
