/** One change to the system, as a value. Whoever stops after any of them can plan again and ends at the same place. */
import { shellWord } from './layout.ts'

export type Step =
  | { do: 'add group'; group: string }
  | { do: 'add account'; account: string; group: string }
  | { do: 'make directory'; path: string; mode: number }
  /** The account's own group comes with it, whichever that is. */
  | { do: 'give'; path: string; account: string }
  /** `source` is a file with the same content; `shown` is what people may see of it. */
  | { do: 'write'; path: string; mode: number; content: string; source?: string; shown?: string }
  /** A second name for a file, so that it outlives its replacement. */
  | { do: 'keep'; path: string; as: string }
  | { do: 'replace'; path: string; by: string }
  /** The same, but never in the place of something that is there already. */
  | { do: 'create'; path: string; from: string }
  | { do: 'link'; path: string; target: string }
  | { do: 'unlink'; path: string }
  | { do: 'stop'; directories: readonly string[] }

/** The shell commands that do the same. */
export function shellCommand(step: Step): string {
  switch (step.do) {
    case 'add group':
      return words('groupadd', ...groupaddArguments(step.group))
    case 'add account':
      return words('useradd', ...useraddArguments(step.account, step.group))
    case 'make directory':
      return words('mkdir', '-m', octal(step.mode), step.path)
    case 'give':
      return words('chown', step.account + ':', step.path)
    case 'write':
      return step.source === undefined
        ? `cat >${shellWord(step.path)} <<'EOF'\n${step.shown ?? step.content}EOF\n${words('chmod', octal(step.mode), step.path)}`
        : words('install', '-m', octal(step.mode), step.source, step.path)
    case 'keep':
      return words('ln', step.path, step.as)
    case 'replace':
      return words('mv', '-f', step.by, step.path)
    case 'create':
      return `${words('ln', step.from, step.path)} && ${words('rm', step.from)}`
    case 'link':
      return words('ln', '-s', step.target, step.path)
    case 'unlink':
      return words('rm', step.path)
    case 'stop':
      return words('svc', '-dx', ...step.directories)
  }
}

/** What to say when it did not work: `unable to VERB THING`. */
export function complaint(step: Step): string {
  switch (step.do) {
    case 'add group':
      return `unable to add group ${step.group}`
    case 'add account':
      return `unable to add account ${step.account}`
    case 'give':
      return `unable to change owner of ${step.path}`
    case 'keep':
      return `unable to keep ${step.path} as ${step.as}`
    case 'replace':
      return `unable to replace ${step.path}`
    case 'link':
      return `unable to link ${step.path} to ${step.target}`
    case 'unlink':
      return `unable to remove ${step.path}`
    case 'stop':
      return 'unable to stop the service'
    default:
      return `unable to create ${step.path}`
  }
}

export function groupaddArguments(group: string): string[] {
  return ['--system', group]
}

/** The page's account, which owns nothing and cannot log in; its home does not exist. */
export function useraddArguments(account: string, group: string): string[] {
  return ['--system', '--gid', group, '--home-dir', '/homeless', '--no-create-home', '--shell', '/usr/sbin/nologin', account]
}

function words(...all: string[]): string {
  return all.map(shellWord).join(' ')
}

function octal(mode: number): string {
  return '0' + mode.toString(8)
}
