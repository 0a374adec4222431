/** Without an execve(2) that succeeds: that one is in test/svscan.test.ts. */
import * as fs from 'node:fs'
import t from 'tap'
import { closeOnExec, handOver, receiveHandover } from '../src/handover.ts'
import { assumeInherited, inherited } from '../src/inherited.ts'
import { getLibc } from '../src/native.ts'
import { encodeInherited, type Inherited } from '../src/record.ts'

const before: Inherited = {
  limits: [{ soft: 200n, hard: 2n ** 64n - 1n }],
  ...{ ignoredSignals: 0x1000n, blockedSignals: 1n },
  descriptors: [0, 2],
  args: ['svscan', '/\xff'],
  environment: ['X=\xe9', 'X=2', 'odd'],
}
const isCloseOnExec = (fd: number): boolean => /^flags:\t02/m.test(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))
const count = (): number => fs.readdirSync('/proc/self/fd').length

/** A memory file, as handOver() leaves one. */
function memo(name: string, text: string): number {
  const fd = getLibc().memfd_create(Buffer.from(`${name}\0`), 0)
  fs.writeFileSync(fd, text)
  return fd
}

t.test('receiveHandover: nothing, where this process was started in the ordinary way', async (t) => {
  const found = inherited()
  t.equal(receiveHandover(), undefined)
  t.equal(inherited(), found)
})

t.test('receiveHandover: the document, once, and what was inherited before', async (t) => {
  const open = count()
  const document = JSON.stringify({ text: '\xff\u20ac\n\0' })
  const fd = memo('handover', JSON.stringify({ inherited: encodeInherited(before).toString('latin1'), document }))
  const other = memo('launch', '')
  assumeInherited({ ...before, descriptors: [0, 1, 2, other, fd, 9999] })
  t.equal(receiveHandover(), document)
  t.strictSame(inherited(), before)
  t.equal(receiveHandover(), undefined)
  fs.closeSync(other)
  t.equal(count(), open, 'the memory file is closed')
})

t.test('handOver: the errno, and everything is as it was', async (t) => {
  const scratch = t.testdir({ file: 'x', program: 'no program' })
  fs.chmodSync(`${scratch}/program`, 0o755)
  const fd = fs.openSync(`${scratch}/file`, 'r')
  const open = count()
  t.equal(handOver(`${scratch}/none`, '{}', [fd]), 2)
  t.equal(handOver(`${scratch}/file`, '{}', [fd]), 13)
  t.equal(handOver(`${scratch}/program`, '{}', [fd]), 8)
  t.ok(isCloseOnExec(fd), 'a program that is started later does not get it')
  t.equal(count(), open)
  fs.closeSync(fd)
})

t.test('closeOnExec', async (t) => {
  const fd = memo('x', '')
  t.notOk(isCloseOnExec(fd))
  closeOnExec([fd])
  t.ok(isCloseOnExec(fd))
  fs.closeSync(fd)
})
