/** One fault, and whether everything holds after it. */
import { setTimeout as pause } from 'node:timers/promises'
import { descriptorsOf } from './census.ts'
import { faults } from './fault.ts'
import { type Case, Judge, type Snapshot } from './judge.ts'
import type { Kind } from './kind.ts'
import type { Round } from './plan.ts'
import { Scene } from './scene.ts'
import { Settling } from './settling.ts'
import type { Tree } from './tree.ts'
import type { Violation } from './violation.ts'
import { Words } from './words.ts'

/** Generous: only something broken takes so long. */
const deadlineMilliseconds = 30_000
const stepMilliseconds = 15
/** When something is wrong, what else is: for the account. */
const lookOnMilliseconds = 200
/** What has settled has to be so again a moment later: a second copy may be on its way. */
const calmMilliseconds = 40

export type PlayableRound = Round & { kind: Exclude<Kind, 'clock step'> }

export interface Outcome {
  violations: Violation[]
  /** From the end of the fault until everything was as it shall be. */
  recoveryMilliseconds: number
}

/** A tree over the rounds. */
export class Player {
  readonly #tree: Tree
  readonly #words: Words
  #descriptors: ReadonlyMap<string, number> | undefined

  constructor(tree: Tree) {
    this.#tree = tree
    this.#words = new Words(tree.stderrFile)
  }

  /** Starts the supervisor and waits until everything is up. */
  async begin(): Promise<Outcome> {
    const scene = new Scene(this.#tree, { number: 0, kind: 'upgrade', target: 0, probe: 0, chances: [0, 0, 0, 0] })
    for (const unit of this.#tree.units) scene.expected.starts(unit)
    const before: Snapshot = { pids: new Map(), starts: new Map() }
    this.#tree.start()
    scene.expected.supervisorIsNew = true
    const outcome = await this.#settle(scene, before, 0)
    this.#descriptors = descriptorsOf(this.#tree.top)
    return outcome
  }

  async play(round: PlayableRound): Promise<Outcome> {
    const { perform, after } = faults[round.kind]
    const scene = new Scene(this.#tree, round)
    const before = this.#snapshot()
    try {
      await perform(scene)
      const outcome = await this.#settle(scene, before, round.probe)
      if (after === undefined || outcome.violations.length > 0) return outcome
      await after(scene)
      const second = await this.#settle(scene, before, round.probe)
      return { ...outcome, violations: second.violations }
    } catch (error) {
      // Also then the reason may be seen.
      const seen = new Judge(this.#case(scene, before)).violations(this.#tree.census())
      const failure: Violation = { invariant: 'status', text: error instanceof Error ? error.message : String(error) }
      return { violations: seen.length > 0 ? seen : [failure], recoveryMilliseconds: 0 }
    }
  }

  #case({ expected }: Scene, before: Snapshot): Case {
    return { tree: this.#tree, before, expected, words: this.#words, descriptors: this.#descriptors }
  }

  #snapshot(): Snapshot {
    const units = [...this.#tree.units, ...this.#tree.extra.units]
    return {
      pids: new Map(this.#tree.units.map((unit) => [unit, unit.status()?.pid ?? 0])),
      starts: new Map(units.map((unit) => [unit, unit.starts.count()])),
    }
  }

  async #settle(scene: Scene, before: Snapshot, probe: number): Promise<Outcome> {
    const began = performance.now()
    const ofCase = this.#case(scene, before)
    const [judge, settling] = [new Judge(ofCase), new Settling(ofCase)]
    let calmSince: number | undefined
    for (;;) {
      const found = this.#tree.census()
      const violations = judge.violations(found)
      const recoveryMilliseconds = performance.now() - began
      if (violations.length > 0) return { violations: [...violations, ...(await this.#lookOn(judge))], recoveryMilliseconds }
      const lacks = settling.lacking(found)
      if (lacks.length === 0) {
        calmSince ??= recoveryMilliseconds
        if (recoveryMilliseconds - calmSince >= calmMilliseconds) {
          const deaf = await this.#probe(scene, probe)
          return { violations: [...deaf, ...judge.violations(this.#tree.census())], recoveryMilliseconds: calmSince }
        }
      } else {
        calmSince = undefined
        if (recoveryMilliseconds > deadlineMilliseconds) return { violations: lacks, recoveryMilliseconds }
      }
      await pause(stepMilliseconds)
    }
  }

  async #lookOn(judge: Judge): Promise<Violation[]> {
    await pause(lookOnMilliseconds)
    return judge.violations(this.#tree.census())
  }

  /** Whether a letter arrives at a service: at every one if the supervisor is new. */
  async #probe(scene: Scene, probe: number): Promise<Violation[]> {
    const { services } = this.#tree
    const asked = (scene.expected.supervisorIsNew ? services : [services[probe]!]).filter(({ main }) => scene.expected.isUp(main))
    const before = asked.map(({ written }) => written.head().signals)
    const deaf = (): typeof asked => asked.filter(({ written }, index) => written.head().signals <= before[index]!)
    try {
      for (const { main } of asked) scene.command(main, 'h')
    } catch (error) {
      return [{ invariant: 'control', text: String(error) }]
    }
    const began = performance.now()
    while (deaf().length > 0) {
      if (performance.now() - began > deadlineMilliseconds) return deaf().map(({ name }) => ({ invariant: 'control', unit: name, text: 'the letter h has no effect' }))
      await pause(5)
    }
    return []
  }
}
