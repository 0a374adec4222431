/** The folder supervise/ of a service directory, made and held as supervise.c does: docs/protocol.md. */
import * as fs from 'node:fs'
import { addToTally, formatRecord, packStatus, parseRecord, recordLength, type StateRecord, type Status, statusLength, unpackStatus } from '@daemontools-ts/servicedir'
import type { Tai64n } from '@daemontools-ts/tai64'
import { type Arrivals, bytes, closeFile, type Ending, errnoOf, expectSpare, fileExists, inDirectory, lockFile, makeDirectory, makeFifo, openDirectory, openFile, patiently, readLink, readStart, rename, watchArrivals } from '@daemontools-ts/unix'
import { words } from './words.ts'

/** Why something about a service directory could not be done: the sentence, and the system's refusal. */
export class Refusal extends Error {
  readonly what: string
  readonly why: unknown
  constructor(what: string, why: unknown) {
    super(what)
    this.what = what
    this.why = why
  }
}

/** Bytes of supervise/control that are obeyed in one turn of the event loop. */
const mostLetters = 1024
/** Bytes of a tally: the most entries that it may have. */
const mostTally = 4096 * 14
const ETIMEDOUT = 110

/** The descriptors that supervising holds, for a supervisor that executes itself. */
export interface Held {
  /** The service directory: it is held, not its name, so it may be renamed while it is supervised. */
  directory: number
  lock: number
  control: number
  ok: number
}

export class Folder {
  /** What messages call it. */
  readonly dir: string
  readonly #held: Omit<Held, 'ok'>
  #ok: number | undefined
  #control: Arrivals | undefined
  /** What was published last, by file: what has not changed is not written again. */
  readonly #published = new Map<string, string>()

  /**
   * Takes hold of a service directory: chdir, down, supervise/, lock, control, in that order. Throws Refusal.
   * @param path Where it is. @param dir What messages call it. @param carried What this very process has held since before it executed itself.
   */
  constructor(path: string, dir: string, carried?: Held) {
    this.dir = dir
    this.#held = carried ?? take(path, dir)
    this.#ok = carried?.ok
  }

  get directory(): number {
    return this.#held.directory
  }

  get held(): Held {
    return { ...this.#held, ok: this.#ok! }
  }

  /** Whether there is no file `down`. Throws Refusal where that cannot be told. */
  get wantedUp(): boolean {
    return attempt(words.statDown(this.dir), () => !fileExists(this.at('down')))
  }

  /** The path of a file in the directory. */
  at(name: string): string {
    return inDirectory(this.directory, name)
  }

  /** Makes and holds supervise/ok: from here on svok says yes. Throws Refusal. */
  openOk(): void {
    if (this.#ok !== undefined) return
    ignoreFailure(() => makeFifo(this.at('supervise/ok'), 0o600))
    this.#ok = attempt(words.readOk(this.dir), () => openFile(this.at('supervise/ok'), 'read'))
  }

  /** Hands over the bytes that arrive in supervise/control: so many at a time that whoever writes there without a pause does not keep us from all else. */
  listen(onBytes: (bytes: Buffer) => void): void {
    const handOver = (bytes: Buffer): void => {
      if (bytes.length === 0) return control.resume()
      onBytes(bytes.subarray(0, mostLetters))
      setImmediate(() => handOver(bytes.subarray(mostLetters)))
    }
    const control = watchArrivals(this.#held.control, (bytes) => (control.pause(), handOver(bytes)))
    this.#control = control
  }

  /** What the last supervisor has left: its record and its status. */
  readTraces(): { record: StateRecord | undefined; status: Status | undefined } {
    return {
      record: parseRecord(readIfThere(this.at('supervise/state.json'), recordLength)),
      status: unpackStatus(bytes(readIfThere(this.at('supervise/status'), statusLength))),
    }
  }

  /** Renews supervise/state.json, then (after onRecorded) supervise/status: who is killed in between has said the whole truth in the first. Throws Refusal. */
  publish(record: StateRecord, status: Status, onRecorded?: () => void): void {
    const refusals: unknown[] = []
    const renew = (name: string, content: string, write: () => void): void => {
      if (this.#published.get(name) === content) return
      try {
        write()
        this.#published.set(name, content)
      } catch (error) {
        refusals.push(error)
      }
    }
    const text = formatRecord(record)
    const packed = packStatus(status).toString('latin1')
    renew('state.json', text, () => this.#overwrite('state.json', text))
    onRecorded?.()
    renew('status', packed, () => this.#replace('status', packed))
    if (refusals.length > 0) throw refusals[0]
  }

  /** Whether the directory answers, found out by a thread: opening asks the server, where stat(2) may be told what was so a minute ago. */
  async answers(fileSystem: string): Promise<boolean> {
    const open = async (): Promise<void> => (await fs.promises.open(bytes(this.at('supervise/status')), 'r')).close()
    return patiently(fileSystem, open).then(() => true, (error: unknown) => errnoOf(error) !== ETIMEDOUT)
  }

  /** Adds an end to supervise/death_tally, of at most `most` entries. Throws Refusal. */
  tally(at: Tai64n, ending: Ending, most: number): void {
    const tally = addToTally(bytes(readIfThere(this.at('supervise/death_tally'), mostTally)), at, ending, most)
    this.#replace('death_tally', tally.toString('latin1'))
  }

  /** @param mayHang The directory does not answer: a thread waits for that. */
  close(mayHang = false): void {
    if (this.#control === undefined) closeFile(this.#held.control)
    else this.#control.close()
    const { directory, lock } = this.#held
    const close = mayHang ? (fd: number): void => fs.close(fd, () => undefined) : fs.closeSync
    for (const fd of [directory, lock, this.#ok]) if (fd !== undefined) close(fd)
  }

  /** A file beside, renamed; on a full disk, where there is one of that length, over it: then svstat tells the truth all the same. */
  #replace(name: string, content: string): void {
    const fresh = `${name}.new`
    try {
      const fd = attempt(words.open(this.dir, fresh), () => openFile(this.at(`supervise/${fresh}`), 'truncate'))
      attempt(words.write(this.dir, fresh), () => writeAndClose(fd, content))
      attempt(words.rename(this.dir, fresh, name), () => rename(this.at(`supervise/${fresh}`), this.at(`supervise/${name}`)))
    } catch (error) {
      if (!this.#hasLength(name, content.length)) throw error
      this.#overwrite(name, content)
    }
  }

  /**
   * Over what is there, in one write(2) of always the same length: needs no space, and none of the flushing to disk that a rename over
   * an old file leads to (on ext4, a hundred times as long).
   */
  #overwrite(name: string, content: string): void {
    const fd = attempt(words.open(this.dir, name), () => openFile(this.at(`supervise/${name}`), 'overwrite'))
    attempt(words.write(this.dir, name), () => writeAndClose(fd, content))
  }

  #hasLength(name: string, length: number): boolean {
    try {
      return fs.statSync(this.at(`supervise/${name}`)).size === length
    } catch {
      return false
    }
  }
}

function take(path: string, dir: string): Omit<Held, 'ok'> {
  const held: number[] = []
  const hold = (fd: number): number => {
    held.push(fd)
    return fd
  }
  try {
    const directory = attempt(words.chdir(dir), () => {
      const fd = hold(openDirectory(path))
      expectSpare(fd)
      return fd
    })
    const at = (name: string): string => inDirectory(directory, name)
    attempt(words.statDown(dir), () => fileExists(at('down')))
    makeSuperviseDirectory(at)
    const lock = attempt(words.lock(dir), () => {
      const fd = hold(openFile(at('supervise/lock'), 'append'))
      lockFile(fd)
      return fd
    })
    ignoreFailure(() => makeFifo(at('supervise/control'), 0o600))
    attempt(words.readControl(dir), () => checkControl(at('supervise/control')))
    const control = attempt(words.writeControl(dir), () => hold(openFile(at('supervise/control'), 'both')))
    return { directory, lock, control }
  } catch (error) {
    held.forEach((fd) => fs.closeSync(fd))
    throw error
  }
}

function checkControl(path: string): void {
  const fd = openFile(path, 'read')
  const isFile = fs.fstatSync(fd).isFile()
  fs.closeSync(fd)
  // supervise.c obeys a plain file's bytes once and then spins. Nobody can want that.
  if (isFile) throw new Error('not a FIFO')
}

function writeAndClose(fd: number, content: string): void {
  try {
    if (fs.writeSync(fd, bytes(content)) < content.length) throw new Error('partial write')
  } finally {
    fs.closeSync(fd)
  }
}

function readIfThere(path: string, most: number): string {
  try {
    return readStart(path, most)
  } catch {
    return '' // what cannot be read tells nothing
  }
}

/** supervise/, or what it is a symbolic link to: Debian's addition, for service directories that are read-only. */
export function makeSuperviseDirectory(at: (name: string) => string): void {
  ignoreFailure(() => makeDirectory(at('supervise'), 0o700))
  ignoreFailure(() => {
    if (fileExists(at('supervise'))) return
    const target = readLink(at('supervise'))
    makeDirectory(target.startsWith('/') ? target : at(target), 0o700)
  })
}

/** supervise.c does not look at these errors: opening the file, next, tells whether it matters. */
function ignoreFailure(make: () => void): void {
  try {
    make()
  } catch {
    // see above
  }
}

function attempt<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw new Refusal(what, error)
  }
}
