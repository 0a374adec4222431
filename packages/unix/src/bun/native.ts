/** What native.ts is in the standalone executable: the same functions by Bun's foreign function interface. It has the account database and terminals too. */
import { CString, dlopen, read } from 'bun:ffi'
import { SystemError } from '../errno.ts'
import { type Libc, libcDeclarations } from '../libc.ts'
import type { NodePty, Posix } from '../native.ts'
import { type Declaration, parseDeclaration } from './declaration.ts'
import { prepare } from './marshal.ts'

export const library = 'libc.so.6'

type Call = (...values: (number | bigint | null)[]) => number | bigint | null

let location: number | undefined
let lastErrno = 0
let libc: Libc | undefined
let posix: Posix | undefined
let pty: NodePty | undefined

/** errno of the last call through this module. */
export function errno(): number {
  return lastErrno
}

/** Functions by these declarations. @param from The path of the library that has them. */
export function bindFunctions<Functions>(declarations: Record<keyof Functions, string>, from = library): Functions {
  const functions = {}
  for (const [name, text] of Object.entries<string>(declarations)) {
    // On first use: making each is work.
    const get = (): unknown => {
      const value = bind(parseDeclaration(text), from)
      Object.defineProperty(functions, name, { value })
      return value
    }
    Object.defineProperty(functions, name, { get, configurable: true, enumerable: true })
  }
  return functions as Functions
}

function bind(declaration: Declaration, from: string): unknown {
  const { symbol, returns, parameters } = declaration
  const args = parameters.map(({ type }) => type)
  const call = dlopen(from, { [symbol]: { args, returns } }).symbols[symbol] as Call
  const errnoAt = errnoLocation()
  return (...values: unknown[]): number | bigint | null => {
    const { words, settle } = prepare(declaration, values)
    const result = call(...words)
    // Next to the call: nothing of the runtime's own is in between.
    lastErrno = read.i32(errnoAt, 0)
    settle()
    return returns === 'ptr' && result === 0 ? null : result
  }
}

/** Where errno is. To be asked before a call whose errno is wanted: nothing may come in between. */
export function errnoLocation(): number {
  return (location ??= (dlopen(library, { __errno_location: { args: [], returns: 'ptr' } }).symbols['__errno_location'] as () => number)())
}

export function getLibc(): Libc {
  return (libc ??= bindFunctions<Libc>(libcDeclarations))
}

interface Calls {
  getpwnam(name: Buffer): number | null
  getrlimit(resource: number, limits: BigUint64Array): number
  setrlimit(resource: number, limits: BigUint64Array): number
  setregid(real: number, effective: number): number
  setreuid(real: number, effective: number): number
  setsid(): number
  openpty(ends: [number], other: [number], name: Buffer, modes: null, size: Uint16Array): number
  ioctl(fd: number, request: number, argument: Uint16Array): number
}

let calls: Calls | undefined

function getCalls(): Calls {
  return (calls ??= bindFunctions<Calls>({
    getpwnam: 'void *getpwnam(const void *name)',
    getrlimit: 'int getrlimit(int resource, void *limits)',
    setrlimit: 'int setrlimit(int resource, const void *limits)',
    setregid: 'int setregid(unsigned int real, unsigned int effective)',
    setreuid: 'int setreuid(unsigned int real, unsigned int effective)',
    setsid: 'int setsid(void)',
    openpty: 'int openpty(_Out_ int *ends, _Out_ int *other, void *name, void *modes, void *size)',
    ioctl: 'int ioctl(int fd, unsigned long request, void *argument)',
  }))
}

/** Their numbers are the same on all architectures that Bun runs on. */
const resources = { fsize: 1, nofile: 7 }

function expect(call: string, result: number): void {
  if (result === -1) throw new SystemError(call, lastErrno)
}

export function getPosix(): Posix {
  const limitsOf = (resource: number): BigUint64Array => {
    const limits = new BigUint64Array(2)
    expect('getrlimit', getCalls().getrlimit(resource, limits))
    return limits
  }
  const infinity = 0xffffffffffffffffn
  return (posix ??= {
    getpwnam: (name) => {
      // struct passwd: two strings, two ints, three strings
      const entry = getCalls().getpwnam(Buffer.from(`${name}\0`))
      if (entry === null) throw new Error('no such account')
      const text = (offset: number): string => new CString(read.ptr(entry, offset)).toString()
      return { uid: read.u32(entry, 16), gid: read.u32(entry, 20), dir: text(32), shell: text(40) }
    },
    getrlimit: (name) => {
      const [soft, hard] = [...limitsOf(resources[name])].map((limit) => (limit === infinity ? null : Number(limit)))
      return { soft: soft!, hard: hard! }
    },
    setrlimit: (name, { soft, hard }) => {
      const limits = limitsOf(resources[name])
      limits[0] = BigInt(soft)
      if (hard !== undefined) limits[1] = BigInt(hard)
      expect('setrlimit', getCalls().setrlimit(resources[name], limits))
    },
    setregid: (real, effective) => expect('setregid', getCalls().setregid(real, effective)),
    setreuid: (real, effective) => expect('setreuid', getCalls().setreuid(real, effective)),
    setsid: () => {
      const session = getCalls().setsid()
      expect('setsid', session)
      return session
    },
  })
}

/** Terminals, as node-pty opens them. */
export function getNodePty(): NodePty {
  const TIOCSWINSZ = 0x5414
  const sizeOf = (columns: number, rows: number): Uint16Array => Uint16Array.of(rows, columns, 0, 0)
  return (pty ??= {
    open: (columns, rows) => {
      const [master, slave]: [[number], [number]] = [[-1], [-1]]
      const name = Buffer.alloc(4096)
      expect('openpty', getCalls().openpty(master, slave, name, null, sizeOf(columns, rows)))
      const O_NONBLOCK = 0o4000
      const [F_GETFL, F_SETFL] = [3, 4]
      const flags = getLibc().fcntl(master[0], F_GETFL, 0)
      getLibc().fcntl(master[0], F_SETFL, flags | O_NONBLOCK)
      return { master: master[0], slave: slave[0], pty: name.toString('latin1', 0, name.indexOf(0)) }
    },
    resize: (fd, columns, rows) => expect('ioctl', getCalls().ioctl(fd, TIOCSWINSZ, sizeOf(columns, rows))),
  })
}
