/** Checks of where the mail goes to. */
import { type Configuration, isMultidrop, type Server, type User } from '../configdump.ts'
import { shellWord } from '../layout.ts'
import type { Facts } from './facts.ts'
import { type Check, type Finding, problem, warning } from './finding.ts'
import { edit, self } from './words.ts'

export const deliveryChecks: readonly Check[] = [
  { name: 'our mail server answers', look: lookForListener },
  { name: 'it takes mail for the postmaster', look: lookForPostmaster },
  { name: 'it takes mail for those who are to have it', look: lookForRecipients },
  { name: 'it refuses mail for nobody', look: lookForNobody },
  { name: 'it has taken what came', look: lookAtRefusals },
]

/** Hardly anybody's name. */
const nobody = 'no-such-person-fetchmail-service'

export interface Asked {
  /** The mail server, as the configuration names it. */
  listener: string
  postmaster: string
  recipients: string[]
  nobody: string
}

/** What to ask which mail server; those who are handed mail by a program ask nobody. */
export function questionsOf({ postmaster, servers }: Configuration): Asked[] {
  const asked = servers.flatMap((server) => server.users.filter(({ mda, bsmtp }) => mda === undefined && bsmtp === undefined).map((user) => questionOf(postmaster, server, user)))
  return asked.filter((one, index) => asked.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index)
}

/** fetchmail(1): a name without a domain gets smtpaddress, or the name of the mail server. */
function questionOf(postmaster: string, { localdomains }: Server, user: User): Asked {
  const listener = user.smtphosts[0] ?? 'localhost'
  const domain = user.smtpaddress ?? listener.split('/')[0]!
  const whole = (name: string): string => (name.includes('@') ? name : `${name}@${domain}`)
  const names = isMultidrop(user) ? [] : user.localnames
  return { listener, postmaster: whole(postmaster === '' ? 'fetchmail' : postmaster), recipients: names.map(whole), nobody: `${nobody}@${user.smtpaddress ?? localdomains[0] ?? domain}` }
}

function lookForListener({ layout, listeners, mailServers }: Facts): Finding[] {
  return listeners.filter(({ refusal }) => refusal !== undefined).map(({ name, refusal }) => {
    const installed = mailServers[0]
    const cure =
      installed === undefined ? `apt-get install opensmtpd  # or deliver without one: ${self(layout, 'install --template maildir')}` : `systemctl start ${installed}`
    return problem(`no mail server answers at ${where(name)}: ${refusal}; mail stays at the provider`, cure)
  })
}

function lookForPostmaster(facts: Facts): Finding[] {
  return answers(facts, ({ postmaster }) => [postmaster], (answer) => !answer.startsWith('2')).map(({ recipient, answer, name }) =>
    problem(`our mail server at ${where(name)} refuses the postmaster ${recipient}: ${answer}; what nobody gets stays at the provider for ever`, edit(facts.layout, `set postmaster "...": an address that it takes`)))
}

function lookForRecipients(facts: Facts): Finding[] {
  return answers(facts, ({ recipients }) => recipients, (answer) => !answer.startsWith('2')).map(({ recipient, answer, name }) =>
    problem(`our mail server at ${where(name)} refuses ${recipient}: ${answer}`, edit(facts.layout, `is SOMEBODY here, or smtpaddress: an address that it takes`)))
}

function lookForNobody(facts: Facts): Finding[] {
  return answers(facts, (asked) => [asked.nobody], (answer) => answer.startsWith('2')).map(({ recipient, name }) =>
    warning(`our mail server at ${where(name)} takes mail for anybody, such as ${recipient}: where that goes is its secret`, `${self(facts.layout, 'dry-run')}  # then look at the mail server's queue and its list of users`))
}

function lookAtRefusals({ layout, polls: { last } }: Facts): Finding[] {
  if (last === undefined || last.refused === 0) return []
  return [problem(`of the last round's mail ${last.refused} could not be delivered: ${last.refusal ?? 'refused'}`, `tail -n 20 ${shellWord(layout.summary)}/current | tai64nlocal  # then the mail server's log, or what mda names; the mail stays at the provider meanwhile`)]
}

interface Answered {
  name: string
  recipient: string
  answer: string
}

function answers({ configuration, listeners }: Facts, of: (asked: Asked) => string[], matters: (answer: string) => boolean): Answered[] {
  if (configuration === undefined || !('understood' in configuration)) return []
  return questionsOf(configuration.understood).flatMap((asked) => {
    const listener = listeners.find(({ name }) => name === asked.listener)
    return of(asked).flatMap((recipient) => {
      const answer = listener?.answers.get(recipient)
      return answer !== undefined && matters(answer) ? [{ name: asked.listener, recipient, answer }] : []
    })
  })
}

/** `localhost/2525` as people say it. */
function where(name: string): string {
  const [host, port = '25'] = name.split('/')
  return `${host} port ${port}`
}
