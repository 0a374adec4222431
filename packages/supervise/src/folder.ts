/** The folder supervise/ of a service directory, made and held as supervise.c does: docs/protocol.md. */
import * as fs from 'node:fs'
import * as net from 'node:net'
import { packStatus, type Status } from '@daemontools-ts/servicedir'
import { fileExists, inDirectory, lockFile, makeDirectory, makeFifo, openDirectory, openFile, readLink, rename } from '@daemontools-ts/unix'
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

export interface Folder {
  /** The service directory: it is held, not its name, so it may be renamed while it is supervised. */
  readonly directory: number
  /** Whether there was no file `down`. */
  readonly wantedUp: boolean
  /** Replaces supervise/status. Throws Refusal. */
  publish(status: Status): void
  /** Makes and holds supervise/ok: from here on svok says yes. Throws Refusal. */
  openOk(): void
  /** Hands over the bytes that arrive in supervise/control. */
  listen(onBytes: (bytes: Buffer) => void): void
  close(): void
}

/**
 * Takes hold of a service directory: chdir, down, supervise/, lock, control, in that order. Throws Refusal.
 * @param path Where it is. @param dir What messages call it.
 */
export function openFolder(path: string, dir: string): Folder {
  const held: number[] = []
  const hold = (fd: number): number => {
    held.push(fd)
    return fd
  }
  const close = (): void => held.forEach((fd) => fs.closeSync(fd))
  try {
    const directory = attempt(words.chdir(dir), () => hold(openDirectory(path)))
    const at = (name: string): string => inDirectory(directory, name)
    const wantedUp = attempt(words.statDown(dir), () => !fileExists(at('down')))
    makeSuperviseDirectory(at)
    attempt(words.lock(dir), () => lockFile(hold(openFile(at('supervise/lock'), 'append'))))
    ignoreFailure(() => makeFifo(at('supervise/control'), 0o600))
    attempt(words.readControl(dir), () => checkControl(at('supervise/control')))
    const control = attempt(words.writeControl(dir), () => openFile(at('supervise/control'), 'both'))
    const socket = new net.Socket({ fd: control, readable: true, writable: false })
    return {
      directory,
      wantedUp,
      publish: (status) => publish(at, dir, packStatus(status)),
      openOk: () => {
        ignoreFailure(() => makeFifo(at('supervise/ok'), 0o600))
        attempt(words.readOk(dir), () => hold(openFile(at('supervise/ok'), 'read')))
      },
      listen: (onBytes) => void socket.on('data', onBytes).on('error', () => undefined),
      close: () => {
        socket.destroy()
        close()
      },
    }
  } catch (error) {
    close()
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

function publish(at: (name: string) => string, dir: string, packed: Buffer): void {
  const fd = attempt(words.openStatus(dir), () => openFile(at('supervise/status.new'), 'truncate'))
  try {
    attempt(words.writeStatus(dir), () => {
      if (fs.writeSync(fd, packed) < packed.length) throw new Error('partial write')
    })
  } finally {
    fs.closeSync(fd)
  }
  attempt(words.renameStatus(dir), () => rename(at('supervise/status.new'), at('supervise/status')))
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
