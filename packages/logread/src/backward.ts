import { type Position } from './cursor.ts'
import { blockLength, isGone, listLog, LogFile } from './disk.ts'
import { type Entry, labelOf } from './files.ts'
import { beginsWithLabel, labelLength } from './line.ts'

/** Where a line begins. */
export interface Spot extends Position {
  place: string
}

export interface BackwardOptions {
  since?: string | undefined
  until?: string | undefined
  /** Which lines count, by their text; default: all. */
  matches?: ((text: string) => boolean) | undefined
}

/** Where the lines of a log directory begin, the last first. It reads only as far back as it is asked to. */
export async function* readBackward(path: string, options: BackwardOptions): AsyncGenerator<Spot> {
  const files = await listLog(path)
  for (let index = files.length - 1; index >= 0; index--) {
    const entry = files[index]!
    const begin = labelOf(files[index - 1]?.name ?? '')
    if (options.until !== undefined && begin > options.until) continue
    if (options.since !== undefined && entry.name.startsWith('@') && labelOf(entry.name) < options.since) return
    yield* spotsOf(path, entry, files[index - 1], options)
  }
}

async function* spotsOf(path: string, entry: Entry, before: Entry | undefined, { since, until, matches }: BackwardOptions): AsyncGenerator<Spot> {
  let file: LogFile
  try {
    file = await LogFile.open(path, entry)
  } catch (error) {
    if (isGone(error)) return
    throw error
  }
  /** Lines whose label is further up. */
  let pending: number[] = []
  const settle = (place: string): Spot[] => {
    const spots = pending.map((offset): Spot => ({ file: entry, offset, place }))
    pending = []
    return (since === undefined || place >= since) && (until === undefined || place <= until) ? spots : []
  }
  try {
    for await (const { offset, text } of linesBackward(file)) {
      const isLabelled = beginsWithLabel(text)
      // The rest of a line that was too long for the file before: it is counted there.
      if (offset === 0 && !isLabelled && before !== undefined && (await endsInLine(path, before))) continue
      if (matches === undefined || matches(isLabelled ? text.slice(labelLength + 1) : text)) pending.push(offset)
      if (!isLabelled) continue
      const place = text.slice(0, labelLength)
      yield* settle(place)
      if (since !== undefined && place < since) return
    }
    yield* settle(labelOf(before?.name ?? ''))
  } finally {
    await file.close()
  }
}

/** Whether the last byte of a file is no newline. */
async function endsInLine(path: string, entry: Entry): Promise<boolean> {
  try {
    const file = await LogFile.open(path, entry)
    try {
      const size = await file.size()
      return !file.isPacked && size > 0 && (await file.readAt(size - 1, 1)) !== '\n'
    } finally {
      await file.close()
    }
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

/** The lines of a file, the last first, with the offsets at which they begin. */
export async function* linesBackward(file: LogFile): AsyncGenerator<{ offset: number; text: string }> {
  let whole: string | undefined
  if (file.isPacked) {
    whole = ''
    for (let piece; (piece = await file.read()) !== ''; ) whole += piece
  }
  let start = whole?.length ?? (await file.size())
  /** From `start` on, without the newline at its end. */
  let tail = ''
  let isAtEnd = true
  while (start > 0) {
    // A line that is longer than a block: each read doubles what we have.
    const length = Math.min(start, Math.max(blockLength, tail.length))
    start -= length
    tail = (whole === undefined ? await file.readAt(start, length) : whole.slice(start, start + length)) + tail
    if (isAtEnd && tail.endsWith('\n')) tail = tail.slice(0, -1)
    isAtEnd = false
    for (let newline; (newline = tail.lastIndexOf('\n')) !== -1; tail = tail.slice(0, newline)) yield { offset: start + newline + 1, text: tail.slice(newline + 1) }
  }
  if (tail !== '' || !isAtEnd) yield { offset: 0, text: tail }
}

/**
 * Where to begin in each directory, so that together the last lines of all are read; undefined: nowhere in it.
 * @param count How many lines of all directories together.
 */
export async function lastLines(paths: readonly string[], count: number, options: BackwardOptions): Promise<(Spot | undefined)[]> {
  const readers = paths.map((path) => readBackward(path, options))
  const starts: (Spot | undefined)[] = paths.map(() => undefined)
  const heads = await Promise.all(readers.map(async (reader) => (count > 0 ? (await reader.next()).value as Spot | undefined : undefined)))
  for (let taken = 0; taken < count; taken++) {
    const latest = latestOf(heads)
    if (latest === undefined) break
    starts[latest] = heads[latest]
    heads[latest] = (await readers[latest]!.next()).value as Spot | undefined
  }
  await Promise.all(readers.map((reader) => reader.return(undefined)))
  return starts
}

/** Of lines with the same label those of the last directory come last: see merge(). */
function latestOf(heads: readonly (Spot | undefined)[]): number | undefined {
  let latest: number | undefined
  for (const [index, head] of heads.entries()) if (head !== undefined && (latest === undefined || head.place >= heads[latest]!.place)) latest = index
  return latest
}
