import * as fs from 'node:fs'
import { showTitle } from '@daemontools-ts/unix'

/** Lets ps show the command instead of the runtime, and pgrep and killall find it. */
export function showAs(name: string, args: readonly string[]): void {
  showTitle([name, ...args.slice(1)].join(' '))
  try {
    fs.writeFileSync('/proc/self/comm', name) // the title has taken this name too
  } catch {
    // it is only a name
  }
}
