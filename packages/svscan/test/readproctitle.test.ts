/** What readproctitle shows, against readproctitle.c's loop. Its command line as the kernel shows it is in test/boot.test.ts. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { emptyWindow, slide } from '../src/readproctitle.ts'

/** readproctitle.c: dots, then each byte that is not NUL moves all but the first three to the left and comes last. */
function modelled(size: number, input: Uint8Array): number[] {
  const window = Array<number>(size).fill(0x2e)
  for (const byte of input) {
    if (byte === 0) continue
    for (let at = 4; at < size; at++) window[at - 1] = window[at]!
    window[size - 1] = byte
  }
  return window
}

/** NULs and dots more often than chance would. */
const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 0x2e, 0x0a))
const chunks = fc.array(fc.array(byte, { maxLength: 30 }).map((bytes) => Uint8Array.from(bytes)), { maxLength: 8 })

t.test('slide shows the last bytes, however the input was cut', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 40 }), chunks, (size, chunks) => {
      const shown = chunks.reduce(slide, emptyWindow(size))
      assert.deepEqual([...shown], modelled(size, Buffer.concat(chunks)))
    }),
    { numRuns: 500 },
  )
})

t.test('slide at every split of one input', async (t) => {
  const input = Buffer.from('svscan: warning: unable to stat x\0: file does not exist\n\0\0')
  for (const size of [5, 6, 20, 400]) {
    for (let at = 0; at <= input.length; at++) {
      const shown = slide(slide(emptyWindow(size), input.subarray(0, at)), input.subarray(at))
      t.same([...shown], modelled(size, input), `${size} bytes, split at ${at}`)
    }
  }
})

t.test('slide leaves the window that it was given', async (t) => {
  const window = emptyWindow(5)
  slide(window, Buffer.from('ab'))
  t.equal(Buffer.from(window).toString(), '.....')
})
