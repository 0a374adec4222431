/** Reads a directory that multilog writes. */
import { errnoOf, readDirectory, readWhole } from '@daemontools-ts/unix'
import { append, emptyJournal } from './journal.ts'
import type { Polls } from './polls.ts'

/** Enough for the last day of a busy mailbox, and read in a moment. Bytes. */
const enough = 2_000_000
const ENOENT = 2

/** What the newest part of the log adds up to. Throws the system's refusal; a log that is not there is empty. */
export function readPolls(folder: string): Polls {
  return append(emptyJournal, readNewest(folder)).polls
}

/** The end of the log as one text. It may begin in the middle of a line. */
function readNewest(folder: string): string {
  const pieces: string[] = []
  let length = 0
  // the labels sort as the files did end
  const names = unlessAbsent(() => readDirectory(folder)) ?? []
  for (const name of ['current', ...names.filter((name) => name.startsWith('@')).sort().reverse()]) {
    if (length >= enough) break
    // an old one may go, and current become one, while we look
    const text = unlessAbsent(() => readWhole(`${folder}/${name}`)) ?? ''
    pieces.unshift(text)
    length += text.length
  }
  return pieces.join('').slice(-enough)
}

function unlessAbsent<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    if (errnoOf(error) === ENOENT) return undefined
    throw error
  }
}
