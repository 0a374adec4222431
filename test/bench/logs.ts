/**
 * How fast `svctl logs` reads, beside `cat | tai64nlocal` of Debian: makes rotated logs of four services in the temporary folder and removes them afterwards.
 *
 *     npm run build && node test/dist/bench/logs.js [MEGABYTES [ROUNDS]]
 */
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ours, theirs } from '../support/implementation.ts'

const megabytes = Number(process.argv[2] ?? 1024)
const roundCount = Number(process.argv[3] ?? 3)
const services = ['alpha', 'beta', 'gamma', 'delta']
const fileBytes = 16_000_000
/** One line a service each hundred microseconds, in turn. */
const stepNanoseconds = 100_000
const begin = 1_795_000_000

interface Measured {
  seconds: number
  /** Of processors, by all of its processes. */
  processor: number
  /** VmHWM of the process that was started, in megabytes. */
  peak: number
  bytes: number
}

const folder = fs.mkdtempSync(join(tmpdir(), 'daemontools-bench-'))
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(111))

const { bytes, lines, middle } = makeLogs()
console.log(`Load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} processors. ${(bytes / 1e6).toFixed(0)} MB, ${(lines / 1e6).toFixed(1)} million lines, ${services.length} services, files of ${fileBytes / 1e6} MB, in the page cache\n`)
console.log('| what | seconds | processor time, s | MB of log a second | MB a second of processor time | peak RSS, MB | bytes printed |\n|---|---:|---:|---:|---:|---:|---:|')
const logs = services.map((name) => join(folder, name))
const svctl = join(ours.folder, 'svctl')
await row('`cat` of all files into `tai64nlocal`, Debian\'s', '/bin/sh', ['-c', `cat ${logs.map((log) => `${log}/@* ${log}/current`).join(' ')} | exec ${theirs.folder}/tai64nlocal`], bytes)
await row('the same into ours', '/bin/sh', ['-c', `cat ${logs.map((log) => `${log}/@* ${log}/current`).join(' ')} | exec ${ours.folder}/tai64nlocal`], bytes)
await row('`svctl logs`, four services merged', svctl, ['logs', '--dir', ...logs], bytes)
await row('`svctl logs`, one service', svctl, ['logs', '--dir', logs[0]!], bytes / services.length)
await row('`svctl logs --json`, four', svctl, ['logs', '--json', '--dir', ...logs], bytes)
await row('`svctl logs -n 10`, four', svctl, ['logs', '-n', '10', '--dir', ...logs])
await row('`svctl logs -n 1000000`, four', svctl, ['logs', '-n', '1000000', '--dir', ...logs])
await row('`svctl logs --since` a second before the end, four', svctl, ['logs', '--since', labelAt(lines - 40_000), '--dir', ...logs])
await row('`svctl logs --since --until`: 100 ms in the middle, four', svctl, ['logs', '--since', labelAt(middle), '--until', labelAt(middle + 4000), '--dir', ...logs])
await row('`svctl logs --grep` of a word in one line of a million, four', svctl, ['logs', '--grep', 'number 7000000 ', '--dir', ...logs], bytes)

async function row(what: string, program: string, args: readonly string[], read?: number): Promise<void> {
  const rounds = []
  for (let round = 0; round < roundCount; round++) rounds.push(await measure(program, args))
  const { seconds, processor, peak, bytes } = rounds.sort((one, other) => one.seconds - other.seconds)[Math.floor(roundCount / 2)]!
  const rate = (per: number): string => (read === undefined ? '–' : (read / 1e6 / per).toFixed(0))
  console.log(`| ${what} | ${seconds.toFixed(2)} | ${processor.toFixed(2)} | ${rate(seconds)} | ${rate(processor)} | ${peak.toFixed(0)} | ${bytes.toLocaleString('en')} |`)
}

/** Its output goes through a pipe to us, who count it: nobody's terminal and nobody's disk. */
function measure(program: string, args: readonly string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const before = childrenTime()
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let peak = 0
    let bytes = 0
    const look = (): void => {
      peak = Math.max(peak, highWater(child.pid!))
    }
    const timer = setInterval(look, 20)
    child.stdout.on('data', (piece: Buffer) => (bytes += piece.length))
    child.stdout.once('data', look)
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(timer)
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, processor: childrenTime() - before, peak, bytes })
      else reject(new Error(`${program} exited ${code}`))
    })
  })
}

/** Seconds of processors that processes which we have waited for have taken: fields 16 and 17 of proc(5)'s stat, in hundredths. */
function childrenTime(): number {
  const stat = fs.readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[16 - 3]) + Number(fields[17 - 3])) / 100
}

/** 0 when it is gone. */
function highWater(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1000
  } catch {
    return 0
  }
}

function makeLogs(): { bytes: number; lines: number; middle: number } {
  const each = (megabytes * 1e6) / services.length
  let number = 0
  let total = 0
  const states = services.map((name) => ({ path: join(folder, name), text: [] as string[], inFile: 0, written: 0 }))
  for (const { path } of states) fs.mkdirSync(path)
  const finish = (state: (typeof states)[number], name: string): void => {
    fs.writeFileSync(join(state.path, name), state.text.join(''))
    state.text = []
    state.inFile = 0
  }
  for (; states[0]!.written < each; number++) {
    const state = states[number % states.length]!
    const line = `${labelAt(number)} line number ${number} of a service that has something to say, again and again\n`
    state.text.push(line)
    state.inFile += line.length
    state.written += line.length
    total += line.length
    if (state.inFile >= fileBytes) finish(state, `${labelAt(number)}.s`)
  }
  for (const state of states) finish(state, 'current')
  return { bytes: total, lines: number, middle: Math.floor(number / 2) }
}

function labelAt(number: number): string {
  const perSecond = 1e9 / (stepNanoseconds / services.length)
  const nanoseconds = Math.floor((number % perSecond) * (stepNanoseconds / services.length))
  return `@${(2n ** 62n + 10n + BigInt(begin + Math.floor(number / perSecond))).toString(16)}${nanoseconds.toString(16).padStart(8, '0')}`
}
