import type { Line } from './line.ts'

/** Lines in the order of their places, some at a time. */
export interface Source<L extends { place: string } = Line> {
  /** The next lines, at least one; undefined when there are none for now. */
  read(): Promise<L[] | undefined>
}

/** Lines in the order of time, and the number of the source of each. Two lists, because there are millions of them. */
export interface Merged<L extends { place: string } = Line> {
  lines: L[]
  sources: number[]
}

interface Head<L> {
  source: number
  lines: L[]
  at: number
  place: string
}

/**
 * All sources in the order of time, each in its own order; of lines with the same label those of the first source come first. It holds one
 * batch of each source, and gives what can be told before one of them has to be asked for more.
 */
export async function* merge<L extends { place: string }>(sources: readonly Source<L>[]): AsyncGenerator<Merged<L>> {
  const heap: Head<L>[] = []
  for (const [source] of sources.entries()) {
    const lines = await sources[source]!.read()
    if (lines !== undefined) rise(heap, headOf(source, lines))
  }
  while (heap.length > 0) {
    yield take(heap)
    const { source } = heap[0]!
    const lines = await sources[source]!.read()
    if (lines !== undefined) sink(heap, headOf(source, lines))
    else {
      const last = heap.pop()!
      if (heap.length > 0) sink(heap, last)
    }
  }
}

/** Up to the end of the batch of one source, which is then the first of the heap. */
function take<L extends { place: string }>(heap: Head<L>[]): Merged<L> {
  const merged: Merged<L> = { lines: [], sources: [] }
  for (;;) {
    const head = heap[0]!
    const { source, lines } = head
    const end = runEnd(head, rivalOf(heap))
    for (let at = head.at; at < end; at++) {
      merged.lines.push(lines[at]!)
      merged.sources.push(source)
    }
    if (end === lines.length) return merged
    head.at = end
    head.place = lines[end]!.place
    sink(heap, head)
  }
}

function headOf<L extends { place: string }>(source: number, lines: L[]): Head<L> {
  return { source, lines, at: 0, place: lines[0]!.place }
}

/** How far a source may go on before another one is due. */
function runEnd<L extends { place: string }>({ source, lines, at }: Head<L>, rival: Head<L> | undefined): number {
  if (rival === undefined) return lines.length
  const { place: limit } = rival
  const isFirst = source < rival.source
  let end = at + 1
  for (; end < lines.length; end++) {
    const { place } = lines[end]!
    if (place > limit || (place === limit && !isFirst)) break
  }
  return end
}

/** The one that is due after the first: one of the heap's second row. */
function rivalOf<L>(heap: readonly Head<L>[]): Head<L> | undefined {
  const [, left, right] = heap
  if (left === undefined || right === undefined) return left
  return isBefore(right, left) ? right : left
}

function isBefore<L>(one: Head<L>, other: Head<L>): boolean {
  return one.place < other.place || (one.place === other.place && one.source < other.source)
}

/** Puts one more into the heap. */
function rise<L>(heap: Head<L>[], head: Head<L>): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(head, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = head
}

/** Puts one in the place of the first. */
function sink<L>(heap: Head<L>[], head: Head<L>): void {
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (child >= heap.length || !isBefore(heap[child]!, head)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = head
}
