/**
 * Where a campaign or a benchmark runs: as root in namespaces of its own, for mounts and processes, which end with us whatever happens. Without that, it
 * runs as it is.
 */
import { execFileSync, spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why there can be no namespaces, or undefined. */
export function noNamespaces(): string | undefined {
  if (process.getuid!() !== 0) return 'needs root'
  try {
    execFileSync('setpriv', ['--pdeathsig', 'KILL', ...unshare, 'sh', '-c', `mount -t tmpfs tmpfs ${tmpdir()}`], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'needs leave to make namespaces'
  }
}

const unshare = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--']

/** Makes a scratch folder and removes it at the end. @param name Is in its name. */
export async function withScratch(name: string, use: (folder: string) => Promise<number>): Promise<number> {
  const folder = fs.mkdtempSync(join(tmpdir(), `daemontools-${name}-`))
  fs.chmodSync(folder, 0o755)
  const remove = (): void => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', remove)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(128 + constants.signals[signal]))
  try {
    return await use(folder)
  } finally {
    remove()
    process.off('exit', remove)
  }
}

/** Runs a command in namespaces, to its end. @param folder A tmpfs is mounted over it. @returns its exit code. */
export function runInside(argv: readonly string[], folder?: string): Promise<number> {
  // The shell is process 1 there: it collects orphans that have ended.
  const script = `${folder === undefined ? '' : 'mount -t tmpfs -o mode=755 tmpfs "$1" && '}shift && "$@"; exit $?`
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...unshare, 'sh', '-c', script, 'sh', folder ?? '', ...argv], { stdio: 'inherit' })
  const end = (): void => void child.kill('SIGKILL')
  process.once('exit', end)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('exit', end)
      resolve(code ?? 1)
    })
  })
}
