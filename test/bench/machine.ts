/** What a run was made on, and how busy that was. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import type { Machine } from './result.ts'
import { median } from './statistics.ts'

const stepMilliseconds = 1000

export class Watch {
  readonly #before = loadavg()[0]!
  readonly #ticks = ticks()
  readonly #loads: number[] = [this.#before]
  readonly #timer = setInterval(() => this.#loads.push(loadavg()[0]!), stepMilliseconds)

  /** @param folder The scratch folder. */
  end(folder: string): Machine {
    clearInterval(this.#timer)
    const { all, stolen } = ticks()
    return {
      processor: cpus()[0]?.model ?? 'unknown',
      processors: availableParallelism(),
      memoryMegabytes: Math.round(totalmem() / 2 ** 20),
      kernel: release(),
      node: process.versions.node,
      fileSystem: execFileSync('stat', ['--file-system', '--format=%T', folder], { encoding: 'latin1' }).trim(),
      load: { before: this.#before, median: median(this.#loads), most: Math.max(...this.#loads) },
      stolenPercent: (100 * (stolen - this.#ticks.stolen)) / Math.max(1, all - this.#ticks.all),
    }
  }
}

/** Of all processors since boot: /proc/stat, user nice system idle iowait irq softirq steal. */
function ticks(): { all: number; stolen: number } {
  const times = readFileSync('/proc/stat', 'latin1').split('\n')[0]!.split(/ +/).slice(1, 9).map(Number)
  return { all: times.reduce((sum, one) => sum + one, 0), stolen: times[7] ?? 0 }
}
