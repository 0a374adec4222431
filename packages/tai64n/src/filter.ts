import { exitCode } from '@daemontools-ts/command'
import { feelFileSizeLimit, readInput, restoreSignals, writeOutput } from '@daemontools-ts/unix'

/** Copies standard input to standard output through a function, each piece written before the next is read. Errors: 111, without a word, as in C. */
export function filter(translate: (piece: Buffer) => Buffer, end: () => Buffer): void {
  restoreSignals([])
  feelFileSizeLimit()
  const buffer = Buffer.alloc(65536)
  try {
    for (let length; (length = readInput(buffer)) > 0; ) writeOutput(translate(buffer.subarray(0, length)))
    writeOutput(end())
  } catch {
    process.exit(exitCode.refused)
  }
}
