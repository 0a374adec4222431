/**
 * A machine of its own as far as mail is concerned: mount and network namespaces with a loopback interface and nothing else, an empty
 * /run and /var/spool, and its own accounts and host names. So the ports 25 and 110 are free, no packet can leave, and nothing that
 * the real machine has is touched.
 */
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { endNamespace, inhabitants } from '../../support/namespace.ts'
import { type Ended, Process, run } from '../../support/process.ts'
import { scratch } from '../../support/tree.ts'
import { until } from '../../support/until.ts'
import { names } from './certificates.ts'

export interface Accounts {
  /** Lines of /etc/passwd, each in the place of the account of that name. */
  passwd: readonly string[]
  /** Lines of /etc/group. */
  group: readonly string[]
}

const furnish = `
set -e
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/spool
for file in passwd group hosts; do mount --bind "$1/$file" /etc/$file; done
ip link set lo up
echo furnished
exec sleep infinity`

export class Machine {
  /** Everybody may enter it. */
  readonly folder: string
  readonly #t: Test
  readonly #holder: Process

  /** It ends with the test, and with it every process in it. */
  static async create(t: Test, accounts: Accounts): Promise<Machine> {
    const folder = scratch(t)
    writeFiles(folder, accounts)
    const holder = new Process(t, 'unshare', ['--mount', '--net', 'setpriv', '--pdeathsig', 'KILL', 'sh', '-c', furnish, 'sh', folder])
    await until('the machine is furnished', () => holder.stdout === 'furnished\n', () => holder.stderr)
    return new Machine(t, folder, holder)
  }

  private constructor(t: Test, folder: string, holder: Process) {
    this.#t = t
    this.folder = folder
    this.#holder = holder
    endNamespace(t, 'the machine', holder)
  }

  /** Starts a program that lasts; TERM ends it should the test be killed. */
  start(...argv: string[]): Process {
    return new Process(this.#t, 'nsenter', [...this.#entrance, 'setpriv', '--pdeathsig', 'TERM', ...argv])
  }

  /** Runs a program to its end. */
  run(...argv: string[]): Promise<Ended> {
    return run(this.#t, 'nsenter', [...this.#entrance, ...argv])
  }

  /** Until somebody listens on a TCP port of 127.0.0.1. */
  async listening(port: number, by: Process): Promise<void> {
    await until(`a listener on port ${port}`, () => {
      if (!by.running) throw new Error(`nobody will listen on port ${port}: ${by.stderr}`)
      return this.#isListened(port)
    })
  }

  /** Until nobody does any more. */
  async deaf(port: number): Promise<void> {
    await until(`nobody on port ${port}`, () => !this.#isListened(port))
  }

  #isListened(port: number): boolean {
    const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A `
    return fs.readFileSync(`/proc/${this.#holder.pid}/net/tcp`, 'latin1').includes(address)
  }

  /** The processes in it, without the one that holds it. */
  get inhabitants(): number[] {
    return inhabitants(this.#holder)
  }

  get #entrance(): string[] {
    return [`--mount=/proc/${this.#holder.pid}/ns/mnt`, `--net=/proc/${this.#holder.pid}/ns/net`, '--']
  }
}

function writeFiles(folder: string, { passwd, group }: Accounts): void {
  fs.writeFileSync(join(folder, 'passwd'), merge('/etc/passwd', passwd))
  fs.writeFileSync(join(folder, 'group'), merge('/etc/group', group))
  fs.writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost pop.example.net mx.example.com ${hostname()}\n${Object.entries(names).map(([kind, address]) => `${address} ${kind}.example.net\n`).join('')}`)
}

function merge(file: string, lines: readonly string[]): string {
  const name = (line: string): string => line.slice(0, line.indexOf(':') + 1)
  const names = new Set(lines.map(name))
  const kept = fs.readFileSync(file, 'latin1').split('\n').filter((line) => line !== '' && !names.has(name(line)))
  return [...kept, ...lines, ''].join('\n')
}
