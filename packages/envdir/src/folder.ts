import { closeFile, errnoOf, expectDescriptors, inDirectory, inherited, openDirectory, openFile, readEntries, readWhole, type Setting } from '@daemontools-ts/unix'
import { variableOf } from './variable.ts'

const ENOENT = 2

/** A refusal of the system, and what was refused. */
export class Refusal extends Error {
  readonly why: unknown
  constructor(what: string, why: unknown) {
    super(what)
    this.why = why
  }
}

/** The variables that the files of a directory stand for, in the directory's order. Throws Refusal. */
export function readVariables(path: string): Setting[] {
  attempt('unable to switch to current directory', () => {
    expectDescriptors(inherited(), 1)
    // C opens it in order to come back, and fails where that is not allowed.
    closeFile(openFile('.', 'read'))
  })
  const directory = attempt(`unable to switch to directory ${path}`, () => openDirectory(path))
  const settings: Setting[] = []
  for (const name of listNames(path, directory)) {
    if (name.startsWith('.')) continue
    const text = attempt(`unable to read ${path}/${name}`, () => readEntry(inDirectory(directory, name)))
    if (text !== undefined) settings.push(variableOf(name, text))
  }
  closeFile(directory)
  return settings
}

function listNames(path: string, directory: number): string[] {
  return attempt(`unable to read directory ${path}`, () => {
    expectDescriptors(inherited(), 2)
    return [...readEntries(inDirectory(directory, '.'))]
  })
}

/** Undefined where it has vanished, or is a symbolic link to nothing. */
function readEntry(path: string): string | undefined {
  expectDescriptors(inherited(), 3)
  try {
    return readWhole(path)
  } catch (error) {
    if (errnoOf(error) === ENOENT) return undefined
    throw error
  }
}

function attempt<T>(what: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw new Refusal(what, error)
  }
}
