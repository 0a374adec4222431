/** A folder of messages, one file each, in the order of their names. Files whose names begin with a dot are not there yet. */
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Message } from './pop3.ts'

/** The messages of a folder. One that goes away meanwhile is left out. */
export async function readMaildrop(folder: string): Promise<readonly Message[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  const messages = await Promise.all(names.map((name) => readMessage(folder, name)))
  return messages.filter((message) => message !== undefined)
}

/** Adds a message, whole or not at all: written beside under a name with a dot, then renamed. The text is a byte string. */
export async function addMessage(folder: string, name: string, text: string): Promise<void> {
  const beside = join(folder, '.' + name)
  const file = await open(beside, 'w', 0o644)
  try {
    await file.writeFile(text, 'latin1')
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, join(folder, name))
}

export async function removeMessages(folder: string, messages: readonly Message[]): Promise<void> {
  for (const { uid } of messages) await rm(join(folder, uid), { force: true })
}

async function readMessage(folder: string, name: string): Promise<Message | undefined> {
  try {
    return { uid: name, text: toCrlf(await readFile(join(folder, name), 'latin1')) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** On disk lines end in LF, on the wire in CRLF. */
function toCrlf(text: string): string {
  const lines = text.replace(/\r?\n/g, '\r\n')
  return lines === '' || lines.endsWith('\r\n') ? lines : lines + '\r\n'
}
