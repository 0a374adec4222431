/** The C library's functions that neither Node nor the posix package has. Loaded on first use: svc and svstat never do. */
import { createRequire } from 'node:module'
import type * as Koffi from 'koffi'
import { type Libc, libcDeclarations } from './libc.ts'

const require = createRequire(import.meta.url)

/** What we use of the npm package posix, which ships no types. Each throws an error with `errno`, or one without where the C function gave none. */
export interface Posix {
  getpwnam(name: string): { uid: number; gid: number; dir: string; shell: string }
  /** `null` is no limit. */
  getrlimit(name: 'nofile'): { soft: number | null; hard: number | null }
  setrlimit(name: 'fsize' | 'nofile', limits: { soft: number; hard?: number }): void
  setregid(real: number, effective: number): void
  setreuid(real: number, effective: number): void
  setsid(): number
}

/** What node-pty offers beneath its interface, which would read our ends itself, as text. Our end is non-blocking. */
export interface NodePty {
  open(columns: number, rows: number): { master: number; slave: number; pty: string }
  resize(fd: number, columns: number, rows: number): void
}

let koffi: typeof Koffi | undefined
let libc: Libc | undefined
let posix: Posix | undefined
let nodePty: NodePty | undefined

export function getLibc(): Libc {
  return (libc ??= bind())
}

/** errno of the last call through getLibc(). */
export function errno(): number {
  return koffi!.errno()
}

export function getPosix(): Posix {
  return (posix ??= require('posix') as Posix)
}

export function getNodePty(): NodePty {
  return (nodePty ??= (require('node-pty') as { native: NodePty }).native)
}

/** Set in what `npm run build` bundles: the compiled part of koffi, for this machine. */
declare const koffiBinary: string | undefined

/** By itself the compiled part is there in 5 ms; by way of the package, which looks for it each time, and loads modules to warn of old names, in 11. */
function loadKoffi(): typeof Koffi {
  try {
    if (typeof koffiBinary !== 'undefined') return require(koffiBinary) as typeof Koffi
  } catch {
    // another version is there by now
  }
  return require('koffi') as typeof Koffi
}

/** Functions by these declarations. @param library The path of the library that has them; null: the C library. */
export function bindFunctions<Functions>(declarations: Record<keyof Functions, string>, library: string | null = null): Functions {
  koffi ??= loadKoffi()
  const loaded = koffi.load(library)
  const bound = Object.entries<string>(declarations).map(([name, declaration]) => [name, loaded.func(declaration)])
  return Object.fromEntries(bound) as unknown as Functions
}

function bind(): Libc {
  const numbers = ['tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year', 'tm_wday', 'tm_yday', 'tm_isdst']
  nameStruct('pollfd', { fd: 'int', events: 'short', revents: 'short' })
  nameStruct('tm', { ...Object.fromEntries(numbers.map((name) => [name, 'int'])), tm_gmtoff: 'long', tm_zone: 'void *' })
  return bindFunctions<Libc>(libcDeclarations)
}

/** The names are koffi's, once for this process: the loader that came before in a chain (chain.ts) may have given them. */
function nameStruct(name: string, fields: Record<string, string>): void {
  koffi ??= loadKoffi()
  try {
    koffi.type(name)
  } catch {
    koffi.struct(name, fields)
  }
}
