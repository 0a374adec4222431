import * as fs from 'node:fs'
import t from 'tap'
import { drainPipe, makePipe } from '../src/pipe.ts'

t.test('makePipe: a pipe whose ends are closed on exec', async (t) => {
  const { read, write } = makePipe()
  t.ok(fs.fstatSync(read).isFIFO() && fs.fstatSync(write).isFIFO())
  t.equal(fs.fstatSync(read).ino, fs.fstatSync(write).ino, 'the two ends of one')
  for (const fd of [read, write]) t.match(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'), /^flags:\t0200000[01]$/m)
  fs.writeSync(write, 'x'.repeat(10000))
  fs.closeSync(write)
  drainPipe(read)
  t.equal(fs.readSync(read, Buffer.alloc(1)), 0, 'drained to its end')
  fs.closeSync(read)
  drainPipe(read)
  t.pass('what cannot be read has ended')
})
