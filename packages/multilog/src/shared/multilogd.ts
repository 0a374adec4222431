import { die, outliveErrors, usage, warn } from '@daemontools-ts/command'
import { exitNow, feelFileSizeLimit, onceReadable, ownRights, raiseOpenFiles, releaseCode, restoreSignals } from '@daemontools-ts/unix'
import { Fatal } from '../fatal.ts'
import { Client, type Clients } from './client.ts'
import { Rendezvous } from './rendezvous.ts'

/** When nobody can be accepted, so long until the next attempt. */
const acceptPauseMilliseconds = 1000
/** When nobody has come for so long, what it took to begin is given back. */
const settledMilliseconds = 3000

/**
 * Writes the logs of all who connect, until SIGTERM, and exits.
 * @param args argv, byte strings, the program's name first.
 */
export function multilogd(args: readonly string[]): void {
  const [, path] = args
  if (path === undefined || args.length > 2) usage('multilogd', 'multilogd dir')
  process.umask(0o022)
  const rights = ownRights()
  feelFileSizeLimit()
  raiseOpenFiles()
  restoreSignals(['SIGTERM', 'SIGPIPE', 'SIGXFSZ'])
  try {
    new Multilogd(new Rendezvous(path), rights)
    outliveErrors('multilogd')
  } catch (error) {
    if (error instanceof Fatal) die('multilogd', error.what, error.why)
    throw error
  }
}

class Multilogd implements Clients {
  readonly rights: Clients['rights']
  readonly #rendezvous: Rendezvous
  readonly #clients = new Set<Client>()
  #terminated = false
  #leaving = false
  #settled: NodeJS.Timeout | undefined

  constructor(rendezvous: Rendezvous, rights: Clients['rights']) {
    this.#rendezvous = rendezvous
    this.rights = rights
    process.on('SIGTERM', () => this.#terminate())
    this.#listen()
  }

  onHello(): void {
    clearTimeout(this.#settled)
    this.#settled = setTimeout(releaseCode, settledMilliseconds)
    for (const client of [...this.#clients]) client.look()
  }

  onIdle(): void {
    if (this.#terminated) this.#leaveIfClear()
  }

  onGone(client: Client): void {
    this.#clients.delete(client)
    this.onIdle()
  }

  #listen(): void {
    onceReadable(this.#rendezvous.listener, () => this.#accept())
  }

  #accept(): void {
    if (this.#leaving) return
    try {
      for (let fd; (fd = this.#rendezvous.accept()) !== undefined; ) this.#clients.add(new Client(fd, this))
    } catch (error) {
      warn('multilogd', 'unable to accept a log, pausing', error)
      setTimeout(() => this.#listen(), acceptPauseMilliseconds)
      return
    }
    this.#listen()
  }

  #terminate(): void {
    if (this.#terminated) return
    this.#terminated = true
    this.#leaveIfClear()
    if (!this.#leaving) warn('multilogd', 'logs wait for a disk, a processor or a reader of their errors, ending after that')
  }

  /** Nothing that was read may be lost. */
  #leaveIfClear(): void {
    if (!this.#leaving) {
      if ([...this.#clients].some((client) => client.busy)) return
      this.#leaving = true
      this.#rendezvous.close()
      for (const client of [...this.#clients]) client.leave()
    }
    if (this.#clients.size === 0) exitNow(0)
  }
}
