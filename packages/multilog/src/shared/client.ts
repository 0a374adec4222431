import { warn } from '@daemontools-ts/command'
import { closeFile, differenceOf, errnoOf, expectSpare, onceReadable, peerOf, receivePacket, type Rights, rightsOf, sendPacket } from '@daemontools-ts/unix'
import type { End } from '../request.ts'
import { parseScript } from '../script.ts'
import type { Processor } from '../task.ts'
import { HostedLog, type Outcome } from './hosted.ts'
import { accepted, exitWith, type Heard, leave, parseMessage, refusal, runArgument } from './message.ts'
import { Voice } from './voice.ts'

/** More than the kernel lets a message be, as it is set everywhere. */
const buffer = Buffer.alloc(1 << 18)
/** What a log directory has open: itself, its lock and `current`. */
const filesOfDirectory = 3
const full = 'multilogd cannot open more files'

export interface Clients {
  /** What we may do, and a stand-in has to as well. */
  readonly rights: Rights
  /** A stand-in has asked for a log: those that are dead give theirs up first. */
  onHello(): void
  /** It is not, or no longer, busy. */
  onIdle(): void
  /** The connection is closed. */
  onGone(client: Client): void
}

/** A connection to a stand-in, and the log that is written for it. */
export class Client {
  readonly #fd: number
  readonly #clients: Clients
  readonly #voice: Voice
  readonly #pid: number
  #log: HostedLog | undefined
  #onProcessed: ((end: End | { refused: unknown }) => void) | undefined
  #forget: (() => void) | undefined
  #gone = false

  /** @param fd Ours from now on. */
  constructor(fd: number, clients: Clients) {
    this.#fd = fd
    this.#clients = clients
    this.#pid = peerOf(fd).pid
    this.#voice = new Voice((message) => this.#send(message))
    this.#listen()
  }

  get busy(): boolean {
    return this.#log?.busy === true
  }

  /** multilogd ends. */
  leave(): void {
    if (this.#log === undefined) this.#close()
    else this.#log.leave()
  }

  /** Hears what there is. A fault of ours ends this connection, and no other. */
  look(): void {
    try {
      this.#hear()
    } catch (error) {
      warn('multilogd', `internal error, giving up one log: ${error instanceof Error ? error.stack : String(error)}`)
      this.#close()
    }
  }

  #hear(): void {
    while (!this.#gone) {
      const packet = this.#receive()
      if (packet === undefined) return this.#listen()
      if (packet.length === 0) return this.#close()
      this.#obey(parseMessage(buffer.toString('latin1', 0, packet.length)), packet.files)
    }
  }

  #listen(): void {
    this.#forget ??= onceReadable(this.#fd, () => {
      this.#forget = undefined
      this.look()
    })
  }

  #receive(): { length: number; files: number[] } | undefined {
    try {
      return receivePacket(this.#fd, buffer)
    } catch (error) {
      if (errnoOf(error) === 0) throw error
      return { length: 0, files: [] } // whatever it is, there will be no more
    }
  }

  #obey(heard: Heard, files: number[]): void {
    if (heard.kind === 'hello' && this.#log === undefined && files.length === 2) return this.#begin(heard.args, files as [number, number])
    files.forEach(closeFile)
    switch (heard.kind) {
      case 'terminate':
        return this.#log?.terminate()
      case 'alarm':
        return this.#log?.alarm()
      case 'continued':
        return this.#log?.resume()
      case 'shown':
        this.#voice.shown()
        this.#log?.resume()
        return this.#clients.onIdle()
      case 'processed': {
        const onProcessed = this.#onProcessed
        this.#onProcessed = undefined
        return onProcessed?.('errno' in heard.end ? { refused: heard.end } : heard.end)
      }
      case 'hello':
        // the kernel had no descriptors for its files
        if (this.#log === undefined) this.#refuse(full)
        return
      case 'unknown':
        if (this.#log === undefined) this.#refuse('multilogd does not understand it')
    }
  }

  #begin(args: readonly string[], [stdin, from]: [number, number]): void {
    this.#clients.onHello()
    const why = this.#whyNot(args, Math.max(stdin, from, this.#fd))
    if (why !== undefined) {
      for (const fd of [stdin, from]) closeFile(fd)
      return this.#refuse(why)
    }
    this.#send(accepted)
    this.#log = new HostedLog({
      ...{ args, stdin, from, pid: this.#pid, voice: this.#voice },
      run: (processor, onEnd) => this.#run(args, processor, onEnd),
      onEnd: (outcome) => this.#end(outcome),
      onIdle: () => this.#clients.onIdle(),
    })
  }

  #whyNot(args: readonly string[], highest: number): string | undefined {
    const difference = differenceOf(this.#clients.rights, rightsOf(this.#pid))
    if (difference !== undefined) return `multilogd has another ${difference}`
    const { directories, statusFiles } = parseScript(args.slice(1))
    try {
      expectSpare(highest + directories.length * filesOfDirectory + statusFiles.length)
    } catch {
      return full
    }
    return undefined
  }

  #refuse(why: string): void {
    this.#send(refusal(why))
    this.#close()
  }

  #run(args: readonly string[], { command, directory, files }: Processor, onEnd: (end: End | { refused: unknown }) => void): void {
    this.#onProcessed = onEnd
    const message = runArgument(args.lastIndexOf(`!${command}`))
    this.#send(message, [directory, files[0], files[1], files[4], files[5]])
  }

  #end(outcome: Outcome): void {
    this.#send(outcome === 'left' ? leave : exitWith(outcome.exit))
    this.#close()
  }

  /** A stand-in that does not hear it is dead, which we shall be told. */
  #send(message: Buffer, files: readonly number[] = []): void {
    try {
      if (!this.#gone) sendPacket(this.#fd, message, files)
    } catch (error) {
      if (errnoOf(error) === 0) throw error
    }
  }

  #close(): void {
    if (this.#gone) return
    this.#gone = true
    this.#forget?.()
    this.#log?.drop()
    closeFile(this.#fd)
    this.#clients.onGone(this)
  }
}
