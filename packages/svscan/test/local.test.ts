import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { localDevices } from '../src/local.ts'

/** proc(5): number, parent, major:minor, root, mount point, options, optional fields, a dash, type, source, options. */
const line = (device: string, type: string, { point = '/', optional = 'shared:1 ', source = '/dev/x' } = {}): string =>
  `36 35 ${device} / ${point} rw,noatime ${optional}- ${type} ${source} rw,errors=continue`

t.test('localDevices: file systems of this machine, by device', async (t) => {
  const mountinfo = [
    line('8:1', 'ext4'),
    line('0:21', 'proc', { point: '/proc' }),
    line('0:25', 'tmpfs', { point: '/tmp' }),
    line('0:40', 'nfs4', { point: '/home', source: 'server:/home' }),
    line('0:41', 'fuse.sshfs', { point: '/mnt' }),
    line('0:42', 'cifs'),
    line('0:43', 'autofs'),
    line('0:44', 'ext'),
    line('0:45', 'overlay'),
  ].join('\n')
  t.strictSame(localDevices(mountinfo), new Set([0x801n, 25n, 45n]))
})

t.test('localDevices: with none, one and many optional fields', async (t) => {
  for (const optional of ['', 'shared:2 ', 'shared:2 master:1 propagate_from:3 ']) t.strictSame(localDevices(line('8:1', 'xfs', { optional })), new Set([0x801n]), optional)
})

t.test('localDevices: blanks in names are escaped, and no name is taken for something else', async (t) => {
  for (const point of ['/a\\040b', '/a\\040-\\040tmpfs', '/-', '/a\\011b\\012c\\134']) {
    t.strictSame(localDevices(line('0:40', 'nfs', { point, source: 'server:/a\\040-\\040ext4' })), new Set(), point)
    t.strictSame(localDevices(line('8:1', 'ext4', { point, source: '/dev/disk/by-label/a\\040-\\040nfs' })), new Set([0x801n]), point)
  }
  t.strictSame(localDevices(line('8:1', 'ext4', { source: 'none' }) + ' - nfs'), new Set([0x801n]))
})

t.test('localDevices: device numbers as stat(2) has them', async (t) => {
  // makedev(3) of glibc.
  const numbers: [string, bigint][] = [['8:1', 0x801n], ['259:3', 0x10303n], ['0:300', 0x10002cn], ['4095:255', 0xfffffn], ['4096:256', 0x100000100000n]]
  for (const [device, number] of numbers) t.strictSame(localDevices(line(device, 'ext4')), new Set([number]), device)
})

t.test('localDevices: what is no mountinfo', async () => {
  fc.assert(fc.property(fc.string(), (text) => localDevices(text).size === 0))
  fc.assert(fc.property(fc.array(fc.constantFrom('', '\n', ' - ', '36', '/', '\n\n', ' ')), (parts) => localDevices(parts.join('')).size === 0))
})

t.test('localDevices: the kernel\'s own text', async (t) => {
  const devices = localDevices(readFileSync('/proc/self/mountinfo', 'latin1'))
  t.notOk(devices.has(statSync('/proc', { bigint: true }).dev), 'proc is no file system for services')
  const folder = mkdtempSync(join(tmpdir(), 'svscan-'))
  t.teardown(() => rmdirSync(folder))
  try {
    if (process.getuid!() !== 0) throw new Error('only root can mount a disk')
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    return void t.pass('a new disk: not tried', { skip: String(error) })
  }
  const { dev } = statSync(folder, { bigint: true })
  const now = localDevices(readFileSync('/proc/self/mountinfo', 'latin1'))
  execFileSync('umount', [folder])
  t.ok(now.has(dev), 'a new disk')
})
