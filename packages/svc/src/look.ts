import { reason } from '@daemontools-ts/command'
import { parseRecord, recordLength, type Status, statusLength, unpackStatus } from '@daemontools-ts/servicedir'
import { closeFile, errnoOf, fileExists, inDirectory, isVisible, now, openDirectory, openFile, readFile, readStart } from '@daemontools-ts/unix'
import { notedFiles, notes } from './notes.ts'
import { sentence } from './sentence.ts'

const ENXIO = 6

/** svstat's words for a service directory, without its name: its status, or what is in the way. */
export function look(dir: string): string {
  /** What was being attempted: the start of the sentence if it fails. */
  let attempt = 'unable to chdir'
  try {
    return using(openDirectory(dir), (directory) => {
      const at = (name: string): string => inDirectory(directory, name)
      attempt = 'unable to stat down'
      const hasDownFile = fileExists(at('down'))
      attempt = 'unable to open supervise/ok'
      using(openFile(at('supervise/ok'), 'write'), () => undefined)
      attempt = 'unable to open supervise/status'
      return using(openFile(at('supervise/status'), 'read'), (file) => {
        attempt = 'unable to read supervise/status'
        const packed = Buffer.alloc(statusLength)
        const status = unpackStatus(packed.subarray(0, readFile(file, packed)))
        return status === undefined ? `${attempt}: bad format` : sentence(status, hasDownFile, now().seconds) + lookFurther(at, status)
      })
    })
  } catch (error) {
    if (attempt === 'unable to open supervise/ok' && errnoOf(error) === ENXIO) return 'supervise not running'
    return `${attempt}: ${reason(error)}`
  }
}

/** Notes about the optional files; none without such a file, nor where they cannot be told. */
function lookFurther(at: (name: string) => string, status: Status): string {
  const files = notedFiles.filter((name) => isVisible(at(name)))
  if (files.length === 0) return ''
  try {
    const record = parseRecord(readStart(at('supervise/state.json'), recordLength))
    return record === undefined ? '' : notes(record, status, files, now())
  } catch {
    return ''
  }
}

function using<T>(fd: number, use: (fd: number) => T): T {
  try {
    return use(fd)
  } finally {
    closeFile(fd)
  }
}
