/** The screen of `svctl ls`, as a pure function. */
import { mainDiagnosis, printable, type Service, type Severity, severityOf, span } from '@daemontools-ts/client'
import { type Hue, paint } from './color.ts'
import { endingOfExit } from './exit.ts'
import { percent, size } from './numbers.ts'
import { type Cell, type Column, layOut } from './table.ts'

const columns: readonly Column[] = [
  { title: 'SERVICE', rank: 0, least: 24 },
  { title: 'STATE', rank: 0 },
  { title: 'WHY', rank: 1, least: 30, fewest: 12 },
  { title: 'UPTIME', rank: 3, align: 'right' },
  { title: 'RESTARTS', rank: 4, align: 'right' },
  { title: 'LAST-EXIT', rank: 2, align: 'right' },
  { title: 'PID', rank: 6, align: 'right' },
  { title: 'CPU', rank: 7, align: 'right' },
  { title: 'MEM', rank: 8, align: 'right' },
  { title: 'LOG', rank: 5, align: 'right' },
]

const hues: Record<Severity, Hue> = { trouble: 'red', notice: 'yellow', fine: 'green' }
const order: readonly Severity[] = ['trouble', 'notice', 'fine']
const none = '-'

/** Those in trouble first, then by name. */
export function inOrder(services: readonly Service[]): Service[] {
  const rank = ({ diagnoses }: Service): number => order.indexOf(severityOf(diagnoses))
  return [...services].sort((one, other) => rank(one) - rank(other) || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
}

/** @param now Unix time in milliseconds. @param width In characters. */
export function listScreen(services: readonly Service[], { now, width, color }: { now: number; width: number; color: boolean }): string[] {
  return layOut(columns, inOrder(services).map((service) => cellsOf(service, now, color)), width)
}

function cellsOf(service: Service, now: number, color: boolean): Cell[] {
  const { name, state, pid, since, restarts, lastExit, usage, log, diagnoses } = service
  const severity = severityOf(diagnoses)
  const hue = (text: string): string => paint(text, hues[severity], color)
  return [
    { text: printable(name), paint: (text) => paint(text, 'bold', color) },
    { text: state, paint: hue },
    { text: printable(mainDiagnosis(diagnoses).short) || none, ...(severity !== 'fine' && { paint: hue }) },
    { text: pid === null || since === null || state === 'unsupervised' ? none : span(now - since.getTime()) },
    { text: restarts === null ? none : `${restarts}` },
    { text: lastExit === null ? none : endingOfExit(lastExit) },
    { text: pid === null || state === 'unsupervised' ? none : `${pid}` },
    { text: usage === null ? none : percent(usage.cpuPercent) },
    { text: usage === null ? none : size(usage.memoryBytes) },
    { text: log?.lastLineAt == null ? none : span(now - log.lastLineAt.getTime()) },
  ]
}
