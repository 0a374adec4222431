import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { readBatches, readLogs } from '../src/logs.ts'
import type { Log } from '../src/places.ts'
import { labelAt, makeLog, scratch, until } from './logdir.ts'

const at = (number: number): string => labelAt(1e18 + number * 1000)
const line = (number: number): string => `${at(number)} ${number}\n`
const logOf = (path: string): Log => ({ name: path.slice(path.lastIndexOf('/') + 1), path, service: undefined })
const command = join(dirname(fileURLToPath(import.meta.url)), '../../../..', 'dist/command')

/** Follows logs in the background. */
function follow(t: Test, logs: readonly Log[], options: Parameters<typeof readLogs>[1] = {}): { texts: string[]; stop: () => Promise<void> } {
  const aborting = new AbortController()
  const texts: string[] = []
  const done = (async () => {
    for await (const batch of readBatches(logs, { ...options, follow: true, signal: aborting.signal })) texts.push(...batch.lines.map(({ text }, index) => `${batch.logs[index]!.name} ${text}`))
  })()
  const stop = async (): Promise<void> => {
    aborting.abort()
    await done
  }
  t.teardown(stop)
  return { texts, stop }
}

t.test('logs: several in the order of time', async (t) => {
  const folder = scratch(t)
  const logs = [makeLog(`${folder}/a`, { current: line(1) + line(4) }), makeLog(`${folder}/b`, { current: line(2) + 'x\n' + line(3) + line(4) })].map(logOf)
  const texts = []
  for await (const { log, text } of readLogs(logs)) texts.push(`${log.name} ${text}`)
  t.same(texts, ['a 1', 'b 2', 'b x', 'b 3', 'a 4', 'b 4'])
})

t.test('logs: one that cannot be read is told, and the others are read', async (t) => {
  const folder = scratch(t)
  const logs = [logOf(`${folder}/gone`), logOf(makeLog(`${folder}/b`, { current: line(1) }))]
  for (const last of [undefined, 5]) {
    const troubles: string[] = []
    const texts = []
    for await (const { text } of readLogs(logs, { last, onTrouble: (log) => troubles.push(log.name) })) texts.push(text)
    t.same([texts, troubles], [['1'], ['gone']])
  }
})

t.test('logs: what happened to the service stands between its lines', async (t) => {
  const folder = scratch(t)
  const path = makeLog(`${folder}/log`, { current: line(1) + line(3) })
  const state = { version: 1, state: 'up', want: 'up', pid: 7, startTime: 1, bootId: '', paused: false, exiting: false, failed: false, since: at(4), ready: null, restarts: 1, lastExit: { code: 3, at: at(2) }, nextStart: null, delay: 0, monotonic: { started: 0, notBefore: 0, killAt: null }, keepers: [] }
  makeLog(`${folder}/service/supervise`, { 'state.json': JSON.stringify(state) })
  const log = { name: 'x', path, service: `${folder}/service` }
  const read = async (options: Parameters<typeof readLogs>[1]): Promise<string[]> => {
    const texts = []
    for await (const { text } of readLogs([log], options)) texts.push(text)
    return texts
  }
  t.same(await read({}), ['1', 'exited 3', '3', 'started (pid 7)'])
  t.same(await read({ last: 1 }), ['3', 'started (pid 7)'])
  t.same(await read({ withoutEvents: true }), ['1', '3'])
  t.same(await read({ since: at(2), until: at(3) }), ['exited 3', '3'])
})

t.test('logs: following a logger that rotates at every few lines: none lost, none twice, in order', { timeout: 120_000 }, async (t) => {
  for (const script of [['t', 's4096', 'n5', './log'], ['t', 's4096', 'n3', './log'], ['t', 's4096', 'n5', '!cat', './log']]) {
    const folder = scratch(t)
    makeLog(`${folder}/log`, {})
    const { texts, stop } = follow(t, [logOf(`${folder}/log`)])
    const logger = spawn(join(command, 'multilog'), script, { cwd: folder, stdio: ['pipe', 'ignore', 'inherit'] })
    let sent = 0
    // No faster than it is read: what multilog has removed unseen nobody can show.
    for (let round = 0; round < 30; round++) {
      const lines = Array.from({ length: 50 }, () => `line ${sent++}\n`).join('')
      logger.stdin.write(lines)
      await until(`line ${sent - 1} is shown`, () => texts.length >= sent, () => `${texts.length} of ${sent}`)
    }
    logger.stdin.end()
    await new Promise((resolve) => logger.once('exit', resolve))
    await stop()
    t.same(texts, Array.from({ length: sent }, (_, index) => `log line ${index}`), script.join(' '))
    t.ok(fs.readdirSync(`${folder}/log`).filter((name) => name.startsWith('@')).length > 1, 'it did rotate')
  }
})

t.test('logs: following begins with the last lines, and finds what comes later', async (t) => {
  const folder = scratch(t)
  const a = makeLog(`${folder}/a`, { current: line(1) + line(2) })
  let all = [logOf(a)]
  const { texts } = follow(t, all, { last: 1, folders: [folder], discover: () => all })
  await until('the last line is shown', () => texts.length === 1)
  fs.appendFileSync(`${a}/current`, line(3))
  await until('a new line is shown', () => texts.length === 2)
  all = [...all, logOf(makeLog(`${folder}/b`, { current: line(4) }))]
  await until('a new log is found', () => texts.length === 3)
  t.same(texts, ['a 2', 'a 3', 'b 4'])
})
