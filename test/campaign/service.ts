/** A service of a tree with its logger: where they are, what they have said, what has been verified. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { type Finding, follow, type Position, write } from './lines.ts'
import { LogFolder } from './logfolder.ts'
import type { Peer, Told } from './peer.ts'
import { Starts, Written } from './shared.ts'

/** A service or its logger: what has a supervise/ of its own. */
export interface Unit {
  name: string
  role: 'main' | 'log'
  dir: string
  starts: Starts
  status(): Told | undefined
}

export interface ServicePlace {
  /** Where the real directories are, and the logs. */
  space: string
  /** Where memory outlives programs. */
  notes: string
  /** The compiled fixtures. */
  tools: string
  intervalMicroseconds: number
}

export class Service {
  readonly name: string
  readonly dir: string
  readonly main: Unit
  readonly log: Unit
  readonly written: Written
  /** The argument by which a writer is known, and a logger. */
  readonly marks: { main: string; log: string }
  readonly lineLength: number
  readonly #logFolder: LogFolder
  #position: Position = { run: 0, number: 0 }

  /** Makes its directory. */
  constructor(name: string, lineLength: number, peer: Peer, { space, notes, tools, intervalMicroseconds }: ServicePlace) {
    this.name = name
    this.lineLength = lineLength
    this.dir = join(space, 'sv', name)
    this.marks = { main: join(notes, `${name}.lines`), log: join(space, 'log', name) }
    fs.mkdirSync(this.marks.log, { recursive: true })
    peer.prepareLog?.(this.marks.log)
    this.#logFolder = new LogFolder(this.marks.log)
    this.written = new Written(this.marks.main)
    const unit = (role: 'main' | 'log', dir: string, command: readonly string[]): Unit => {
      const startsFile = join(notes, `${name}.${role}`)
      fs.mkdirSync(dir, { recursive: true })
      const words = ['exec', join(tools, 'sole'), startsFile, ...command]
      fs.writeFileSync(join(dir, 'run'), `#!/bin/sh\n${words.join(' ')}\n`, { mode: 0o755 })
      return { name: role === 'main' ? name : `${name}/log`, role, dir, starts: new Starts(startsFile), status: () => peer.readStatus(dir) }
    }
    this.main = unit('main', this.dir, [join(tools, 'write-lines'), this.marks.main, name, `${lineLength}`, `${intervalMicroseconds}`])
    this.log = unit('log', join(this.dir, 'log'), peer.logger(this.marks.log))
  }

  get units(): readonly Unit[] {
    return [this.main, this.log]
  }

  /** Follows the log as far as it goes. */
  verify(): Finding[] {
    // The log first: then nothing in it is newer than the account.
    const pieces = this.#logFolder.look()
    const counts = this.written.counts()
    const findings: Finding[] = []
    for (const { lines, tail } of pieces) {
      const followed = follow(this.#position, lines, this.name, counts)
      this.#position = followed.position
      findings.push(...followed.findings)
      if (tail !== '') findings.push({ what: 'torn', text: tail })
    }
    return findings
  }

  /** Whether the log has been verified up to a line. */
  hasLogged({ run, number }: Position): boolean {
    const at = this.#position
    return at.run > run || (at.run === run && at.number >= number)
  }

  /** How far it is verified, and how far it is written. */
  get progress(): string {
    const { run, count } = this.written.last()
    return `verified to ${write(this.#position)}, written to <${run} ${count}>`
  }

  close(): void {
    this.written.close()
    for (const { starts } of this.units) starts.close()
  }
}
