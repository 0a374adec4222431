import type { Position } from './cursor.ts'
import { isGone, listLog, LogFile } from './disk.ts'
import { type Entry, labelOf } from './files.ts'
import { beginsWithLabel, labelLength } from './line.ts'

/** Below this many bytes it is quicker to read them all. */
const shortest = 1 << 16
const probeLength = 1 << 12

/**
 * Where the lines begin that are not before `since`, or a little earlier: found by the labels in the names of the files, then by halving the
 * file. undefined: at the first line that there is.
 */
export async function seekSince(path: string, since: string): Promise<Position | undefined> {
  const files = await listLog(path)
  const index = files.findIndex(({ name }) => !name.startsWith('@') || labelOf(name) >= since)
  const entry = files[index]
  if (entry === undefined) return undefined
  const begin: Position = { file: entry, offset: 0, place: labelOf(files[index - 1]?.name ?? '') }
  try {
    return await seekInFile(path, entry, since, begin)
  } catch (error) {
    if (isGone(error)) return begin
    throw error
  }
}

async function seekInFile(path: string, entry: Entry, since: string, begin: Position): Promise<Position> {
  const file = await LogFile.open(path, entry)
  try {
    if (file.isPacked) return begin
    // Of labelled lines: that at `low` is before `since`, or it is the start; all that begin at `high` or behind are not.
    let [low, high] = [begin, await file.size()]
    while (high - low.offset > shortest) {
      const middle = low.offset + Math.floor((high - low.offset) / 2)
      const found = await labelFrom(file, middle, high)
      if (found === undefined || found.place >= since) high = middle
      else low = { file: entry, ...found }
    }
    return low
  } finally {
    await file.close()
  }
}

/** The first labelled line that begins behind an offset, and before `end`. */
async function labelFrom(file: LogFile, offset: number, end: number): Promise<{ offset: number; place: string } | undefined> {
  let start = offset
  for (let text = ''; start < end; ) {
    text = await file.readAt(start, probeLength)
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) {
      if (newline + 1 + labelLength + 1 > text.length) break
      const label = text.slice(newline + 1, newline + 1 + labelLength + 1)
      if (beginsWithLabel(label) || beginsWithLabel(label.slice(0, -1)) && label.endsWith('\n')) {
        const found = start + newline + 1
        return found < end ? { offset: found, place: label.slice(0, labelLength) } : undefined
      }
    }
    if (text.length < probeLength) return undefined
    start += probeLength - labelLength - 1
  }
  return undefined
}
