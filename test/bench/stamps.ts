/** What services have said: test/fixtures/stamp-starts.c. */
import { readFileSync, writeFileSync } from 'node:fs'
import { until } from '../support/until.ts'

export interface Stamp {
  what: 'start' | 'signal'
  service: string
  /** Of CLOCK_MONOTONIC. */
  nanoseconds: number
}

/** Hundreds of processes that start at once, each with a runtime, on a machine that does something else as well. */
export const startMilliseconds = 180_000

export class Stamps {
  readonly file: string

  constructor(file: string) {
    this.file = file
    writeFileSync(file, '')
  }

  all(): Stamp[] {
    const lines = readFileSync(this.file, 'latin1').split('\n').slice(0, -1)
    return lines.map((line) => {
      const [what, service, nanoseconds] = line.split(' ')
      return { what: what as Stamp['what'], service: service!, nanoseconds: Number(nanoseconds) }
    })
  }

  /** The last of a service, if it is not before a moment. */
  async after(begin: number, what: Stamp['what'], service: string): Promise<Stamp> {
    const isWanted = (stamp: Stamp): boolean => stamp.what === what && stamp.service === service && stamp.nanoseconds >= begin
    return until(`${service}: ${what}`, () => this.all().findLast(isWanted))
  }

  /** All, when there are so many. */
  async atLeast(count: number): Promise<Stamp[]> {
    return until(`${count} services have started`, () => {
      const all = this.all()
      return all.length >= count && all
    }, () => `${this.all().length} of them`, startMilliseconds)
  }
}

export function now(): number {
  return Number(process.hrtime.bigint())
}
