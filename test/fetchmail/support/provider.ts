/** pop.example.net: dovecot, with APOP on port 110; on request also with POP3S, IMAP and CRAM-MD5. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { type Certificate, type Certificates, names } from './certificates.ts'
import type { Machine } from './machine.ts'
import { postman } from './post-office.ts'

export interface Message {
  subject: string
  to: string
  /** What the provider noted as the recipient. */
  deliveredTo?: string
}

/** One of each kind. */
export const dayOfMail: readonly Message[] = [
  { subject: 'for alice', to: 'alice@example.com', deliveredTo: 'example-alice@example.com' },
  { subject: 'for carol', to: 'list@lists.example.org', deliveredTo: 'example-carol@example.com' },
  { subject: 'for nobody', to: 'nobodyhere@example.com', deliveredTo: 'example-nobodyhere@example.com' },
  { subject: 'for another domain', to: 'alice@example.com', deliveredTo: 'mailman@other.example.org' },
  { subject: 'without Delivered-To', to: 'alice@example.com' },
]

export class Provider {
  readonly #folder: string
  #messages = 0

  /** @param users Names with passwords. @param certificates With them it speaks TLS on ports 995 and 993, and IMAP, and lets one session have a mailbox at a time. */
  static async open(machine: Machine, users: Readonly<Record<string, string>>, certificates?: Certificates): Promise<Provider> {
    const folder = join(machine.folder, 'provider')
    fs.mkdirSync(folder)
    fs.writeFileSync(join(folder, 'users'), Object.entries(users).map(([name, password]) => `${name}:{PLAIN}${password}::::::\n`).join(''))
    fs.writeFileSync(join(folder, 'dovecot.conf'), configuration(folder) + (certificates === undefined ? '' : secured(certificates)))
    for (const user of Object.keys(users)) makeMaildir(join(folder, user))
    const dovecot = machine.start('dovecot', '-F', '-c', join(folder, 'dovecot.conf'))
    for (const port of certificates === undefined ? [110] : [110, 143, 993, 995]) await machine.listening(port, dovecot)
    return new Provider(folder)
  }

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** Puts a message into a mailbox. */
  receive(user: string, message: Message): void {
    const maildir = join(this.#folder, user)
    const name = `${++this.#messages}.test.example`
    const unfinished = join(maildir, 'tmp', name)
    fs.writeFileSync(unfinished, textOf(message))
    fs.chownSync(unfinished, postman.uid, postman.gid)
    fs.renameSync(unfinished, join(maildir, 'new', name))
  }

  /** How many messages a mailbox still holds. */
  holds(user: string): number {
    return ['new', 'cur'].reduce((sum, name) => sum + fs.readdirSync(join(this.#folder, user, name)).length, 0)
  }
}

function textOf({ subject, to, deliveredTo }: Message): string {
  const noted = deliveredTo === undefined ? [] : [`Delivered-To: ${deliveredTo}`]
  return ['Return-Path: <bob@remote.example.org>', ...noted, 'From: bob@remote.example.org', `To: ${to}`, `Subject: ${subject}`, '', 'Hello.', ''].join('\n')
}

function makeMaildir(maildir: string): void {
  for (const path of [maildir, join(maildir, 'new'), join(maildir, 'cur'), join(maildir, 'tmp')]) {
    fs.mkdirSync(path)
    fs.chownSync(path, postman.uid, postman.gid)
  }
}

// The delays are dovecot's answer to wrong passwords: 2 seconds, then more each time.
function configuration(folder: string): string {
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = pop3
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain apop
auth_failure_delay = 0
mail_location = maildir:${folder}/%u
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${postman.uid} gid=${postman.gid} home=${folder}/%u
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 110
  }
  inet_listener pop3s {
    port = 0
  }
}
`
}

/** What is different with TLS: each name has an address and a certificate of its own. */
function secured(certificates: Certificates): string {
  const pair = ({ certificate, key }: Certificate): string => `ssl_cert = <${certificate}\n  ssl_key = <${key}\n`
  return `
protocols = pop3 imap
listen = 127.0.0.1, ${Object.values(names).join(', ')}
ssl = yes
auth_mechanisms = plain apop cram-md5
${pair(certificates.good)}
${Object.entries(names).map(([kind, address]) => `local ${address} {\n  ${pair(certificates[kind as keyof typeof names])}}\n`).join('')}
protocol pop3 {
  pop3_lock_session = yes
}
service pop3-login {
  inet_listener pop3s {
    port = 995
    ssl = yes
  }
}
service imap-login {
  inet_listener imap {
    port = 143
  }
  inet_listener imaps {
    port = 993
    ssl = yes
  }
}
`
}
