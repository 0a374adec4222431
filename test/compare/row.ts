/** What a comparison is made of: plain values. Texts are byte strings, one character a byte. */
import type { Mask } from './masks.ts'
import type { Tree } from './stage.ts'

export interface Row {
  /** The command it is about. */
  command: string
  /** What is asked of it, in few words; unique within the command. */
  name: string
  /** For /bin/sh, in a folder of its own. Not exported: the commands in $BIN, a folder with `print-inherited` and `surround` in $TOOLS. */
  script: string
  /** What is in the folder before. */
  setup?: Tree
  /** Standard input, a plain file. Default: /dev/null. */
  input?: string
  /** Whose ids it has. Default: root. */
  user?: 'nobody'
  /** Beside PATH=/usr/bin:/bin, or instead. */
  env?: Readonly<Record<string, string>>
  /** What differs from run to run. The folders' names are always masked. */
  masks?: readonly Mask[]
  /** What ours does differently, on purpose. */
  deviation?: Deviation
  /** After which it is taken to hang. */
  deadlineSeconds?: number
}

export interface Deviation {
  /** As in docs/deviations.md, where it must be. */
  name: string
  /** What ours is to be, given theirs: nothing else is allowed. */
  expected: (theirs: Outcome) => Outcome
}

/** What can be told from outside about how it went, masked. */
export interface Outcome {
  /** `exit 0`, `SIGSEGV`, `hung`. */
  end: string
  stdout: string
  stderr: string
  /** A line for each file that is left in the folder. */
  files: readonly string[]
}

/** A word for /bin/sh. */
export function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** The script that is replaced by a command. */
export function call(command: string, ...args: readonly string[]): string {
  return `exec "$BIN/${command}"${args.map((arg) => ` ${quote(arg)}`).join('')}`
}

/** A row that is nothing but a command line. */
export function plainRow(command: string, args: readonly string[], more: Partial<Row> = {}): Row {
  return { command, name: title(command, args), script: call(command, ...args), ...more }
}

/** A command line for a person. */
export function title(command: string, args: readonly string[]): string {
  const line = [command, ...args.map(quote)].join(' ')
  return shown(line.length > 90 ? `${line.slice(0, 80)}… (${line.length} characters)` : line)
}

/** Each byte visible, on one line, and no two texts alike. */
export function shown(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replace(/[^ -~…]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function unshown(text: string): string {
  const plain: Record<string, string> = { n: '\n', t: '\t' }
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex: string | undefined, letter: string) => (hex === undefined ? (plain[letter] ?? letter) : String.fromCharCode(parseInt(hex, 16))))
}
