import * as fs from 'node:fs'
import { acceptPackets, closeFile, errnoOf, inDirectory, listenForPackets, lockFile, makeFifo, openDirectory, openFile, unlink } from '@daemontools-ts/unix'
import { Fatal } from '../fatal.ts'

const [EEXIST, ENOENT] = [17, 2]

/** The folder where stand-ins find us: `lock`, `socket`, and the FIFO `ready`, at which they sleep until somebody has it open for reading. */
export class Rendezvous {
  /** Readable when somebody has connected. */
  readonly listener: number
  readonly #fifo: number

  /** @param path Of a folder that is ours and closed to others. What cannot be had is fatal. */
  constructor(path: string) {
    const folder = open(path)
    const attempt = <T>(what: string, act: () => T): T => {
      try {
        return act()
      } catch (error) {
        throw new Fatal(what, error)
      }
    }
    const at = (name: string): string => inDirectory(folder, name)
    attempt(`unable to lock ${path}/lock`, () => lockFile(openFile(at('lock'), 'append')))
    attempt(`unable to remove ${path}/socket`, () => tolerating(ENOENT, () => unlink(at('socket'))))
    this.listener = attempt(`unable to listen at ${path}/socket`, () => listenForPackets(at('socket')))
    attempt(`unable to create ${path}/ready`, () => tolerating(EEXIST, () => makeFifo(at('ready'), 0o600)))
    // Last: now we can be found.
    this.#fifo = attempt(`unable to open ${path}/ready`, () => openFile(at('ready'), 'read'))
  }

  /** The connection of the next who has come, if there is one. */
  accept(): number | undefined {
    return acceptPackets(this.listener)
  }

  /** Nobody finds us any more. */
  close(): void {
    closeFile(this.#fifo)
    closeFile(this.listener)
  }
}

function open(path: string): number {
  let folder: number
  try {
    folder = openDirectory(path)
  } catch (error) {
    throw new Fatal(`unable to open ${path}`, error)
  }
  const { uid, mode } = fs.fstatSync(folder)
  if (uid !== process.geteuid!()) throw new Fatal(`unable to use ${path}`, new Error('it belongs to somebody else'))
  if (mode & 0o077) throw new Fatal(`unable to use ${path}`, new Error('others may enter it'))
  return folder
}

function tolerating(errno: number, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (errnoOf(error) !== errno) throw error
  }
}
