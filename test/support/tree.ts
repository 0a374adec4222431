/** Scratch folders and service directories. */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A folder that everybody may enter, removed with the test. Ask for it before the processes that use it: teardown is last in, first out. */
export function scratch(t: Test): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'daemontools-test-'))
  fs.chmodSync(folder, 0o755)
  t.teardown(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

export interface Service {
  /** The text of ./run; none: no file. */
  run?: string
  /** The text of log/run. */
  log?: string
  /** A file `down`. */
  down?: boolean
}

/** Makes a service directory and returns its path. */
export function makeService(folder: string, name: string, { run, log, down }: Service): string {
  const dir = join(folder, name)
  fs.mkdirSync(dir, { recursive: true })
  if (log !== undefined) makeService(dir, 'log', { run: log })
  if (down === true) fs.writeFileSync(join(dir, 'down'), '')
  if (run !== undefined) writeProgram(join(dir, 'run'), run)
  return dir
}

export function writeProgram(path: string, text: string): void {
  fs.writeFileSync(path, text)
  fs.chmodSync(path, 0o755)
}

/** What is in a folder: each name with its type, mode and, for a plain file, size. */
export function listing(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder).sort().map((name): [string, string] => {
    const stat = fs.lstatSync(join(folder, name))
    const type = stat.isFIFO() ? 'fifo' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : `file of ${stat.size}`
    return [name, `${(stat.mode & 0o7777).toString(8)} ${type}`]
  })
  return Object.fromEntries(entries)
}
