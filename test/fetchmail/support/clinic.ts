/** Services with something wrong, side by side below roots of their own, under one svscan; and the doctor. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { ours } from '../../support/implementation.ts'
import type { Ended, Process } from '../../support/process.ts'
import { readRecord, readStatus } from '../../support/status.ts'
import { until } from '../../support/until.ts'
import type { Certificates } from './certificates.ts'
import type { Machine } from './machine.ts'

export interface Finding {
  level: 'problem' | 'warning'
  cause: string
  cure: string
}

export interface Report {
  code: number | null
  healthy: boolean
  findings: Finding[]
}

export class Clinic {
  readonly machine: Machine
  readonly certificates: Certificates
  readonly #scan: string
  readonly #svscan: Process

  /** Its svscan runs in the machine. */
  constructor(machine: Machine, certificates: Certificates) {
    this.machine = machine
    this.certificates = certificates
    this.#scan = join(machine.folder, 'scan')
    fs.mkdirSync(this.#scan)
    this.#svscan = machine.start('env', '-i', `PATH=${ours.folder}:/usr/sbin:/usr/bin:/sbin:/bin`, join(ours.folder, 'svscan'), this.#scan)
  }

  /** What svscan and the supervisors said. */
  get said(): string {
    return this.#svscan.stderr
  }

  /** Runs fetchmail-service for a service below a root of that name. */
  command(name: string, ...words: string[]): Promise<Ended> {
    return this.machine.run(join(ours.folder, 'fetchmail-service'), ...words, '--root', join(this.machine.folder, name))
  }

  /** Installs one for the mailbox of `example`, as a person would, in good health. */
  async admit(name: string, template = 'pop3s', ...more: string[]): Promise<Patient> {
    const secret = join(this.machine.folder, 'secret')
    fs.writeFileSync(secret, 'woolybooly\n', { mode: 0o600 })
    const where = more.includes('--server') ? [] : ['--server', 'pop.example.net']
    const installed = await this.command(name, 'install', '--template', template, ...where, '--user', 'example', '--domain', 'example.com', '--password-file', secret, '--certificate', this.certificates.authority, ...more)
    if (installed.code !== 0) throw new Error(installed.stderr)
    return new Patient(this, name)
  }

  link(patient: Patient): void {
    fs.symlinkSync(patient.directory, join(this.#scan, patient.name))
  }

  async unlink(patient: Patient): Promise<void> {
    fs.rmSync(join(this.#scan, patient.name), { force: true })
    await this.machine.run(join(ours.folder, 'svc'), '-dx', patient.directory, patient.directory + '/log')
    await until(`${patient.name} is left`, () => readStatus(patient.directory)?.pid === 0 && readRecord(patient.directory)?.state === 'left', () => this.said)
  }
}

export class Patient {
  readonly name: string
  readonly root: string
  readonly #clinic: Clinic

  constructor(clinic: Clinic, name: string) {
    this.#clinic = clinic
    this.name = name
    this.root = join(clinic.machine.folder, name)
  }

  get directory(): string {
    return this.root + '/var/svc.d/fetchmail'
  }

  get log(): string {
    return this.root + '/var/multilog/fetchmail'
  }

  at(path: string): string {
    return join(this.directory, path)
  }

  /** Has it supervised. */
  start(): void {
    this.#clinic.link(this)
  }

  stop(): Promise<void> {
    return this.#clinic.unlink(this)
  }

  /** Changes fetchmail.conf in its place: owner and mode stay. */
  edit(from: string | RegExp, to: string): void {
    const path = this.at('fetchmail.conf')
    const before = fs.readFileSync(path, 'utf8')
    const after = before.replace(from, to)
    if (after === before) throw new Error(`${from} is not in fetchmail.conf`)
    fs.writeFileSync(path, after)
  }

  get pid(): number {
    return readStatus(this.directory)?.pid ?? 0
  }

  /** Until it sleeps between two polls. */
  async sleeps(): Promise<void> {
    await this.logged(/fetchmail: sleeping at /)
  }

  async logged(pattern: RegExp): Promise<void> {
    const read = (): string => (fs.existsSync(this.log + '/current') ? fs.readFileSync(this.log + '/current', 'latin1') : '')
    await until(`${this.name} logs ${pattern}`, () => pattern.test(read()), read)
  }

  /** Until finish has said that it is not started again. */
  async givesUp(): Promise<void> {
    await until(`${this.name} gives up`, () => readRecord<{ failed: boolean; state: string }>(this.directory)?.failed === true && readStatus(this.directory)?.pid === 0, () => this.#clinic.said)
  }

  command(...words: string[]): Promise<Ended> {
    return this.#clinic.command(this.name, ...words)
  }

  async doctor(): Promise<Report> {
    const { code, stdout, stderr } = await this.command('doctor', '--json', '--timeout', '3')
    if (stdout === '') throw new Error(stderr)
    return { code, ...(JSON.parse(stdout) as Omit<Report, 'code'>) }
  }
}
