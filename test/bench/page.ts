/** A result as docs/benchmarks.md. */
import { type ColumnName } from './column.ts'
import type { Result } from './result.ts'
import { figure, reasons, table } from './table.ts'

export function page(result: Result): string {
  const { rows, rounds, quick } = result
  const notes = rows.flatMap(({ title, note }) => (note === undefined ? [] : [`- ${title}: ${note}`]))
  return `${[
    '# Benchmarks',
    `Made by \`npm run bench -- --rounds ${rounds} --markdown docs/benchmarks.md\`: ours beside Debian's C daemontools, runit and s6, in one run on one machine, in turn, ${rounds} rounds${quick ? ' (a quick run: it says that it works, not how fast it is)' : ''} (the slow rows fewer). \
Each cell is the median of the rounds, with the quartiles in parentheses. “Ours ÷ best” is the median of the rounds' ratios to the best of the three, so a noisy moment, which all of them have, weighs less; but what needs more processor time suffers more from a busy machine. \
A limit is what the machine needs for the least of the sort.`,
    table(result),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
    `## The machine\n\n${machineLines(result).map((line) => `- ${line}`).join('\n')}`,
    `## Not measured\n\n${[...reasons(result), ...never].map((line) => `- ${line}`).join('\n')}`,
  ].join('\n\n')}\n`
}

/** What no run measures. */
const never = [
  'daemontools-encore, nosh, perp and systemd: they are not in Debian, or not of the sort that runs beside another.',
  'A quiet machine: this one is shared, and had the load above.',
  'Crashes of services younger than a second: all of them wait then.',
  'The runtime’s memory for `svc`, `setuidgid` and the like, which are gone in an instant.',
  'A disk that is slow, or full; other file systems than the one above.',
]

function machineLines({ machine, versions, date, seconds }: Result): string[] {
  const { processor, processors, memoryMegabytes, kernel, node, fileSystem, load, stolenPercent } = machine
  return [
    `${processors} × ${processor}, ${memoryMegabytes.toLocaleString('en')} MB, Linux ${kernel}, scratch folder on ${fileSystem}`,
    `Node ${node}; ${Object.entries(versions).map(([name, version]) => `${names[name as ColumnName]} ${version}`).join(', ')}`,
    `load before the run ${figure(load.before)}; during it, of its own too, ${figure(load.median)} (median), at most ${figure(load.most)}; ${stolenPercent.toFixed(1)} % of the processors' time was given to others by the host`,
    `${date}; ${Math.round(seconds / 60)} minutes`,
  ]
}

const names: Readonly<Record<ColumnName, string>> = { ours: 'ours', executable: 'ours as an executable', c: 'Debian daemontools', runit: 'Debian runit', s6: 'Debian s6', limit: '' }
