import { getopt, type Option } from '@daemontools-ts/command'
import type { Limit } from '@daemontools-ts/unix'

/** Linux's numbers, the same on every architecture that Node runs on: the places in a record's limits. */
const CPU = 0, FSIZE = 1, DATA = 2, STACK = 3, CORE = 4, RSS = 5, NPROC = 6, NOFILE = 7, MEMLOCK = 8, AS = 9

/** Which limits a letter sets. */
const resources: Readonly<Record<string, readonly number[]>> = {
  a: [AS],
  c: [CORE],
  d: [DATA],
  f: [FSIZE],
  l: [MEMLOCK],
  m: [DATA, STACK, MEMLOCK, AS],
  o: [NOFILE],
  p: [NPROC],
  r: [RSS],
  s: [STACK],
  t: [CPU],
}

const letters = Object.keys(resources).map((letter) => `${letter}:`).join('')

const usage =
  'softlimit: usage: softlimit [-a allbytes] [-c corebytes] [-d databytes] [-f filebytes] [-l lockbytes] [-m membytes] [-o openfiles] [-p processes] [-r residentbytes] [-s stackbytes] [-t cpusecs] child'

export type Request = { limits: Limit[]; child: string[] } | { complaints: string[] }

/**
 * What softlimit's command line asks for.
 * @param args argv. @param limits Those that were inherited.
 */
export function parseRequest(args: readonly string[], limits: readonly Limit[]): Request {
  const parsed = getopt(args, letters)
  const changed = applyOptions(limits, 'complaint' in parsed ? optionsBefore(args) : parsed.options)
  if (changed === undefined) return { complaints: [usage] }
  if ('complaint' in parsed) return { complaints: [parsed.complaint, usage] }
  if (parsed.operands.length === 0) return { complaints: [usage] }
  return { limits: changed, child: parsed.operands }
}

/** The limits after these options, in order. Undefined if a value is neither a number nor `=`. */
export function applyOptions(limits: readonly Limit[], options: readonly Option[]): Limit[] | undefined {
  const changed = [...limits]
  for (const { letter, argument } of options) {
    for (const resource of resources[letter]!) {
      const { hard } = changed[resource]!
      const soft = parseValue(argument!, hard)
      if (soft === undefined) return undefined
      changed[resource] = { soft, hard }
    }
  }
  return changed
}

/** An unsigned long as scan_ulong reads it, modulo 2^64, no digits being 0; never more than the hard limit. */
function parseValue(text: string, hard: bigint): bigint | undefined {
  if (text === '=') return hard
  if (!/^[0-9]*$/.test(text)) return undefined
  const value = BigInt.asUintN(64, BigInt(text === '' ? 0 : text))
  return value > hard ? hard : value
}

/**
 * The options before the one that getopt complains of. C acts on each at once, so a bad value among them is what it ends at. Every option
 * takes an argument, so that one begins a word.
 */
function optionsBefore(args: readonly string[]): Option[] {
  for (let count = args.length - 1; count > 0; count--) {
    const parsed = getopt(args.slice(0, count), letters)
    if ('options' in parsed) return parsed.options
  }
  return []
}
