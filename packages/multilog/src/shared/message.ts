/** What a stand-in and multilogd tell each other: docs/design/logging.md. The other side of it is packages/unix/launch/standin.c. */
import { bytes } from '@daemontools-ts/unix'
import type { End } from '../request.ts'

/** The longest message to a stand-in, in bytes. */
export const mostBytes = 4096

/** From a stand-in. */
export type Heard =
  | { kind: 'hello'; args: string[] }
  | { kind: 'terminate' | 'alarm' | 'continued' | 'shown' }
  | { kind: 'processed'; end: End | { errno: number } }
  | { kind: 'unknown' }

const version = '1'

/** @param text A message as a byte string, not empty. */
export function parseMessage(text: string): Heard {
  switch (text[0]) {
    case 'H': {
      const [first, ...args] = text.slice(1).split('\0')
      args.pop() // every argument is terminated, so the last piece is empty
      return first === version && args.length > 0 ? { kind: 'hello', args } : { kind: 'unknown' }
    }
    case 'T':
      return { kind: 'terminate' }
    case 'A':
      return { kind: 'alarm' }
    case 'C':
      return { kind: 'continued' }
    case 'e':
      return { kind: 'shown' }
    case 'P': {
      const value = text.charCodeAt(2)
      if (text.length !== 3) return { kind: 'unknown' }
      if (text[1] === 'c') return { kind: 'processed', end: { code: value } }
      if (text[1] === 's') return { kind: 'processed', end: { signal: value } }
      return text[1] === 'f' ? { kind: 'processed', end: { errno: value } } : { kind: 'unknown' }
    }
  }
  return { kind: 'unknown' }
}

export const accepted = bytes('Y')
export const leave = bytes('L')

export function refusal(why: string): Buffer {
  return bytes(`N${why}`.slice(0, mostBytes))
}

export function exitWith(code: number): Buffer {
  return bytes(`X${String.fromCharCode(code)}`)
}

/** @param argument Which of its arguments the processor is. */
export function runArgument(argument: number): Buffer {
  return bytes(`P${argument}`)
}

/**
 * As much of what is to be shown as one message holds, whole lines if possible: what a reader of a pipe sees in one write stays in one.
 * @param texts Each ends with a newline. @returns the message, and what is left.
 */
export function show(texts: readonly string[]): { message: Buffer; rest: string[] } {
  let text = ''
  let count = 0
  while (count < texts.length && text.length + texts[count]!.length < mostBytes) text += texts[count++]!
  if (count > 0) return { message: bytes(`E${text}`), rest: texts.slice(count) }
  const [first, ...others] = texts
  return { message: bytes(`E${first!.slice(0, mostBytes - 1)}`), rest: [first!.slice(mostBytes - 1), ...others] }
}
