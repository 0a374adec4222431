import { controls } from '@daemontools-ts/servicedir'
import type { Command, Globals } from '../command.ts'
import { entries, nameOf } from '../commands.ts'
import { completionScript, type Shell, shells } from '../completion.ts'
import { Misuse } from '../failure.ts'
import { write } from '../output.ts'

export interface CompletionArguments extends Globals {
  shell: string
}

const options = [
  { name: '--root', describe: 'the service folder' },
  { name: '--json', describe: 'as JSON' },
  { name: '--color', describe: 'with colours' },
  { name: '--no-color', describe: 'without colours' },
  { name: '--wait', describe: 'until it is up, ready or down' },
  { name: '--timeout', describe: 'seconds to wait' },
  { name: '--for', describe: 'seconds that it has to be up' },
  { name: '--follow', describe: 'go on with what happens from now on' },
  { name: '--lines', describe: 'so many lines of the log' },
  { name: '--since', describe: 'of the log: from then on' },
  { name: '--until', describe: 'of the log: up to then' },
  { name: '--grep', describe: 'of the log: what matches' },
  { name: '--help', describe: 'explain' },
  { name: '--version', describe: 'say the version' },
]

export const command: Command<CompletionArguments> = {
  builder: (yargs) => yargs.positional('shell', { type: 'string', demandOption: true, describe: shells.join(', ') }).example('svctl completion bash > /etc/bash_completion.d/svctl', 'for everybody'),
  handler: ({ shell }) => {
    if (!isShell(shell)) throw new Misuse(`unknown shell ${shell}`, `there are ${shells.join(', ')}`)
    const commands = [...entries.map((entry) => ({ name: nameOf(entry), describe: entry.describe })), { name: 'help', describe: 'explain a command' }]
    write(completionScript(shell, { commands, options, letters: [...controls].map(([letter, { word }]) => ({ letter, word })) }))
  },
}

function isShell(word: string): word is Shell {
  return shells.some((shell) => shell === word)
}
