import { bytes } from '@daemontools-ts/unix'

/** A log directory as the script describes it. */
export interface Directory {
  /** As typed: relative to where multilog was started. */
  path: string
  /** Maximum length of `current`, in bytes. */
  size: number
  /** `current` and old files together may be this many. */
  count: number
  /** For /bin/sh -c. The empty command is a processor too, one that loses every log. */
  processor: string | undefined
}

/** What happens to each line, in this order. */
export type Action =
  | { do: 'select' | 'deselect'; pattern: Uint8Array }
  | { do: 'alert' }
  /** The number counts the status files, the other one the directories. */
  | { do: 'status'; file: number }
  | { do: 'log'; directory: number }

export interface Script {
  timestamp: boolean
  actions: Action[]
  statusFiles: string[]
  directories: Directory[]
}

/** multilog.c, d_init: the smallest and the largest size. */
const sizes = [4096n, 16777215n] as const

/**
 * Reads a script: the arguments, byte strings, without the program's name. There are no wrong scripts: what means nothing is ignored,
 * as is `t` in any place but the first.
 */
export function parseScript(args: readonly string[]): Script {
  const script: Script = { timestamp: args[0]?.[0] === 't', actions: [], statusFiles: [], directories: [] }
  let size = 99999
  let count = 10
  let processor: string | undefined
  for (const arg of args) {
    const rest = arg.slice(1)
    switch (arg[0]) {
      case '+':
        script.actions.push({ do: 'select', pattern: bytes(rest) })
        break
      case '-':
        script.actions.push({ do: 'deselect', pattern: bytes(rest) })
        break
      case 'e':
        script.actions.push({ do: 'alert' })
        break
      case '=':
        script.actions.push({ do: 'status', file: script.statusFiles.push(rest) - 1 })
        break
      case 's':
        size = Number(clamp(scanNumber(rest), ...sizes))
        break
      case 'n':
        count = Number(clamp(scanNumber(rest), 2n))
        break
      case '!':
        processor = rest
        break
      case '.':
      case '/':
        script.actions.push({ do: 'log', directory: script.directories.push({ path: arg, size, count, processor }) - 1 })
    }
  }
  return script
}

/** djb's scan_ulong: leading digits, 0 without any; it wraps at 2^64. */
function scanNumber(text: string): bigint {
  return BigInt.asUintN(64, BigInt(/^[0-9]*/.exec(text)![0]))
}

function clamp(value: bigint, least: bigint, most = value): bigint {
  if (value < least) return least
  return value > most ? most : value
}
