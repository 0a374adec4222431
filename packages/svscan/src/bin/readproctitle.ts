/** readproctitle L... D: shows the end of what it reads in its own command line, in the place of D. */
import * as fs from 'node:fs'
import { exitCode, main } from '@daemontools-ts/command'
import { argumentMemory, readInput, restoreSignals, showTitle } from '@daemontools-ts/unix'
import { emptyWindow, slide } from '../readproctitle.ts'

/** readproctitle.c's */
const leastSize = 5

main('readproctitle', (args) => {
  const size = args.at(-1)!.length
  if (args.length < 2 || size < leastSize) process.exit(exitCode.misuse)
  restoreSignals([])
  showTitle('readproctitle') // the process's name, which C has by itself
  const show = commandLine(['readproctitle', ...args.slice(1, -1), ''].join(' '))
  let window = emptyWindow(size)
  show(window)
  const buffer = Buffer.alloc(65536)
  try {
    for (let length; (length = readInput(buffer)) > 0; ) {
      window = slide(window, buffer.subarray(0, length))
      show(window)
    }
  } catch {
    process.exit(exitCode.refused)
  }
})

/**
 * A function that puts text behind a label into this process's command line, byte for byte. process.title would encode it as UTF-8, and
 * give each change to the process's name too. The kernel shows the memory in which argv came until its first NUL, once its last byte is
 * not NUL (setproctitle); that memory also held the runtime's own arguments, so there is room.
 */
function commandLine(label: string): (text: Uint8Array) => void {
  try {
    const [start, end] = argumentMemory()
    const memory = fs.openSync('/proc/self/mem', 'r+')
    const area = Buffer.alloc(end - start)
    area[area.length - 1] = 0x2e
    const at = area.write(label, 'latin1')
    return (text) => {
      area.set(text, at)
      fs.writeSync(memory, area, 0, area.length, start)
    }
  } catch {
    // Without it: whole, but for bytes that are no text.
    return (text) => showTitle(label + Buffer.from(text).toString('latin1'))
  }
}
