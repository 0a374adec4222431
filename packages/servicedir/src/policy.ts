/** The optional files of a service directory. Where one is absent, everything is as in daemontools 0.76. */
import { signalNumber } from '@daemontools-ts/unix'

export interface Policy {
  /** `finish`: a program to run after each end of run. */
  finish: boolean
  /** `check`: a program that exits 0 when the service is ready; run until it does. */
  check: boolean
  /** `notification-fd`: the descriptor on which the service writes a newline when it is ready. */
  notificationFd: number | undefined
  /** `down-signal`: the number of what `d` sends. */
  downSignal: number
  /** `timeout-kill`: milliseconds after `d` until KILL; 0: never. */
  timeoutKill: number
  /** `timeout-finish`: milliseconds that finish may take until KILL; 0: any time. */
  timeoutFinish: number
  /** `max-death-tally`: how many ends supervise/death_tally holds; 0: there is none. */
  deathTally: number
  /** `killpg`: it runs in a session of its own; signals go to its whole process group, and what is left of that at its end is killed. */
  killGroup: boolean
  /** `restart-delay`: milliseconds to wait after an end, doubled each time up to the greatest. */
  restartDelay: { first: number; greatest: number } | undefined
  /** `essential`: svscan stops everything when it has ended for good. */
  essential: boolean
  /** `last`: svscan stops it when everything else has stopped. */
  last: boolean
}

/** s6's. */
const defaultTimeoutFinish = 5000
const mostDeaths = 4096
const defaultGreatestDelay = 60_000
/** A day: beyond it somebody meant another unit. */
const longest = 86_400_000

export const defaultPolicy: Policy = {
  finish: false,
  check: false,
  notificationFd: undefined,
  downSignal: 15,
  timeoutKill: 0,
  timeoutFinish: defaultTimeoutFinish,
  deathTally: 0,
  killGroup: false,
  restartDelay: undefined,
  essential: false,
  last: false,
}

/** What each file's text says. Undefined: that is not what belongs there. */
const readers: { [name: string]: (text: string) => Partial<Policy> | undefined } = {
  finish: () => ({ finish: true }),
  check: () => ({ check: true }),
  killpg: () => ({ killGroup: true }),
  essential: () => ({ essential: true }),
  last: () => ({ last: true }),
  'notification-fd': (text) => whole(text, 3, 1023, (notificationFd) => ({ notificationFd })),
  'timeout-kill': (text) => whole(text, 0, longest, (timeoutKill) => ({ timeoutKill })),
  'timeout-finish': (text) => whole(text, 0, longest, (timeoutFinish) => ({ timeoutFinish })),
  'max-death-tally': (text) => whole(text, 0, mostDeaths, (deathTally) => ({ deathTally })),
  'down-signal': (text) => {
    const number = signalNumber(text.trim())
    return number === undefined ? undefined : { downSignal: number }
  },
  'restart-delay': (text) => {
    const [first, greatest, ...more] = text.trim().split(/\s+/)
    const numbers = [first, greatest ?? `${Math.max(defaultGreatestDelay, Number(first))}`]
    if (more.length > 0 || !numbers.every((word) => /^\d{1,9}$/.test(word!))) return undefined
    const delay = { first: Number(numbers[0]), greatest: Number(numbers[1]) }
    return delay.first > 0 && delay.first <= delay.greatest && delay.greatest <= longest ? { restartDelay: delay } : undefined
  },
}

/** What belongs into each file, for the complaint. */
const expected: Readonly<Record<string, string>> = {
  'notification-fd': 'a descriptor from 3 to 1023',
  'timeout-kill': 'milliseconds, at most a day',
  'timeout-finish': 'milliseconds, at most a day',
  'max-death-tally': 'a number up to 4096',
  'down-signal': 'the name or number of a signal',
  'restart-delay': 'one or two numbers of milliseconds, the smaller first',
}

/** Files whose presence is what they say. */
const flags = ['finish', 'check', 'killpg', 'essential', 'last']

export const policyFiles: readonly string[] = Object.keys(readers)

/** Whether the text of the file matters. */
export function hasText(name: string): boolean {
  return !flags.includes(name)
}

/**
 * @param files The texts of those optional files that are there, by name; others are passed over.
 * @returns the policy, a file that is wrong taken as absent, and the complaints about these.
 */
export function readPolicy(files: ReadonlyMap<string, string>): { policy: Policy; complaints: { file: string; expected: string }[] } {
  let policy = defaultPolicy
  const complaints = []
  for (const [file, text] of files) {
    if (!policyFiles.includes(file)) continue
    const part = readers[file]!(text)
    if (part === undefined) complaints.push({ file, expected: expected[file]! })
    policy = { ...policy, ...part }
  }
  return { policy, complaints }
}

function whole(text: string, least: number, most: number, use: (value: number) => Partial<Policy>): Partial<Policy> | undefined {
  const word = text.trim()
  if (!/^\d{1,9}$/.test(word)) return undefined
  const value = Number(word)
  return value >= least && value <= most ? use(value) : undefined
}
