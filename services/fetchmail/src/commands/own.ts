/** The configuration for somebody's mailbox: from options, and what they leave open from the person at the terminal. */
import * as fs from 'node:fs'
import { hostname } from 'node:os'
import { bytes } from '@daemontools-ts/unix'
import { ask, canAsk } from '../ask.ts'
import type { Layout } from '../layout.ts'
import { Failure, outcome } from '../outcome.ts'
import type { Own } from '../plan.ts'
import { absolute } from '../target.ts'
import { type Answers, intervalFor, type Kind, type KindName, kinds } from '../template.ts'

/** Byte strings. */
export interface Wanted {
  template: string | undefined
  server: string | undefined
  user: string | undefined
  domain: string | undefined
  recipient: string | undefined
  prefix: string | undefined
  postmaster: string | undefined
  smtp: string | undefined
  port: string | undefined
  certificate: string | undefined
  maildir: string | undefined
  passwordFile: string | undefined
}

const questions = {
  server: 'Mail server of the provider (pop.example.net): ',
  user: 'User there: ',
  domain: 'Domain of the recipients here (example.com): ',
  recipient: 'Who gets the mail here, without the domain (alice): ',
} as const

const passwordQuestion = 'Password there (it is not shown): '

/** Throws Failure if something is missing and nobody can be asked. */
export async function makeOwn(layout: Layout, wanted: Wanted, template: string): Promise<Own> {
  const kind: Kind = kinds[template as KindName]
  const answers = await completed(layout, wanted, kind)
  const write = (password: string): string => {
    try {
      return kind.write({ ...answers, password })
    } catch (why) {
      throw new Failure('unable to write the configuration: in an answer there is', { why, code: outcome.misuse })
    }
  }
  return {
    configuration: { content: write(answers.password), shown: write('********') },
    interval: intervalFor(template as KindName),
    maildir: template === 'maildir' ? answers.maildir : undefined,
  }
}

async function completed(layout: Layout, wanted: Wanted, kind: Kind): Promise<Answers> {
  const answer = async (name: keyof typeof questions): Promise<string> => {
    if (wanted[name] !== undefined) return wanted[name]
    if (!canAsk()) throw new Failure(`--${name} is missing, and there is no terminal to ask at`, { code: outcome.misuse })
    return (await ask(questions[name])).trim()
  }
  const server = await answer('server')
  const user = await answer('user')
  const recipient = kind.asks.includes('recipient') ? await answer('recipient') : ''
  const domain = kind.asks.includes('domain') ? await answer('domain') : hostname()
  return {
    server,
    user,
    domain,
    recipient,
    password: await passwordOf(wanted),
    prefix: wanted.prefix ?? `${user}-`,
    postmaster: wanted.postmaster ?? `postmaster@${domain}`,
    smtp: wanted.smtp ?? 'localhost',
    port: wanted.port,
    certificate: wanted.certificate && absolute(wanted.certificate),
    deliver: layout.directory + '/deliver',
    maildir: absolute(wanted.maildir ?? layout.directory + '/Maildir'),
  }
}

/** Never from the command line, which everybody can read in /proc. The first line of a file, or of a hidden answer. */
async function passwordOf({ passwordFile }: Wanted): Promise<string> {
  if (passwordFile === undefined) {
    if (!canAsk()) throw new Failure('--password-file is missing, and there is no terminal to ask at', { code: outcome.misuse })
    return await ask(passwordQuestion, true)
  }
  try {
    return fs.readFileSync(bytes(passwordFile), 'latin1').split(/\r?\n/)[0]!
  } catch (why) {
    throw new Failure(`unable to read ${passwordFile}`, { why })
  }
}
