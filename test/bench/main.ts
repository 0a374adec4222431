/** npm run bench: see options.ts. Exit 0 if ours was measured in every row that was played; no time is too long. */
import * as fs from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noNamespaces, runInside, withScratch } from '../support/shelter.ts'
import { acts, words } from './acts/index.ts'
import { type ColumnName, peerNames } from './column.ts'
import { endAllSync } from './end.ts'
import { Watch } from './machine.ts'
import { type Options, readOptions } from './options.ts'
import { page } from './page.ts'
import { peers } from './peers/index.ts'
import { play } from './play.ts'
import type { Result, RowResult } from './result.ts'
import { printed, reasons } from './table.ts'
import { Tools } from './tools.ts'

/** The word by which we know that we are inside: then the scratch folder follows. */
const inside = '--inside'

try {
  const args = process.argv.slice(2)
  if (args[0] === inside) process.exit(await measure(args[1]!, readOptions(args.slice(2), words)))
  const options = readOptions(args, words)
  process.exit(
    await withScratch('bench', (folder) => {
      if (noNamespaces() === undefined) return runInside([process.execPath, fileURLToPath(import.meta.url), inside, folder, ...args])
      process.prependOnceListener('exit', () => endAllSync(folder))
      return measure(folder, options)
    }),
  )
} catch (error) {
  say(`fatal: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(111)
}

/** @returns the exit code. */
async function measure(base: string, options: Options): Promise<number> {
  const began = performance.now()
  const deadline = began + options.minutes * 60_000
  const missing: Partial<Record<ColumnName, string>> = {}
  const versions: Partial<Record<ColumnName, string>> = {}
  for (const name of peerNames) {
    const why = peers[name].whyNot()
    if (why === undefined) versions[name] = peers[name].version()
    else missing[name] = why
  }
  const ground = { base, tools: new Tools(base), peers, quick: options.quick, rounds: options.rounds, deadline, missing, say }
  const watch = new Watch()
  const rows: RowResult[] = []
  const left: { title: string; why: string }[] = []
  const leave = (titles: readonly { title: string }[], why: string): void => void left.push(...titles.map(({ title }) => ({ title, why })))
  for (const act of acts) {
    const isWanted = (name: string): boolean => options.only.length === 0 || options.only.includes(name)
    const wanted = act.rows.filter(({ id }) => isWanted(act.group) || isWanted(id))
    if (wanted.length === 0) continue
    if (act.large === true && !options.large) {
      leave(wanted, 'only with `--large`')
      continue
    }
    if (performance.now() >= deadline) {
      leave(wanted, `the run had had its ${options.minutes} minutes`)
      continue
    }
    const start = performance.now()
    try {
      rows.push(...(await play(act, ground)).filter(({ id }) => wanted.some((row) => row.id === id)))
    } catch (error) {
      leave(wanted, error instanceof Error ? error.message : String(error))
    }
    say(`${act.rows[0]!.id}: ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
  const result: Result = {
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - began) / 1000,
    rounds: options.rounds,
    quick: options.quick,
    machine: watch.end(base),
    versions,
    missing,
    rows,
    left,
  }
  console.log(printed(result))
  for (const reason of reasons(result)) console.log(`– ${reason}`)
  if (options.json !== undefined) fs.writeFileSync(resolve(options.json), `${JSON.stringify(result, null, 2)}\n`)
  if (options.markdown !== undefined) fs.writeFileSync(resolve(options.markdown), page(result))
  return rows.every(({ cells }) => cells.ours?.statistics !== undefined || cells.ours?.why === 'needs root') ? 0 : 1
}

function say(text: string): void {
  console.error(`bench: ${text}`)
}
