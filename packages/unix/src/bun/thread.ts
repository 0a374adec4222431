/** Calls that may take for ever, each on a thread of its own: kept for the next one. */
import type { Type } from './declaration.ts'

export interface Call {
  library: string
  symbol: string
  args: Type[]
  returns: Type
}

/** Runs in the other thread. The words that are addresses mean the same there. */
const source = `
import { dlopen } from 'bun:ffi'
const known = new Map()
onmessage = ({ data: { call: { library, symbol, args, returns }, words } }) => {
  if (!known.has(symbol)) known.set(symbol, dlopen(library, { [symbol]: { args, returns } }).symbols[symbol])
  postMessage(Number(known.get(symbol)(...words)))
}`

const idle: Worker[] = []

export function callElsewhere(call: Call, words: readonly (number | bigint | null)[], done: (result: number) => void): void {
  const worker = idle.pop() ?? new Worker(URL.createObjectURL(new Blob([source])))
  worker.onmessage = ({ data }: { data: number }) => {
    idle.push(worker)
    done(data)
  }
  worker.postMessage({ call, words })
}

interface Worker {
  onmessage: (event: { data: number }) => void
  postMessage(message: unknown): void
}

declare const Worker: new (url: string) => Worker
