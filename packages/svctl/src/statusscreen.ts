/** The screen of `svctl status`, as a pure function. */
import { type LogLine, printable, type Service, type Severity, severityOf, span } from '@daemontools-ts/client'
import { type Hue, paint } from './color.ts'
import { causeLines } from './causes.ts'
import { exitText } from './exit.ts'
import { percent, size } from './numbers.ts'
import { truncate } from './text.ts'

export interface Details {
  service: Service
  /** When it was looked at, Unix time in milliseconds. */
  now: number
  /** Where the link leads, if it is one. */
  target: string | undefined
  /** Lines of its process tree. */
  tree: readonly string[]
  /** The optional files that are there, with what is in them, in words. */
  files: readonly string[]
  tail: readonly LogLine[]
  /** Why the tail is empty, in words. */
  noTail: string | undefined
}

export interface View {
  /** In characters. */
  width: number
  color: boolean
  localText(milliseconds: number, digits?: number): string
}

const hues: Record<Severity, Hue> = { trouble: 'red', notice: 'yellow', fine: 'green' }
const titleWidth = 11

export function statusScreen(details: Details, view: View): string[] {
  const { service, tail, noTail } = details
  const hue = hues[severityOf(service.diagnoses)]
  const head = `${paint(printable(service.name), 'bold', view.color)}: ${paint(headline(service), hue, view.color)}`
  const fields = fieldsOf(details, view).flatMap(([title, ...lines]) => lines.map((line, at) => `${(at === 0 ? title : '').padStart(titleWidth)}${at === 0 ? ':' : ' '} ${truncate(printable(line), view.width - titleWidth - 2)}`))
  const log = tail.length === 0 ? (noTail === undefined ? [] : ['', noTail]) : ['', ...tail.map((line) => logLine(line, view))]
  const why = severityOf(service.diagnoses) === 'fine' ? [] : ['', ...causeLines(service.diagnoses, view)]
  return [head, ...fields, ...why, ...log]
}

function headline({ state, want }: Service): string {
  return want === null || state === 'missing' ? state : `${state}, wanted ${want}`
}

type Field = [title: string, ...lines: string[]]

function fieldsOf({ service, now, target, tree, files }: Details, view: View): Field[] {
  const { path, pid, since, restarts, lastExit, nextStart, usage, log, ready, normallyUp } = service
  const when = (date: Date): string => `${view.localText(date.getTime())} (${span(now - date.getTime())} ago)`
  const fields: (Field | undefined)[] = [
    ['directory', target === undefined ? path : `${path} -> ${target}`],
    since === null ? undefined : [pid === null ? 'down since' : 'up since', when(since)],
    ready === null || pid === null ? undefined : ['ready', ready ? 'yes' : 'not yet'],
    restarts === null ? undefined : ['restarts', `${restarts}`],
    lastExit === null ? undefined : ['last exit', `${exitText(lastExit)}${lastExit.meaning === null ? '' : ` (${lastExit.meaning})`}, ${when(lastExit.at)}`],
    nextStart === null ? undefined : ['next start', `in ${span(nextStart.getTime() - now + 999)}, ${view.localText(nextStart.getTime())}`],
    normallyUp ? undefined : ['at boot', 'not started: there is a file down'],
    files.length === 0 ? undefined : ['files', files.join(', ')],
    usage === null ? undefined : ['takes', `${usage.processes} ${usage.processes === 1 ? 'process' : 'processes'}, CPU ${percent(usage.cpuPercent)}, memory ${size(usage.memoryBytes)}`],
    tree.length === 0 ? undefined : ['processes', ...tree],
    log === null ? ['log', 'none: what it prints goes where svscan prints'] : ['log', `${log.directory ?? 'its directory is not to be found out'}, logger ${log.state}${log.pid === null ? '' : ` (pid ${log.pid})`}${log.lastLineAt === null ? '' : `, last line ${span(now - log.lastLineAt.getTime())} ago`}`],
  ]
  return fields.filter((field) => field !== undefined)
}

function logLine({ at, text }: LogLine, view: View): string {
  const time = at === undefined ? '' : `${view.localText(at, 3)} `
  return `${paint(time, 'dim', view.color)}${truncate(text, view.width - time.length)}`
}
