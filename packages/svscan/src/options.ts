/** svscan's command line. 0.76 has no options: every one of ours begins with two dashes. */

export interface Options {
  dir: string | undefined
  /** How long services may take to stop, in milliseconds; 0: as long as they like. */
  stopTimeout: number
}

/** `docker stop` waits 10 seconds, then the loggers could not read to the end. */
const defaultAsFirstProcess = 8000
/** systemd waits 90. */
const defaultElsewhere = 60_000

/** @param args argv. Undefined: the value of an option is not what it should be. As in 0.76, arguments behind the directory are ignored. */
export function parseOptions([, ...args]: readonly string[], isFirstProcess: boolean): Options | undefined {
  let stopTimeout = isFirstProcess ? defaultAsFirstProcess : defaultElsewhere
  let at = 0
  for (; args[at]?.startsWith('--stop-timeout=') === true; at++) {
    const text = args[at]!.slice('--stop-timeout='.length)
    if (!/^\d{1,6}$/.test(text)) return undefined
    stopTimeout = Number(text) * 1000
  }
  return { dir: args[at], stopTimeout }
}
