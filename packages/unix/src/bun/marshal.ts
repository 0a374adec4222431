/** The arguments of C functions as machine words, and what comes back in them. */
import { ptr } from 'bun:ffi'
import type { Declaration } from './declaration.ts'

export interface Prepared {
  words: (number | bigint | null)[]
  /** Puts what the function has written where the caller looks for it. */
  settle(): void
}

const pollfdSize = 8
/** struct tm: nine ints, and room for what is behind them. */
const tmSize = 128
const tmFields = ['tm_sec', 'tm_min', 'tm_hour', 'tm_mday', 'tm_mon', 'tm_year', 'tm_wday', 'tm_yday', 'tm_isdst']

/** The arguments as machine words. What they point to lives at least as long as the result is held. */
export function prepare({ parameters }: Declaration, values: readonly unknown[]): Prepared {
  const settles: (() => void)[] = []
  const held: unknown[] = []
  const words = parameters.map(({ kind }, index) => {
    const value = values[index]
    if (kind === 'number') return value as number | bigint
    if (value === null || value === undefined) return null
    const { memory, settle } = memoryOf(kind, value)
    held.push(memory)
    if (settle !== undefined) settles.push(settle)
    return memory.byteLength === 0 ? null : ptr(memory)
  })
  return { words, settle: () => (settles.forEach((settle) => settle()), void held.length) }
}

function memoryOf(kind: string, value: unknown): { memory: ArrayBufferView; settle?: () => void } {
  switch (kind) {
    case 'pointers': {
      const list = value as (Buffer | null)[]
      const memory = BigUint64Array.from(list, (one) => (one === null ? 0n : BigInt(ptr(one))))
      return { memory }
    }
    case 'ints': {
      const list = value as number[]
      const memory = Int32Array.from(list)
      return { memory, settle: () => list.splice(0, list.length, ...memory) }
    }
    case 'pollfds': {
      const list = value as { fd: number; events: number; revents: number }[]
      const memory = Buffer.alloc(list.length * pollfdSize)
      list.forEach(({ fd, events }, n) => (memory.writeInt32LE(fd, n * pollfdSize), memory.writeInt16LE(events, n * pollfdSize + 4)))
      return { memory, settle: () => list.forEach((entry, n) => (entry.revents = memory.readInt16LE(n * pollfdSize + 6))) }
    }
    case 'tm': {
      const memory = Buffer.alloc(tmSize)
      const fields = value as Record<string, number>
      return { memory, settle: () => tmFields.forEach((name, n) => (fields[name] = memory.readInt32LE(n * 4))) }
    }
    case 'int64':
      return { memory: BigInt64Array.from(value as (number | bigint)[], BigInt) }
    default:
      return { memory: value as Buffer }
  }
}
