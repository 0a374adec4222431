/** The folder in which a row plays: how it is filled, and what is left of it. */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { quote, shown } from './row.ts'

export type Entry = { kind: 'file'; content: string; mode: number } | { kind: 'directory' | 'fifo'; mode: number } | { kind: 'link'; target: string }

/** Entries by path, made in this order; missing parents are made. `.` is the folder itself. */
export type Tree = Readonly<Record<string, Entry>>

export const file = (content = '', mode = 0o644): Entry => ({ kind: 'file', content, mode })
export const program = (content: string): Entry => file(content, 0o755)
export const directory = (mode = 0o755): Entry => ({ kind: 'directory', mode })
export const fifo = (mode = 0o600): Entry => ({ kind: 'fifo', mode })
export const link = (target: string): Entry => ({ kind: 'link', target })

/** Fills a folder. Modes of directories come last, so that nothing is in the way. */
export function layOut(folder: string, tree: Tree): void {
  const at = (path: string): Buffer => Buffer.from(`${folder}/${path}`, 'latin1')
  const entries = Object.entries(tree)
  for (const [path, entry] of entries) {
    const parent = entry.kind === 'directory' ? path : path.slice(0, Math.max(0, path.lastIndexOf('/')))
    fs.mkdirSync(at(parent), { recursive: true, mode: 0o755 })
    if (entry.kind === 'file') fs.writeFileSync(at(path), entry.content, { encoding: 'latin1' })
    else if (entry.kind === 'link') fs.symlinkSync(Buffer.from(entry.target, 'latin1'), at(path))
  }
  for (const [path, entry] of entries.reverse()) if (entry.kind === 'file' || entry.kind === 'directory') fs.chmodSync(at(path), entry.mode)
}

/** What a shell has to do yet, as root: a process of its own for mkfifo(1) is dear. */
export function fifoCommands(tree: Tree): string {
  return Object.entries(tree).map(([path, entry]) => (entry.kind === 'fifo' ? `/usr/bin/mkfifo -m ${entry.mode.toString(8)} ${quote(`./${path}`)}\n` : '')).join('')
}

/** Beyond this a content is told by its hash and its two ends. */
const wholeBytes = 20_000

/**
 * A line for everything in a folder: path, type, mode, owner, and what is in it.
 * @param masked What differs from run to run, replaced: in contents before anything else is made of them, and in the whole line.
 */
export function describe(folder: string, masked: (text: string) => string): string[] {
  return [...walk(folder, '', masked)].map(masked)
}

function* walk(folder: string, below: string, masked: (text: string) => string): Generator<string> {
  const names = fs.readdirSync(Buffer.from(`${folder}/${below}`, 'latin1'), { encoding: 'buffer' }).map((name) => name.toString('latin1'))
  for (const name of names.sort()) {
    const path = `${below}${name}`
    const place = Buffer.from(`${folder}/${path}`, 'latin1')
    const stat = fs.lstatSync(place)
    const head = `${shown(path)} ${(stat.mode & 0o7777).toString(8).padStart(4, '0')} ${stat.uid}:${stat.gid}`
    if (stat.isDirectory()) {
      yield `${head} directory`
      yield* walk(folder, `${path}/`, masked)
    } else if (stat.isSymbolicLink()) yield `${head} link to ${shown(fs.readlinkSync(place, 'buffer').toString('latin1'))}`
    else if (stat.isFile()) {
      const text = masked(fs.readFileSync(place, 'latin1'))
      yield `${head}${stat.nlink === 1 ? '' : ` ${stat.nlink} links`} ${text.length} bytes: ${content(text)}`
    } else yield `${head} ${stat.isFIFO() ? 'fifo' : 'special'}`
  }
}

function content(text: string): string {
  if (text.length <= wholeBytes) return shown(text)
  const hash = createHash('sha1').update(text, 'latin1').digest('hex')
  return `${shown(text.slice(0, 500))} … ${hash} … ${shown(text.slice(-500))}`
}
