/** The running demonstration as its steps see it: what they can do and look at. */
import { execFile } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { unpackStatus } from '@daemontools-ts/servicedir'
import { toUnix } from '@daemontools-ts/tai64'
import type { Account } from './account.ts'
import type { Delivery } from './delivery.ts'
import { furnish } from './furnish.ts'
import { type Furniture, quote } from './house.ts'
import { readPort } from './port-file.ts'
import { readDeliveries } from './smtp-sink.ts'
import { startTree, type Tree } from './tree.ts'

export interface Stage {
  /** Starts svscan. */
  open(): Promise<void>
  /** Runs what a person would type, in the demonstration's folder; what it prints. Throws Error if it fails. */
  shell(command: string): Promise<string>
  /** Looks until there is something to see. Throws Error, which says `what`, if the step's time is over or svscan has ended. */
  until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T>
  furnish(thing: Furniture): void
  /** What supervise says of a service. */
  status(service: string): Seen | undefined
  /** Where a service that writes its port down answers; undefined until it does. */
  answering(service: string): Promise<number | undefined>
  /** When the link in the scan folder was made, in milliseconds. */
  linkedAt(service: string): Promise<number>
  /** fetchmail's log. */
  log(): string
  deliveries(): Promise<readonly Delivery[]>
  /** The signal that interrupts fetchmail's sleep, as it is typed here: Debian's svc has no -1. */
  pollNow: string
  /** Whether a process would catch USR1 now. fetchmail ignores it during a poll. */
  hearsUsr1(pid: number): boolean
}

export interface Seen {
  /** 0 means down. */
  pid: number
  /** Milliseconds since 1970. */
  changed: number
}

export interface Theatre {
  folder: string
  environment: NodeJS.ProcessEnv
  account: Account | undefined
  /** The stage for one step: what waits on it gives up when the signal comes. */
  stage(signal: AbortSignal): Stage
  /** What svscan said on its stderr. */
  errors(): string
  tree(): Tree | undefined
}

/** Makes ready a folder that furnish has filled. */
export async function openTheatre(folder: string, environment: NodeJS.ProcessEnv, account: Account | undefined): Promise<Theatre> {
  const at = (path: string): string => join(folder, path)
  let tree: Tree | undefined
  // Read by its descriptor: the file may be gone by then.
  const errors = openSync(at('svscan.err'), 'a+')

  const shell = (command: string, signal?: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile('/bin/sh', ['-c', command], { cwd: folder, env: environment, signal, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr)
        else reject(error.name === 'AbortError' ? error : new Error(`${command}: ${stderr.trim() || error.message}`))
      })
    })
  const knowsUsr1 = await shell('svc -1').then(() => true, () => false)

  const stage = (signal: AbortSignal): Stage => ({
    open: async () => {
      tree = await startTree(folder, environment, errors)
    },
    shell: (command) => shell(command, signal),
    until: async (what, look) => {
      for (;;) {
        const seen = await look()
        if (seen !== undefined) return seen
        const ended = tree?.ended()
        if (ended !== undefined) throw new Error(`svscan has ended with ${ended}`)
        await delay(lookAgainMilliseconds, undefined, { signal }).catch(() => {
          throw new Error(`${what}: it did not happen in time`)
        })
      }
    },
    furnish: (thing) => furnish(folder, [thing], account),
    status: (service) => {
      const status = unpackStatus(readIfThere(at(`service/${service}/supervise/status`)) ?? Buffer.alloc(0))
      return status && { pid: status.pid, changed: toUnix(status.changed) * 1000 + status.changed.nanoseconds / 1e6 }
    },
    answering: async (service) => {
      const port = readPort(at(`service/${service}/port`))
      return port !== undefined && (await greets(port)) ? port : undefined
    },
    linkedAt: async (service) => Number(await shell(`stat -c %.3Y service/${service}`, signal)) * 1000,
    log: () => readIfThere(at('service/fetchmail/log/main/current'))?.toString('latin1') ?? '',
    deliveries: () => readDeliveries(at('delivered')),
    pollNow: knowsUsr1 ? 'svc -1 service/fetchmail' : 'kill -USR1 $(head -n 1 service/fetchmail/state/fetchmail.pid)',
    hearsUsr1: (pid) => {
      const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readIfThere(`/proc/${pid}/status`)?.toString() ?? '')?.[1] ?? '0'
      return (BigInt('0x' + caught) & usr1Bit) !== 0n
    },
  })
  return { folder, environment, account, stage, errors: () => readFileSync(`/proc/self/fd/${errors}`, 'utf8'), tree: () => tree }
}

/** The lines that make a terminal into one for trying things. */
export function shellLines({ folder, environment }: Theatre): readonly string[] {
  return [`cd ${quote(folder)}`, `export PATH=${quote((environment['PATH'] ?? '').split(':', 1)[0] ?? '')}:$PATH`]
}

const lookAgainMilliseconds = 10
const greetingMilliseconds = 1000

/** SIGUSR1 is 10 on Linux; the masks in /proc count from 1. */
const usr1Bit = 1n << 9n

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether something on a port of 127.0.0.1 speaks first, as mail servers do. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const tell = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(greetingMilliseconds, () => tell(false))
    socket.once('data', () => tell(true))
    socket.once('error', () => tell(false))
    socket.once('close', () => tell(false))
  })
}
