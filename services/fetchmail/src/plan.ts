/** What has to be done so that the service is installed, or gone: from what there is, the steps. */
import { posix } from 'node:path'
import { type Layout, logRunFor, parentOf } from './layout.ts'
import { planConfiguration, planDirectories, planOwnConfiguration, planOwnedDirectory, planProgram } from './planfile.ts'
import type { Step } from './step.ts'
import type { System, Template, Templates } from './system.ts'

export interface Wish {
  /** Make the group and the accounts that are missing. */
  accounts: boolean
  /** Give files and directories to their accounts, which only root can. */
  ownership: boolean
  /** Link the service into the folder that svscan watches. */
  link: boolean
  /** What to put in the place of the example. */
  own?: Own
}

/** A configuration for somebody's mailbox. */
export interface Own {
  configuration: Template
  /** Seconds. */
  interval: number
  /** The Maildir that it delivers into. */
  maildir: string | undefined
}

export interface Plan {
  steps: Step[]
  /** What a person should know about the steps, one line each. */
  remarks: string[]
  /** What is there already, is not ours to change, and will not work. */
  warnings: string[]
  /** fetchmail.conf is still the example, as far as we can see. Such a service is not linked. */
  isExample: boolean
}

const accountNames = ['fetchmail', 'multilog'] as const
const groupName = 'nofiles'

/** Existing accounts, configurations, and the modes of existing directories are never changed. */
export function planInstallation(layout: Layout, system: System, templates: Templates, wish: Wish): Plan {
  const { directory, log, summary, link } = layout
  const has = (account: string): boolean => wish.ownership && (wish.accounts || system.accounts.has(account))
  const fetchmail = has('fetchmail') ? 'fetchmail' : undefined
  const multilog = has('multilog') ? 'multilog' : undefined
  const example = templates['fetchmail.conf.example']
  const logRun = logRunFor(layout, templates['log/run'].content)

  const configuration = directory + '/fetchmail.conf'
  const found = system.entries.get(configuration)
  const wasExample = found === undefined || found.content === example.content
  const isExample = wasExample && wish.own === undefined
  const maildir = wish.own?.maildir
  const interval = wish.own === undefined ? templates['env/INTERVAL'] : { content: `${wish.own.interval}\n` }

  const steps = [
    ...(wish.accounts ? planAccounts(system) : []),
    ...planDirectories(system, [directory + '/log', directory + '/env', parentOf(log), ...(maildir === undefined ? [] : [parentOf(maildir)])]),
    ...planOwnedDirectory(system, directory + '/pid', fetchmail),
    ...(maildir === undefined ? [] : planOwnedDirectory(system, maildir, fetchmail)),
    ...planOwnedDirectory(system, log, multilog),
    ...planOwnedDirectory(system, summary, multilog),
    ...planConfiguration(system, directory + '/env/INTERVAL', interval, 0o644),
    ...(wish.own !== undefined && wasExample ? planOwnConfiguration(system, configuration, wish.own.configuration, fetchmail) : planConfiguration(system, configuration, example, 0o600, fetchmail)),
    ...planProgram(system, directory + '/fetchmail.conf.example', example, 0o644),
    ...planProgram(system, directory + '/log/run', logRun === templates['log/run'].content ? templates['log/run'] : { content: logRun }, 0o755),
    ...planProgram(system, directory + '/deliver', templates.deliver, 0o755),
    ...planProgram(system, directory + '/finish', templates.finish, 0o755),
    ...planProgram(system, directory + '/run', templates.run, 0o755),
  ]
  if (wish.link && !isExample && !isLinked(layout, system)) {
    steps.push(...planDirectories(system, [parentOf(link)]), { do: 'link', path: link, target: directory })
  }
  return { steps, remarks: [...remarksOnAccounts(system, wish), ...remarksOn(steps)], warnings: warningsOf(configuration, system, wish), isExample }
}

/** Out of svscan's sight, then down. Every file stays, and so do the accounts. */
export function planRemoval(layout: Layout, system: System): Plan {
  const { directory, log, link } = layout
  return {
    // the link first, or svscan would start supervise again
    steps: isLinked(layout, system) ? [{ do: 'unlink', path: link }, { do: 'stop', directories: [directory, directory + '/log'] }] : [],
    remarks: [`${directory}, ${log} and the accounts stay`],
    warnings: [],
    isExample: false,
  }
}

export function isLinked({ directory, link }: Layout, system: System): boolean {
  const target = system.entries.get(link)?.target
  return target !== undefined && posix.resolve(parentOf(link), target) === directory
}

function planAccounts(system: System): Step[] {
  const missing = accountNames.filter((name) => !system.accounts.has(name))
  const steps = missing.map((account): Step => ({ do: 'add account', account, group: groupName }))
  return missing.length > 0 && !system.groups.has(groupName) ? [{ do: 'add group', group: groupName }, ...steps] : steps
}

function remarksOnAccounts(system: System, wish: Wish): string[] {
  const remarks = []
  for (const name of accountNames) {
    const account = system.accounts.get(name)
    if (account) remarks.push(`account ${name} exists (uid ${account.uid}, gid ${account.gid}): used as it is`)
  }
  const missing = accountNames.filter((name) => !system.accounts.has(name))
  if (!wish.accounts && missing.length > 0) remarks.push(`skipped: adding ${missing.join(' and ')}: not with --root`)
  if (!wish.ownership) remarks.push('skipped: every chown: only root can')
  else if (!wish.accounts && missing.length > 0) remarks.push(`skipped: chown to ${missing.join(' and ')}: no such account here`)
  return remarks
}

function remarksOn(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => (step.do === 'keep' ? [`${step.path} was not as delivered: kept as ${step.as}`] : []))
}

function warningsOf(configuration: string, system: System, wish: Wish): string[] {
  const found = system.entries.get(configuration)
  if (found === undefined) return []
  const warnings = []
  const owner = system.accounts.get('fetchmail')?.uid
  if (wish.ownership && owner !== undefined && found.uid !== owner) {
    warnings.push(`${configuration} does not belong to fetchmail, which will refuse it: chown fetchmail: ${configuration}`)
  }
  // fetchmail minds neither the owner's bits nor the group's x
  if ((found.mode & 0o067) !== 0) warnings.push(`${configuration} is open to others, so that fetchmail will refuse it: chmod 0600 ${configuration}`)
  return warnings
}
