/** Named rules for what differs from run to run. What a rule does not recognise stays, and so is a difference. */

import { unshown } from './row.ts'

/** What is known about one run. */
export interface Context {
  /** What it had for itself: the folder it ran in is `scene` in there. */
  place: string
  /** Both command folders. */
  commands: readonly string[]
  /** Unix time in whole seconds, before and after. */
  began: number
  ended: number
  /** The process that started it. */
  starter: number
}

export type Mask = (text: string, context: Context) => string

/** Always: where it ran, and whose command it was. */
export const places: Mask = (text, { place, commands }) =>
  commands.reduce((masked, path) => masked.replaceAll(`${path}/`, 'COMMANDS/'), text.replaceAll(`${place}/scene`, 'SCENE').replaceAll(place, 'PLACE'))

const taiOfUnixEpoch = 4611686018427387914n // 2^62 + 10

/** TAI64N labels of the time of the run, whose nanoseconds are whole microseconds and a half. */
export const labels: Mask = (text, { began, ended }) =>
  text.replace(/@([0-9a-f]{16})([0-9a-f]{8})/g, (label, seconds: string, fraction: string) => {
    const unix = BigInt(`0x${seconds}`) - taiOfUnixEpoch
    const nanoseconds = parseInt(fraction, 16)
    return unix >= began && unix <= ended && nanoseconds < 1e9 && nanoseconds % 1000 === 500 ? '@LABEL' : label
  })

/** The label at the beginning of a status of 18 bytes, in a listing. */
export const statusLabels: Mask = (text, { began, ended }) =>
  text.replace(/(?<=\bstatus(?:\.new)? [^:]*:\d+ 18 bytes: )(?:\\x[0-9a-f]{2}|\\.|[^\\]){12}/g, (field) => {
    const packed = Buffer.from(unshown(field), 'latin1')
    const unix = packed.readBigUInt64BE() - taiOfUnixEpoch
    return unix >= began && unix <= ended ? 'LABEL ' : field
  })

/** `N seconds` since a TAI time, as svstat counts them: in doubles. */
export function since(tai: bigint): Mask {
  return (text, { began, ended }) => {
    const ages = Array.from({ length: ended - began + 1 }, (_, n) => String(BigInt(Number(BigInt(began + n) + taiOfUnixEpoch - tai))))
    return text.replace(/\b(\d+) seconds/g, (words, age: string) => (ages.includes(age) ? 'SINCE seconds' : words))
  }
}

/** `pid N` of svstat, where it is a process of the run. */
export const pids: Mask = (text) => text.replace(/pid [1-9]\d*/g, 'pid N')

/** Numbers of pipes and sockets. */
export const inodes: Mask = (text) => text.replace(/(socket|pipe):\[\d+\]/g, '$1:[N]')

/** The lines of print-inherited about processes: which of them are the same one is what counts. */
export const processes: Mask = (text, { starter }) => {
  const names = new Map([['0', '0'], [String(starter), 'STARTER']])
  return text.replace(/^(pid|parent|group|session): (\d+)$/gm, (_, what: string, number: string) => {
    if (!names.has(number)) names.set(number, `PROCESS ${names.size - 1}`)
    return `${what}: ${names.get(number)}`
  })
}

/** What the shell says of a job that a signal has ended, if it happens to look. */
export const jobs: Mask = (text) => text.replace(/^(Hangup|Interrupt|Quit|Killed|Terminated|Alarm clock|User defined signal [12]|Broken pipe)( \(core dumped\))?\n/gm, '')
