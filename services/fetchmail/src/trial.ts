/** Runs fetchmail beside the service, as its account, in a home of its own: to ask what it thinks of the configuration, or of a server. */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytes } from '@daemontools-ts/unix'
import type { Layout } from './layout.ts'
import { searchPath } from './programs.ts'
import type { Account } from './system.ts'

export interface Ran {
  /** Undefined if it could not be run, or was ended by a signal. */
  status: number | undefined
  stdout: string
  /** Both streams, as they came. */
  lines: string[]
  /** It was waiting in IDLE, and was ended: it had got that far. */
  idled: boolean
  /** It took longer than it may, and was ended. */
  timedOut: boolean
}

/** What it thinks of the configuration, without contacting anybody. The output holds the password. */
export function dumpConfiguration(layout: Layout, account: Account | undefined): Promise<Ran> {
  return run(layout, account, ['--configdump'], configurationSeconds)
}

/**
 * Logs in at one server and looks, without fetching anything.
 * @param name The server's, as the configuration polls it. @param seconds How long it may be silent.
 */
export function checkServer(layout: Layout, account: Account | undefined, name: string, seconds: number): Promise<Ran> {
  return run(layout, account, ['-v', '-d0', '--nosyslog', '--check', '--timeout', `${seconds}`, name], seconds * 4 + configurationSeconds)
}

const configurationSeconds = 10
const idle = /^fetchmail: IMAP> \S+ IDLE$/m

async function run(layout: Layout, account: Account | undefined, words: readonly string[], seconds: number): Promise<Ran> {
  const home = fs.mkdtempSync(join(tmpdir(), 'fetchmail-service.'))
  const owner = process.geteuid!() === 0 ? account : undefined
  try {
    prepareHome(layout, home, owner)
    return await start(layout, home, owner, ['-f', `${layout.directory}/fetchmail.conf`, ...words], seconds)
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
}

/** What it remembers of the messages that it has seen; but nothing that it does here is remembered. */
function prepareHome(layout: Layout, home: string, owner: Account | undefined): void {
  for (const name of ['.fetchids', '.netrc']) {
    try {
      fs.writeFileSync(join(home, name), fs.readFileSync(bytes(`${layout.directory}/pid/${name}`)), { mode: 0o600 })
      if (owner) fs.chownSync(join(home, name), owner.uid, owner.gid)
    } catch {
      // mostly there is none
    }
  }
  if (owner) fs.chownSync(home, owner.uid, owner.gid)
}

function start(layout: Layout, home: string, owner: Account | undefined, args: readonly string[], seconds: number): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn('fetchmail', args.map(text), {
      cwd: fs.existsSync(bytes(layout.directory)) ? text(layout.directory) : '/',
      env: { PATH: searchPath(), HOME: home, FETCHMAILHOME: home, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(owner ?? {}),
    })
    const ran = { stdout: '', both: '', idled: false, timedOut: false }
    const end = (): void => void child.kill('SIGTERM')
    const timer = setTimeout(() => {
      ran.timedOut = true
      end()
    }, seconds * 1000)
    const hear = (chunk: Buffer): void => {
      ran.both += chunk.toString('latin1')
      if (!ran.idled && idle.test(ran.both)) {
        ran.idled = true
        end()
      }
    }
    child.stdout.on('data', (chunk: Buffer) => (ran.stdout += chunk.toString('latin1')))
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const settle = (status: number | undefined): void => {
      clearTimeout(timer)
      const { both, ...rest } = ran
      resolve({ ...rest, status, lines: both.split('\n').filter((line) => line !== '') })
    }
    child.on('error', () => settle(undefined))
    child.on('close', (status) => settle(status ?? undefined))
  })
}

/** Node takes text, and makes UTF-8 of it. */
function text(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8')
}
