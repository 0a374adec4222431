// daemontools-demo [--once] [--commands DIR]: what `npm start` runs, once everything is there.
import { accessSync, constants } from 'node:fs'
import { constants as system } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { narrate } from '../narrator.ts'
import { tour } from '../tour.ts'

const say = (text: string): void => console.error(`demo: ${text}`)
const ours = fileURLToPath(new URL('../../../../../dist/command', import.meta.url))
const options = readOptions()
const interruption = new AbortController()
let signalled: NodeJS.Signals | undefined

// A second Ctrl-C does not shorten the clearing up, which is bounded.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    signalled ??= signal
    interruption.abort()
  })
}
// Nobody reads any more (npm start | head): nothing more to tell, but still to clear up.
process.stdout.on('error', () => {
  signalled ??= 'SIGPIPE'
  interruption.abort()
})

let ready = false
try {
  await tour({ ...options, narrator: narrate(process.stdout, process.env), interruption: interruption.signal, onReady: () => void (ready = true) })
} catch (error) {
  if (signalled === undefined || (error as Error).name !== 'AbortError') {
    say(`fatal: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
}
// To be interrupted after the tour is how it ends.
process.exit(signalled === undefined || ready ? 0 : 128 + system.signals[signalled])

function readOptions(): { once: boolean; commands: string } {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean', default: false }, commands: { type: 'string', default: ours } } })
    if (!isAbsolute(values.commands)) throw new Error('--commands wants an absolute path')
    for (const command of ['svscan', 'supervise', 'svc', 'svstat', 'multilog', 'tai64nlocal', 'setuidgid']) accessSync(join(values.commands, command), constants.X_OK)
    return values
  } catch (error) {
    say(`fatal: ${(error as Error).message}`)
    say('usage: npm start [-- --once] [--commands DIR]')
    process.exit(100)
  }
}
