import * as fs from 'node:fs'

/** Why a script cannot be executed. */
export type ProgramFault =
  | { type: 'missing' }
  | { type: 'notAFile' }
  | { type: 'notExecutable' }
  | { type: 'interpreter'; interpreter: string }
  /** Its lines end as in Windows, so the interpreter's name has a carriage return. */
  | { type: 'carriageReturn' }

/** Enough for the kernel's first line (BINPRM_BUF_SIZE). */
const firstLine = 256

/** What is in the way of executing a file, as far as its mode and first line tell; undefined: nothing, or it may not be seen. */
export function faultOf(path: string): ProgramFault | undefined {
  try {
    const stat = fs.statSync(path)
    if (!stat.isFile()) return { type: 'notAFile' }
    if ((stat.mode & 0o111) === 0) return { type: 'notExecutable' }
    const interpreter = interpreterOf(readStart(path))
    if (interpreter === undefined) return undefined
    if (interpreter.endsWith('\r')) return { type: 'carriageReturn' }
    return isThere(interpreter) ? undefined : { type: 'interpreter', interpreter }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { type: 'missing' } : undefined
  }
}

/** The program that the first line names; undefined if it names none by an absolute path. */
export function interpreterOf(start: string): string | undefined {
  return /^#![ \t]*(\/[^ \t\n]*)/.exec(start)?.[1]
}

function readStart(path: string): string {
  const fd = fs.openSync(path, 'r')
  try {
    const buffer = Buffer.alloc(firstLine)
    return buffer.toString('utf8', 0, fs.readSync(fd, buffer))
  } finally {
    fs.closeSync(fd)
  }
}

function isThere(path: string): boolean {
  return fs.statSync(path, { throwIfNoEntry: false }) !== undefined
}
