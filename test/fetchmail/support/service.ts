/** The service and its log below a folder of their own, and those who run them. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fixture, type Implementation, ours } from '../../support/implementation.ts'
import type { Ended, Process } from '../../support/process.ts'
import { readStatus } from '../../support/status.ts'
import { writeProgram } from '../../support/tree.ts'
import { until } from '../../support/until.ts'
import { Log } from './log.ts'
import type { Machine } from './machine.ts'

/** What svscanboot sets, but for its /command. */
const elsewhere = '/usr/local/bin:/usr/local/sbin:/bin:/sbin:/usr/bin:/usr/sbin:/usr/X11R6/bin'

export interface Placed {
  run: string
  logRun: string
  configuration: string
  fetchmail: Account
  multilog: Account
}

interface Account {
  uid: number
  gid: number
}

export class FetchmailService {
  readonly log: Log
  readonly #machine: Machine
  readonly #implementation: Implementation
  #svscan: Process | undefined
  /** What the paths are below. */
  readonly root: string

  constructor(machine: Machine, root: string, implementation: Implementation = ours) {
    this.#machine = machine
    this.#implementation = implementation
    this.root = root
    this.log = new Log(this.logFolder)
  }

  get folder(): string {
    return join(this.root, 'var/svc.d/fetchmail')
  }

  get logFolder(): string {
    return join(this.root, 'var/multilog/fetchmail')
  }

  get link(): string {
    return join(this.root, 'service/fetchmail')
  }

  /** Runs fetchmail-service. */
  install(): Promise<Ended> {
    return this.#machine.run(...installer(), 'install', '--root', this.root)
  }

  /** Installs by hand, as the page says: the accounts are told by number. */
  place({ run, logRun, configuration, fetchmail, multilog }: Placed): void {
    fs.mkdirSync(join(this.folder, 'log'), { recursive: true })
    fs.mkdirSync(this.logFolder, { recursive: true })
    fs.chownSync(this.logFolder, multilog.uid, multilog.gid)
    this.replaceRun(run)
    writeProgram(join(this.folder, 'log/run'), logRun.replaceAll('/var/multilog/fetchmail', this.logFolder))
    fs.mkdirSync(join(this.folder, 'pid'))
    fs.writeFileSync(this.#configuration, configuration, { mode: 0o600 })
    for (const path of [join(this.folder, 'pid'), this.#configuration]) fs.chownSync(path, fetchmail.uid, fetchmail.gid)
  }

  /** As a careful editor: there is always a complete run. */
  replaceRun(text: string): void {
    writeProgram(join(this.folder, 'run.new'), text)
    fs.renameSync(join(this.folder, 'run.new'), join(this.folder, 'run'))
  }

  /** ln -s, which is all that svscan needs. */
  linkIt(): void {
    fs.mkdirSync(dirname(this.link), { recursive: true })
    fs.symlinkSync(this.folder, this.link)
  }

  /** Starts svscan as svscanboot would, with a limit and an ignored signal that the service must inherit. */
  svscan(): Process {
    const surroundings = 'trap "" TTOU; ulimit -S -n 256; umask 022; exec "$@"'
    const environment = `PATH=${this.#implementation.folder}:${elsewhere}`
    const svscan = join(this.#implementation.folder, 'svscan')
    return (this.#svscan = this.#machine.start('sh', '-c', surroundings, 'sh', 'env', '-i', environment, svscan, dirname(this.link)))
  }

  /** Runs svc, svok, svstat … for the service. */
  tell(command: string, ...options: string[]): Promise<Ended> {
    return this.#machine.run(join(this.#implementation.folder, command), ...options, this.folder)
  }

  /** The same for the service and its logger. */
  tellBoth(command: string, ...options: string[]): Promise<Ended> {
    return this.#machine.run(join(this.#implementation.folder, command), ...options, this.folder, this.folder + '/log')
  }

  /** Ends the service, its logger and what supervises them; svscan itself stays. */
  async stop(): Promise<Ended> {
    fs.unlinkSync(this.link)
    const ended = await this.tellBoth('svc', '-dx')
    await until('nobody supervises the service or its logger', () => !this.isSupervised)
    return ended
  }

  /** The pid that supervise publishes, 0 if it is down. */
  get pid(): number {
    return readStatus(this.folder)?.pid ?? 0
  }

  get logger(): number {
    return readStatus(join(this.folder, 'log'))?.pid ?? 0
  }

  /** Whether a supervise, of the service or of its logger, still listens. */
  get isSupervised(): boolean {
    return isListened(join(this.folder, 'supervise/ok')) || isListened(join(this.folder, 'log/supervise/ok'))
  }

  /** For the report of a failure: who runs, and what they have said. */
  describe(): string {
    const running = this.#machine.inhabitants.map((pid) => `${pid} ${fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`)
    return [`service ${this.pid}, logger ${this.logger}`, 'processes:', ...running, 'svscan said:', this.#svscan?.stderr, 'the log:', ...this.log.lines.slice(-40)].join('\n')
  }

  /** Waits for another process in the place of one. */
  async replaced(pid: number): Promise<number> {
    return await until(`another process in the place of ${pid}`, () => this.pid !== 0 && this.pid !== pid && this.pid, () => `pid ${this.pid}`)
  }

  get configuration(): string {
    return fs.readFileSync(this.#configuration, 'utf8')
  }

  /** As an editor that writes into the file: owner and mode stay. fetchmail compares whole seconds, so it is not done in the one in which it last did. */
  async configure(text: string): Promise<void> {
    const second = (): number => Math.floor(Date.now() / 1000)
    const before = second()
    await until('the next second', () => second() > before)
    fs.writeFileSync(this.#configuration, text)
    // the clock of files is a little behind
    fs.utimesSync(this.#configuration, before + 1, before + 1)
  }

  get #configuration(): string {
    return join(this.folder, 'fetchmail.conf')
  }
}

/** As svok asks. */
function isListened(fifo: string): boolean {
  try {
    fs.closeSync(fs.openSync(fifo, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK))
    return true
  } catch {
    return false
  }
}

/** The bundled command if it is there, else what the checkout has compiled. */
function installer(): string[] {
  const bundled = join(ours.folder, 'fetchmail-service')
  return fs.existsSync(bundled) ? [bundled] : [process.execPath, fixture('../../services/fetchmail/dist/src/bin/fetchmail-service.js')]
}
