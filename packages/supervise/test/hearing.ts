import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** What this process writes to its standard error until the test ends, in the place of it. */
export function hear(t: { teardown(undo: () => void): void }): { lines: string[] } {
  const heard: { lines: string[] } = { lines: [] }
  const { writeSync } = fs
  const replaceBy = (write: typeof writeSync): void => {
    fs.writeSync = write
    syncBuiltinESMExports()
  }
  const write = (fd: number, bytes: Buffer, ...rest: number[]): number => {
    if (fd !== 2) return writeSync(fd, bytes, ...rest)
    heard.lines.push(...bytes.toString('latin1').split('\n').slice(0, -1))
    return bytes.length
  }
  replaceBy(write as typeof writeSync)
  t.teardown(() => replaceBy(writeSync))
  return heard
}
