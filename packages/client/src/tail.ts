/** The last lines of a log directory of multilog or its like. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { parseLabel } from '@daemontools-ts/tai64'
import { millisecondsOf } from './moment.ts'
import { printable } from './reason.ts'

export interface LogLine {
  /** When it was written, Unix time in milliseconds; undefined if it has no label. */
  at: number | undefined
  text: string
}

/** So much of a file is looked at for its last lines. */
const mostBytes = 65_536

/** The last lines, oldest first; of the file before, too, if `current` has too few. None where there is no log, or it may not be read. */
export function readTail(directory: string, count: number): LogLine[] {
  if (count <= 0) return []
  let lines = tailOf(join(directory, 'current'))
  if (lines.length < count) {
    const before = oldFiles(directory).at(-1)
    if (before !== undefined) lines = [...tailOf(join(directory, before)), ...lines]
  }
  return lines.slice(-count).map(readLine)
}

/** When the last line was written, undefined if that may not be seen: the time of the file, for its last line may have no label. */
export function lastWrittenAt(directory: string): number | undefined {
  try {
    const { mtimeMs, size } = fs.statSync(join(directory, 'current'))
    if (size > 0) return mtimeMs
    const before = oldFiles(directory).at(-1)
    return before === undefined ? undefined : fs.statSync(join(directory, before)).mtimeMs
  } catch {
    return undefined
  }
}

/** A line with a TAI64N label at its start is of that time. */
export function readLine(line: string): LogLine {
  const label = parseLabel(line.slice(0, 25))
  const text = label === undefined ? line : line.slice(25).replace(/^ /, '')
  return { at: label === undefined ? undefined : millisecondsOf(label), text: printable(text) }
}

/** Finished files, oldest first: their names are labels. */
function oldFiles(directory: string): string[] {
  try {
    return fs.readdirSync(directory).filter((name) => /^@[0-9a-f]{24}\.[su]$/.test(name)).sort()
  } catch {
    return []
  }
}

function tailOf(path: string): string[] {
  try {
    const fd = fs.openSync(path, 'r')
    try {
      const { size } = fs.fstatSync(fd)
      const start = Math.max(0, size - mostBytes)
      const buffer = Buffer.alloc(Math.min(size, mostBytes))
      const text = buffer.toString('utf8', 0, fs.readSync(fd, buffer, 0, buffer.length, start))
      const lines = text.split('\n')
      if (lines.at(-1) === '') lines.pop()
      // cut at its beginning
      return start > 0 ? lines.slice(1) : lines
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return []
  }
}
