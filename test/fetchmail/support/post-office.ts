/** mx.example.com: OpenSMTPD on port 25, the mail server that fetchmail hands the mail to. It knows no way out. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Process } from '../../support/process.ts'
import type { Machine } from './machine.ts'

/** Debian's account `mail`, which owns the mailboxes. */
export const postman = { uid: 8, gid: 8 } as const

export class PostOffice {
  readonly #inboxes: string
  readonly #machine: Machine
  readonly #configuration: string
  #smtpd: Process

  /** @param users Its mailboxes, in example.com and localhost. @param aliases Further names, and the mailbox of each. */
  static async open(machine: Machine, users: readonly string[], aliases: Readonly<Record<string, string>> = {}): Promise<PostOffice> {
    const folder = join(machine.folder, 'post-office')
    const inboxes = join(folder, 'inboxes')
    fs.mkdirSync(inboxes, { recursive: true })
    fs.chownSync(inboxes, postman.uid, postman.gid)
    fs.writeFileSync(join(folder, 'smtpd.conf'), configuration(inboxes, users, aliases))
    const smtpd = machine.start('smtpd', '-d', '-f', join(folder, 'smtpd.conf'))
    await machine.listening(25, smtpd)
    return new PostOffice(machine, inboxes, join(folder, 'smtpd.conf'), smtpd)
  }

  private constructor(machine: Machine, inboxes: string, configuration: string, smtpd: Process) {
    this.#machine = machine
    this.#inboxes = inboxes
    this.#configuration = configuration
    this.#smtpd = smtpd
  }

  /** Nobody listens on port 25 meanwhile. */
  async closed(body: () => Promise<void>): Promise<void> {
    this.#smtpd.signal('SIGTERM')
    await this.#smtpd.exited
    await this.#machine.deaf(25)
    await body()
    this.#smtpd = this.#machine.start('smtpd', '-d', '-f', this.#configuration)
    await this.#machine.listening(25, this.#smtpd)
  }

  /** The messages in a mailbox, by their subjects, in alphabetical order. */
  inbox(name: string): Map<string, string> {
    const folder = join(this.#inboxes, name, 'new')
    const texts = fs.existsSync(folder) ? fs.readdirSync(folder).map((file) => fs.readFileSync(join(folder, file), 'utf8')) : []
    return new Map(texts.map((text): [string, string] => [/^Subject: (.*)$/m.exec(text)?.[1] ?? '', text]).sort())
  }

  /** How many messages were delivered in all. */
  get delivered(): number {
    return fs.readdirSync(this.#inboxes).reduce((sum, name) => sum + fs.readdirSync(join(this.#inboxes, name, 'new')).length, 0)
  }

  get log(): string {
    return this.#smtpd.stderr
  }
}

function configuration(inboxes: string, users: readonly string[], aliases: Readonly<Record<string, string>>): string {
  const table = (entries: readonly (readonly [string, string])[]): string => entries.map(([key, value]) => `"${key}" = "${value}"`).join(', ')
  const homes = users.map((name) => [name, `${postman.uid}:${postman.gid}:${inboxes}`] as const)
  return `
table aliases { ${table([...Object.entries(aliases), ['root', users[0]!]])} }
table homes { ${table(homes)} }
listen on 127.0.0.1 port 25 hostname mx.example.com
action "deliver" maildir "${inboxes}/%{user.username}" userbase <homes> alias <aliases>
match from any for domain { "example.com", "localhost" } action "deliver"
`
}
