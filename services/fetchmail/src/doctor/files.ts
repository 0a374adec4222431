/** Checks of what is installed: programs, accounts, files, their owners and modes. */
import { shellWord } from '../layout.ts'
import type { Facts } from './facts.ts'
import { type Check, type Finding, problem, warning } from './finding.ts'
import { configurationOf, edit, octal, self } from './words.ts'

/** Less than this is as good as none: a lock or a line still fits, and then no more. Bytes. */
const little = 65_536

export const fileChecks: readonly Check[] = [
  { name: 'fetchmail is installed', look: ({ program }) => (program === undefined ? [problem('fetchmail is not installed', 'apt-get install fetchmail')] : []) },
  { name: 'the service is installed', look: lookForService },
  { name: 'the account fetchmail exists', look: (facts) => lookForAccount(facts, 'fetchmail') },
  { name: 'the account multilog exists', look: (facts) => lookForAccount(facts, 'multilog') },
  { name: 'the scripts may be executed', look: lookForScripts },
  { name: 'the scripts are as delivered', look: lookForChanges },
  { name: 'INTERVAL is a number of seconds', look: lookAtInterval },
  { name: "fetchmail.conf is there, and fetchmail's alone", look: lookAtConfiguration },
  { name: "fetchmail's home is its own", look: lookAtHome },
  { name: "the logs are multilog's alone", look: lookAtLogs },
  { name: 'there is room on the disks', look: lookForSpace },
]

function lookForService({ layout, entries }: Facts): Finding[] {
  return entries.has(layout.directory + '/run') ? [] : [problem(`the service is not installed: there is no ${layout.directory}/run`, self(layout, 'install --template pop3s'))]
}

function lookForAccount({ layout, accounts, ownership }: Facts, name: string): Finding[] {
  if (!ownership || accounts.has(name)) return []
  const cure = layout.root === '' ? self(layout, 'install') : `useradd --system --home-dir /homeless --shell /usr/sbin/nologin ${name}`
  return [problem(`there is no account ${name}`, cure)]
}

function lookForScripts({ layout: { directory }, entries }: Facts): Finding[] {
  return ['run', 'finish', 'log/run', 'deliver'].flatMap((name) => {
    const entry = entries.get(`${directory}/${name}`)
    return entry === undefined || (entry.mode & 0o111) !== 0 ? [] : [problem(`${name} may not be executed (mode ${octal(entry.mode)})`, `chmod 0755 ${shellWord(`${directory}/${name}`)}`)]
  })
}

function lookForChanges({ layout, entries, delivered }: Facts): Finding[] {
  const changed = [...delivered].filter(([name, content]) => {
    const found = entries.get(`${layout.directory}/${name}`)?.content
    return found !== undefined && found !== content
  })
  return changed.map(([name]) => warning(`${name} is not as delivered`, `${self(layout, 'install')}  # yours is kept as ${name}.old`))
}

function lookAtInterval({ layout, entries }: Facts): Finding[] {
  const path = layout.directory + '/env/INTERVAL'
  const text = entries.get(path)?.content
  const cure = `echo 551 >${shellWord(path)}`
  if (!entries.has(layout.directory)) return []
  if (text === undefined) return [problem('env/INTERVAL is missing', cure)]
  const interval = text.split('\n')[0]!.trim()
  if (interval === '0') return [problem('env/INTERVAL is 0: fetchmail would poll once and end, hence log in every second', cure)]
  if (!/^[1-9]\d{0,8}$/.test(interval)) return [problem(`env/INTERVAL is no whole number of seconds: ${JSON.stringify(interval)}`, cure)]
  return Number(interval) < 60 ? [warning(`env/INTERVAL is ${interval}: providers lock out those who log in more than once a minute`, cure)] : []
}

function lookAtConfiguration({ layout, entries, accounts, ownership }: Facts): Finding[] {
  const path = layout.directory + '/fetchmail.conf'
  const entry = entries.get(path)
  const conf = configurationOf(layout)
  if (!entries.has(layout.directory)) return []
  if (entry === undefined || entry.content === '') {
    return [problem(`fetchmail.conf is ${entry === undefined ? 'missing' : 'empty'}`, self(layout, 'install --template pop3s'))]
  }
  const owner = accounts.get('fetchmail')
  const findings = []
  if (ownership && owner !== undefined && entry.uid !== owner.uid) findings.push(problem('fetchmail.conf does not belong to fetchmail, which refuses it', `chown fetchmail: ${conf}`))
  // fetchmail minds neither the owner's bits nor the group's x
  if ((entry.mode & 0o067) !== 0) findings.push(problem(`fetchmail.conf is open to others (mode ${octal(entry.mode)}): fetchmail refuses it`, `chmod 0600 ${conf}`))
  if (entry.content !== undefined && entry.content === entries.get(path + '.example')?.content) findings.push(problem('fetchmail.conf is still the example', edit(layout, 'server, user, password, domain')))
  return findings
}

function lookAtHome({ layout: { directory }, entries, accounts, ownership }: Facts): Finding[] {
  const path = directory + '/pid'
  const home = shellWord(path)
  const entry = entries.get(path)
  if (!entries.has(directory)) return []
  if (entry?.kind !== 'directory') return [problem("the directory pid, fetchmail's home, is missing", `mkdir -p -m 0700 ${home} && chown fetchmail: ${home}`)]
  const owner = accounts.get('fetchmail')
  if (ownership && owner !== undefined && entry.uid !== owner.uid) return [problem('the directory pid does not belong to fetchmail, which cannot write its lock there', `chown fetchmail: ${home}`)]
  if ((entry.mode & 0o700) !== 0o700) return [problem(`fetchmail cannot write into the directory pid (mode ${octal(entry.mode)})`, `chmod 0700 ${home}`)]
  const ids = entries.get(path + '/.fetchids')
  const isRefused = ids !== undefined && ((ids.mode & 0o067) !== 0 || (ownership && owner !== undefined && ids.uid !== owner.uid))
  return isRefused ? [problem('pid/.fetchids does not belong to fetchmail alone, which refuses it', `chown fetchmail: ${home}/.fetchids && chmod 0600 ${home}/.fetchids`)] : []
}

function lookAtLogs({ layout, entries, accounts, ownership }: Facts): Finding[] {
  const owner = accounts.get('multilog')
  return [layout.log, layout.summary].flatMap((path) => {
    const entry = entries.get(path)
    const log = shellWord(path)
    if (entry === undefined) return entries.has(layout.directory) ? [problem(`the log ${path} is missing`, self(layout, 'install'))] : []
    if (ownership && owner !== undefined && entry.uid !== owner.uid) return [problem(`multilog cannot write ${path}: it is not its own`, `chown -R multilog: ${log}`)]
    return (entry.mode & 0o077) === 0 ? [] : [warning(`${path} is open to others: it holds addresses`, `chmod 0700 ${log}`)]
  })
}

function lookForSpace({ space }: Facts): Finding[] {
  return [...space].filter(([, bytes]) => bytes < little).map(([path]) => problem(`the disk is full: ${path}`, `df -h ${shellWord(path)} && du -xsh ${shellWord(path)}  # make room there; multilog and fetchmail then go on by themselves`))
}
