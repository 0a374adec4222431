/** What svctl finds around it: the variables and terminals that its caller has. */
import { resolve } from 'node:path'
import * as tty from 'node:tty'
import { getenv, inherited } from '@daemontools-ts/unix'
import { hasColors } from './color.ts'
import type { Globals } from './command.ts'

/** Where there is no terminal, lines are as long as they are. */
const endless = Number.POSITIVE_INFINITY

export interface Context {
  /** The service folder. */
  root: string
  json: boolean
  /** Whether standard output gets colours. */
  color: boolean
  /** Whether standard output is one. */
  isTerminal: boolean
  /** Characters in a line of standard output. */
  width: number
}

export function contextOf({ root, json = false, color }: Globals): Context {
  const isTerminal = tty.isatty(1)
  // A program that reads of a path may be elsewhere.
  return { root: json ? resolve(root) : root, json, isTerminal, color: !json && (color ?? hasColors(isTerminal, variable)), width: isTerminal ? (process.stdout.columns || 80) : endless }
}

/** A variable of our caller's environment, as text. The runtime's own environment is empty: docs/design/launch.md. */
export function variable(name: string): string | undefined {
  const value = getenv(inherited().environment, name)
  return value === undefined ? undefined : toText(value)
}

/** Bytes, one a character, as the text that they are in UTF-8. */
export function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
