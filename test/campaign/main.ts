/** npm run campaign: see options.ts. Exit 0 if nothing was wrong with ours. */
import * as fs from 'node:fs'
import { availableParallelism, release, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../support/compile.ts'
import { noNamespaces, runInside, withScratch } from '../support/shelter.ts'
import { campaign } from './campaign.ts'
import { type Options, readOptions } from './options.ts'
import { peers } from './peers/index.ts'
import { report } from './report.ts'
import type { Result } from './result.ts'

/** The word by which we know that we are inside: then the scratch folder follows, and the seed. */
const inside = '--inside'

try {
  const args = process.argv.slice(2)
  if (args[0] === inside) process.exit(await play(args[1]!, readOptions(args.slice(3), Number(args[2])), undefined))
  const seed = Date.now() % 1_000_000
  const options = readOptions(args, seed)
  say(`seed ${options.seed}`)
  process.exit(
    await withScratch('campaign', (folder) => {
      const reason = noNamespaces()
      if (reason !== undefined) return play(folder, options, reason)
      return runInside([process.execPath, fileURLToPath(import.meta.url), inside, folder, `${seed}`, ...args], folder)
    }),
  )
} catch (error) {
  say(`fatal: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(111)
}

/** @param noSmallDisk Why no disk can be filled. @returns the exit code. */
async function play(base: string, options: Options, noSmallDisk: string | undefined): Promise<number> {
  const { seed, rounds, first, services, only, json } = options
  const tools = join(base, 'tools')
  fs.mkdirSync(tools)
  for (const name of ['sole', 'write-lines']) compile(tools, name)
  const machine = { processors: availableParallelism(), memoryMegabytes: Math.round(totalmem() / 2 ** 20), kernel: release(), node: process.versions.node }
  const result: Result = { seed, rounds, first, services, machine, peers: [] }
  for (const name of only) result.peers.push(await campaign(peers[name], options, { base, tools, noSmallDisk, say }))
  console.log(report(result))
  if (json !== undefined) fs.writeFileSync(resolve(json), `${JSON.stringify(result, null, 2)}\n`)
  return result.peers.some(({ name, violated }) => name === 'ours' && violated > 0) ? 1 : 0
}

function say(text: string): void {
  console.error(text.startsWith('====') ? text : `campaign: ${text}`)
}
