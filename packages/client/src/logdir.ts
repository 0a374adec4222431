/** Where the log of a service is. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { openPaths } from './processes.ts'

/** A log's directory: where log/run says it is, or where the logger has a file `current` open. */
export function findLogDirectory(logDir: string, pid: number): string | undefined {
  const named = directoriesOf(readText(join(logDir, 'run'))).map((path) => (path.startsWith('/') ? path : join(logDir, path)))
  const [first] = named
  if (first !== undefined && fs.existsSync(join(first, 'current'))) return first
  const open = pid === 0 ? undefined : openPaths(pid).find((path) => path.endsWith('/current'))
  return open === undefined ? first : dirname(open)
}

/** The directories in the script of a multilog, s6-log, svlogd or cyclog: its words that begin with a dot or a slash. A word with a variable is nobody's to know. */
export function directoriesOf(script: string): string[] {
  const line = script.replaceAll('\\\n', ' ').split('\n').find((each) => /^[^#]*\b(multilog|s6-log|svlogd|cyclog)\b/.test(each))
  if (line === undefined) return []
  const words = line.slice(line.search(/\b(multilog|s6-log|svlogd|cyclog)\b/)).split(/\s+/).slice(1)
  return words.map((word) => word.replace(/^(['"])(.*)\1$/, '$2')).filter((word) => /^[./]/.test(word) && !/[$`*]/.test(word))
}

/** The account under which log/run runs its logger, if it says so with setuidgid or its like. */
export function accountOf(script: string): string | undefined {
  return /\b(?:s6-setuidgid|setuidgid)\s+([\w.-]+)\s/.exec(script.replace(/^\s*#.*$/gm, ''))?.[1] ?? /\bchpst\s.*?-u\s*([\w.-]+)/.exec(script)?.[1]
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
