/** Where the log of a service is, by what log/run does and by what its logger has open. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { chainOf, findLogger, parseScript } from '@daemontools-ts/runscript'
import { openPaths } from './processes.ts'

/** Programs whose first operand is the account under which the next one runs. */
const accountLoaders = ['setuidgid', 's6-setuidgid']

/** A log's directory: where log/run says it is, or where the logger has a file `current` open. */
export function findLogDirectory(logDir: string, pid: number): string | undefined {
  const [named] = directoriesOf(readText(join(logDir, 'run'))).map((path) => (path.startsWith('/') ? path : join(logDir, path)))
  if (named !== undefined && fs.existsSync(join(named, 'current'))) return named
  const open = pid === 0 ? undefined : openPaths(pid).find((path) => path.endsWith('/current'))
  return open === undefined ? named : dirname(open)
}

/** The log directories in the script of a multilog or its like. What a variable stands for is not to be known. */
export function directoriesOf(script: string): string[] {
  const logger = findLogger(parseScript(script))
  if (logger?.workingDirectory?.isLiteral !== true) return []
  const folder = logger.workingDirectory.text
  return logger.directories.filter(({ isLiteral }) => isLiteral).map(({ text }) => (text.startsWith('/') || folder === '.' ? text : join(folder, text)))
}

/** The account under which log/run runs its logger, if it says so with setuidgid or its like. */
export function accountOf(script: string): string | undefined {
  const links = parseScript(script).commands.flatMap(({ words }) => chainOf(words))
  const [account] = links.find(({ program }) => accountLoaders.includes(program))?.args ?? []
  return account?.isLiteral === true ? account.text : undefined
}

export function readText(path: string, most = 65_536): string {
  if (!fs.existsSync(path)) return ''
  try {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      const buffer = Buffer.alloc(most)
      return buffer.toString('utf8', 0, fs.readSync(fd, buffer))
    } finally {
      fs.closeSync(fd)
    }
  } catch {
    return ''
  }
}
