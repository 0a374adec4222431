import type { Exit } from '@daemontools-ts/client'

/** An end for a column: `3`, `SEGV`, `?`. */
export function endingOfExit(exit: Exit): string {
  if ('code' in exit) return `${exit.code}`
  return 'signal' in exit ? exit.signal.replace(/^SIG/, '') : '?'
}

/** `exited 3`, `killed by SIGSEGV`, `ended, nobody knows how`. */
export function exitText(exit: Exit): string {
  if ('code' in exit) return `exited ${exit.code}`
  return 'signal' in exit ? `killed by ${exit.signal}` : 'ended, nobody knows how'
}
