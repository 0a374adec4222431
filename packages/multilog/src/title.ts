import * as fs from 'node:fs'
import { showTitle } from '@daemontools-ts/unix'

/** Lets ps show the command instead of the runtime, and pgrep and killall find it. */
export function showAs(args: readonly string[]): void {
  showTitle(['multilog', ...args.slice(1)].join(' '))
  try {
    fs.writeFileSync('/proc/self/comm', 'multilog') // the title has taken this name too
  } catch {
    // it is only a name
  }
}
