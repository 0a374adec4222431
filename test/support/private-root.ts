/**
 * The machine's own files with another `/` above them, in a mount namespace: so that there can be a /service and a /usr/local that nobody
 * else sees. What is in the scratch folders has the same path inside and outside.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { endNamespace, inhabitants } from './namespace.ts'
import { type Ended, Process, run, type StartOptions } from './process.ts'
import { scratch } from './tree.ts'
import { until } from './until.ts'

// /service is a folder of the new root itself, so it can be looked at from outside.
const furnish = `
set -e
for path in /*; do
  if [ -h "$path" ]; then cp -P "$path" "$1$path"
  elif [ -d "$path" ] && [ "$path" != /service ] && [ "$path" != /command ]; then mkdir "$1$path"; mount --rbind "$path" "$1$path"
  fi
done
mount -t tmpfs -o mode=755 tmpfs "$1/usr/local"
echo furnished
exec sleep infinity`

export class PrivateRoot {
  /** Where it is, seen from outside: /service is in it. */
  readonly folder: string
  readonly #t: Test
  readonly #holder: Process

  /** It ends with the test, and with it every process in it. */
  static async create(t: Test): Promise<PrivateRoot> {
    const folder = join(scratch(t), 'root')
    fs.mkdirSync(join(folder, 'service'), { recursive: true })
    const holder = new Process(t, 'unshare', ['--mount', 'setpriv', '--pdeathsig', 'KILL', 'sh', '-c', furnish, 'sh', folder])
    await until('the private root is furnished', () => holder.stdout === 'furnished\n', () => holder.stderr)
    return new PrivateRoot(t, folder, holder)
  }

  private constructor(t: Test, folder: string, holder: Process) {
    this.#t = t
    this.folder = folder
    this.#holder = holder
    endNamespace(t, 'the private root', holder)
  }

  get service(): string {
    return join(this.folder, 'service')
  }

  /** Starts a program that lasts. */
  start(argv: readonly string[], options: StartOptions = {}): Process {
    return new Process(this.#t, 'nsenter', [...this.#entrance, 'setpriv', '--pdeathsig', 'TERM', 'chroot', this.folder, ...argv], options)
  }

  /** Runs a program to its end. */
  run(...argv: string[]): Promise<Ended> {
    return run(this.#t, 'nsenter', [...this.#entrance, 'chroot', this.folder, ...argv])
  }

  /** The processes in it, with their command lines as ps would show them: NULs as spaces, latin1. */
  get inhabitants(): { pid: number; commandLine: string }[] {
    return inhabitants(this.#holder).map((pid) => ({ pid, commandLine: commandLine(pid) }))
  }

  get #entrance(): string[] {
    return [`--mount=/proc/${this.#holder.pid}/ns/mnt`, '--']
  }
}

/** An option of t.test: why there can be none here, `false` if there can. */
export function unlessPrivate(): string | false {
  if (process.getuid!() !== 0) return 'needs root'
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/usr/local'], { stdio: 'ignore' })
    return false
  } catch {
    return 'needs leave to make mount namespaces'
  }
}

/** Empty when the process is gone. */
export function commandLine(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
