/** svscan's command line. 0.76 has no options: ours has two dashes, so that no folder is taken for it. */

export interface Options {
  dir: string | undefined
  /** How long services may take to stop, in milliseconds; 0: as long as they like. */
  stopTimeout: number
}

const stopOption = '--stop-timeout'
/** `docker stop` waits 10 seconds; by then the loggers have to have read to the end. */
const defaultAsFirstProcess = 8000
/** systemd waits 90. */
const defaultElsewhere = 60_000

/** @param args argv. Undefined: an option lacks its number. As in 0.76, arguments behind the directory are ignored. */
export function parseOptions([, ...args]: readonly string[], isFirstProcess: boolean): Options | undefined {
  const [first, value] = args[0]?.split('=', 2) ?? []
  if (first !== stopOption) return { dir: args[0], stopTimeout: isFirstProcess ? defaultAsFirstProcess : defaultElsewhere }
  const seconds = value ?? args[1] ?? ''
  if (!/^\d{1,6}$/.test(seconds)) return undefined
  return { dir: args[value === undefined ? 2 : 1], stopTimeout: Number(seconds) * 1000 }
}
