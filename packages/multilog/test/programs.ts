/** The two programs, and how a test runs them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Debian's, in C. */
export const reference = '/usr/bin/multilog'

/** The command as `npm run build` leaves it; another build can be tried with MULTILOG. */
export const ours = process.env['MULTILOG'] ?? fileURLToPath(new URL('../../../../dist/command/multilog', import.meta.url))
if (!existsSync(ours)) throw new Error(`${ours} is not there: run npm run build first`)

/** What tap shall say where the reference is absent; false if it is there. */
export const noReference = existsSync(reference) ? false : `${reference} is not installed`

export interface Outcome {
  code: number | null
  signal: string | null
  stderr: string
}

/** A folder of the test's own, gone after it. */
export function makeFolder(t: { teardown(undo: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'multilog-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a program in a folder; stdin is a descriptor or a pipe. What it says on stderr is collected in the answer. */
export function start(program: string, args: readonly string[], cwd: string, stdin: number | 'pipe'): { child: ChildProcess; said: () => string; end: Promise<Outcome> } {
  const child = spawn(program, args, { cwd, stdio: [stdin, 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr!.setEncoding('latin1').on('data', (text: string) => (stderr += text))
  const end = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }) as Outcome)
  return { child, said: () => stderr, end }
}

/** Runs a program on a file until it ends. */
export async function run(program: string, args: readonly string[], cwd: string, input: string): Promise<Outcome> {
  const stdin = openSync(input, 'r')
  try {
    return await start(program, args, cwd, stdin).end
  } finally {
    closeSync(stdin)
  }
}

/** Waits for something to be so, looking every few milliseconds. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
