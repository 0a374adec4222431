import type { ArgumentsCamelCase, Argv } from 'yargs'

/** The options that every subcommand has. */
export interface Globals {
  /** The service folder. */
  root: string
  json: boolean | undefined
  /** undefined: as the terminal wishes. */
  color: boolean | undefined
}

/**
 * A subcommand: src/commands/NAME.ts exports it as `command`, in the shape of a yargs CommandModule. What it is called and takes is
 * in commands.ts, because that has to be known without loading it.
 */
export interface Command<Args extends Globals = Globals> {
  builder(yargs: Argv<Globals>): Argv<Args>
  /** Throws Failure. */
  handler(args: ArgumentsCamelCase<Args>): void | Promise<void>
}
