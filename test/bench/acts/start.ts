/** How long programs take to start: each loader with `true` at its end, and beside it `true` alone. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Act, Stage } from '../act.ts'
import type { ColumnName } from '../column.ts'
import type { LoaderGround, LoaderName } from '../peer.ts'
import { peers } from '../peers/index.ts'
import { nothing } from '../result.ts'
import { median } from '../statistics.ts'

const program = '/usr/bin/true'

const titles: Readonly<Record<LoaderName, string>> = {
  setuidgid: '`setuidgid account true`',
  envuidgid: '`envuidgid account true`',
  envdir: '`envdir dir true`',
  softlimit: '`softlimit -o 100 true`',
  setlock: '`setlock file true`',
  pgrphack: '`pgrphack true`',
  fghack: '`fghack true`',
  chain: '`setlock … envdir … softlimit … setuidgid … true`',
}

const needRoot: readonly LoaderName[] = ['setuidgid', 'chain']

export const start: readonly Act[] = [bareStart(), ...(Object.keys(titles) as LoaderName[]).map(startOf)]

function startOf(name: LoaderName): Act {
  const id = `start-${name}`
  const argv = (column: ColumnName, ground: LoaderGround): readonly string[] | undefined => (column === 'limit' ? [] : peers[column].loader(name, ground))
  return {
    group: 'start',
    rows: [{ id, title: titles[name], unit: 'ms', better: 'less', limit: '`true`', ...(name === 'chain' && { note: 'runit does it in one program.' }) }],
    lack(column) {
      if (needRoot.includes(name) && process.getuid!() !== 0) return 'needs root'
      return argv(column, nowhere) === undefined ? 'it has no such program' : undefined
    },
    async open(stage) {
      const ground = makeGround(stage.folder)
      return async (column) => ({ [id]: await time(stage, [...argv(column, ground)!, program]) })
    },
  }
}

/** The least that Node can do. */
function bareStart(): Act {
  const id = 'start-nothing'
  return {
    group: 'start',
    rows: [{ id, title: '`node` with an empty file, beside a bare `true`', unit: 'ms', better: 'less', limit: '`true`' }],
    lack: (column) => (column === 'ours' || column === 'limit' ? undefined : nothing),
    async open(stage) {
      const file = join(stage.folder, 'empty.cjs')
      writeFileSync(file, '')
      return async (column) => ({ [id]: await time(stage, column === 'limit' ? [program] : [process.execPath, file]) })
    },
  }
}

const nowhere: LoaderGround = { account: 'nobody', folder: '/', lock: '/' }

function makeGround(base: string): LoaderGround {
  const folder = join(base, 'env')
  mkdirSync(folder)
  chmodSync(base, 0o755)
  const lock = join(base, 'lock')
  writeFileSync(join(folder, 'NAME'), 'value\n')
  writeFileSync(lock, '')
  chmodSync(lock, 0o666) // chpst opens it as the account
  return { account: 'nobody', folder, lock }
}

async function time(stage: Stage, argv: readonly string[]): Promise<number> {
  const spans = await stage.tools.timeStarts(stage.quick ? 5 : 15, argv)
  return median(spans.map(({ begin, end }) => end - begin)) / 1e6
}
