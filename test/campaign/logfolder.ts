/** The folder of a logger, read as it grows. The family agrees on its names: `current`, and `@…` with the time for what is full. */
import * as fs from 'node:fs'
import { join } from 'node:path'

export interface Piece {
  /** Whole lines that were not there at the last look. */
  lines: string[]
  /** What a file that nobody writes to any more has behind its last newline. */
  tail: string
}

interface OpenFile {
  path: string
  fd: number
  isFull: boolean
}

export class LogFolder {
  readonly folder: string
  /** Bytes that were read of each file, by its inode: a file keeps it when it is renamed. */
  readonly #read = new Map<number, number>()

  constructor(folder: string) {
    this.folder = folder
  }

  /** What has come since the last look, a piece for each file, oldest first. Full files are removed when they have been read. */
  look(): Piece[] {
    // First: if it is renamed now, it is among the names that are read next, and removed.
    const current = open(join(this.folder, 'current'))
    const files = this.#openFull()
    try {
      const pieces = files.map((file) => this.#readFile(file))
      if (current !== undefined && fs.fstatSync(current).nlink > 0) pieces.push(this.#readOn(current, false))
      return pieces.filter(({ lines, tail }) => lines.length > 0 || tail !== '')
    } finally {
      for (const fd of [...files.map(({ fd }) => fd), ...(current === undefined ? [] : [current])]) fs.closeSync(fd)
    }
  }

  /**
   * All but `current`. Between that and the full ones there may be another for a moment, which may have two names. Whoever has got another
   * name after he was listed is listed once more: what came after him must not be read before.
   */
  #openFull(): OpenFile[] {
    for (;;) {
      const names = list(this.folder)
      const full = names.filter((name) => name.startsWith('@')).sort() // the names are times
      const paths = [...full, ...names.filter((name) => name === 'previous')].map((name) => join(this.folder, name))
      const files = paths.map((path) => ({ path, fd: open(path), isFull: /\.[su]$/.test(path) }))
      if (files.every((file): file is OpenFile => file.fd !== undefined)) return files
      for (const { fd } of files) if (fd !== undefined) fs.closeSync(fd)
    }
  }

  #readFile({ path, fd, isFull }: OpenFile): Piece {
    const { nlink, ino } = fs.fstatSync(fd)
    // As long as it has its old name too, the logger is not done with it.
    const isDone = isFull && nlink === 1
    const piece = this.#readOn(fd, isDone)
    if (isDone) {
      fs.rmSync(path)
      this.#read.delete(ino)
    }
    return piece
  }

  #readOn(fd: number, isDone: boolean): Piece {
    const { ino, size } = fs.fstatSync(fd)
    const known = this.#read.get(ino) ?? 0
    const from = known > size ? 0 : known // another file with the number of one that is gone
    const bytes = Buffer.alloc(size - from)
    const text = bytes.toString('latin1', 0, fs.readSync(fd, bytes, 0, bytes.length, from))
    const end = text.lastIndexOf('\n') + 1
    this.#read.set(ino, from + end)
    return { lines: text.slice(0, end).split('\n').slice(0, -1), tail: isDone ? text.slice(end) : '' }
  }
}

/** Two looks that agree: in one alone, a file that gets another name meanwhile may have neither. */
function list(folder: string): string[] {
  for (let before = fs.readdirSync(folder); ; ) {
    const names = fs.readdirSync(folder)
    if (names.join('/') === before.join('/')) return names
    before = names
  }
}

function open(path: string): number | undefined {
  try {
    return fs.openSync(path, 'r')
  } catch {
    return undefined // renamed meanwhile, or not there yet
  }
}
