/** The arguments of C functions as machine words, and what comes back in them. */
import { ptr } from 'bun:ffi'
import type { Declaration } from './declaration.ts'

export interface Prepared {
  words: (number | bigint | null)[]
  /** Puts what the function has written where the caller looks for it. Until this is called, all that the words point to lives. */
  settle(): void
}

interface Memory {
  bytes: ArrayBufferView
  settle?(): void
  /** What the bytes point to. */
  further?: unknown
}

const pollfdSize = 8
/** struct tm: nine ints, and room for what is behind them. */
const tmSize = 128
const tmFields = ['tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year', 'tm_wday', 'tm_yday', 'tm_isdst']

/** The arguments as machine words. */
export function prepare({ parameters }: Declaration, values: readonly unknown[]): Prepared {
  const memories: Memory[] = []
  const words = parameters.map(({ kind }, index) => {
    const value = values[index]
    if (kind === 'number') return value as number | bigint
    if (value === null || value === undefined) return null
    const memory = memoryOf(kind, value)
    memories.push(memory)
    return memory.bytes.byteLength === 0 ? null : ptr(memory.bytes)
  })
  return { words, settle: () => memories.forEach((memory) => memory.settle?.()) }
}

function memoryOf(kind: string, value: unknown): Memory {
  switch (kind) {
    case 'pointers': {
      const list = value as (Buffer | null)[]
      return { bytes: BigUint64Array.from(list, (one) => (one === null ? 0n : BigInt(ptr(one)))), further: list }
    }
    case 'ints': {
      const list = value as number[]
      const bytes = Int32Array.from(list)
      return { bytes, settle: () => void list.splice(0, list.length, ...bytes) }
    }
    case 'pollfds': {
      const list = value as { fd: number; events: number; revents: number }[]
      const bytes = Buffer.alloc(list.length * pollfdSize)
      list.forEach(({ fd, events }, n) => (bytes.writeInt32LE(fd, n * pollfdSize), bytes.writeInt16LE(events, n * pollfdSize + 4)))
      return { bytes, settle: () => list.forEach((entry, n) => (entry.revents = bytes.readInt16LE(n * pollfdSize + 6))) }
    }
    case 'tm': {
      const bytes = Buffer.alloc(tmSize)
      const fields = value as Record<string, number>
      return { bytes, settle: () => tmFields.forEach((name, n) => (fields[name] = bytes.readInt32LE(n * 4))) }
    }
    case 'int64':
      return { bytes: BigInt64Array.from(value as (number | bigint)[], BigInt) }
    default:
      return { bytes: value as Buffer }
  }
}
