import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { readMounts, remoteMount } from '../src/local.ts'

/** proc(5): number, parent, major:minor, root, mount point, options, optional fields, a dash, type, source, options. */
const line = (point: string, type: string, { optional = 'shared:1 ', source = '/dev/x' } = {}): string =>
  `36 35 8:1 / ${point} rw,noatime ${optional}- ${type} ${source} rw,errors=continue`

t.test('readMounts: file systems of this machine, by mount point', async (t) => {
  const types = { '/': 'ext4', '/proc': 'proc', '/tmp': 'tmpfs', '/home': 'nfs4', '/mnt': 'fuse.sshfs', '/a': 'cifs', '/b': 'autofs', '/c': 'ext', '/d': 'overlay', '/e': 'btrfs' }
  const mounts = readMounts(Object.entries(types).map(([point, type]) => line(point, type)).join('\n'))
  t.strictSame(Object.fromEntries(mounts), { '/': true, '/proc': false, '/tmp': true, '/home': false, '/mnt': false, '/a': false, '/b': false, '/c': false, '/d': true, '/e': true })
})

t.test('readMounts: the last one on a point counts', async (t) => {
  t.strictSame([...readMounts(`${line('/a', 'nfs')}\n${line('/a', 'ext4')}\n`)], [['/a', true]])
  t.strictSame([...readMounts(`${line('/a', 'ext4')}\n${line('/a', 'nfs')}\n`)], [['/a', false]])
})

t.test('readMounts: with none, one and many optional fields', async (t) => {
  for (const optional of ['', 'shared:2 ', 'shared:2 master:1 propagate_from:3 ']) t.strictSame([...readMounts(line('/', 'xfs', { optional }))], [['/', true]], optional)
})

t.test('readMounts: blanks in names are escaped, and no name is taken for something else', async (t) => {
  for (const [escaped, point] of [['/a\\040b', '/a b'], ['/a\\040-\\040tmpfs', '/a - tmpfs'], ['/-', '/-'], ['/a\\011b\\012c\\134', '/a\tb\nc\\']] as const) {
    t.strictSame([...readMounts(line(escaped, 'nfs', { source: 'server:/a\\040-\\040ext4' }))], [[point, false]], point)
    t.strictSame([...readMounts(line(escaped, 'ext4', { source: '/dev/disk/by-label/a\\040-\\040nfs' }))], [[point, true]], point)
  }
  t.strictSame([...readMounts(line('/', 'ext4', { source: 'none' }) + ' - nfs')], [['/', true]])
})

t.test('readMounts: what is no mountinfo', async () => {
  fc.assert(fc.property(fc.string(), (text) => readMounts(text).size === 0))
  fc.assert(fc.property(fc.array(fc.constantFrom('', '\n', ' - ', '36', '/', '\n\n', ' ')), (parts) => ![...readMounts(parts.join('')).values()].includes(true)))
})

t.test('readMounts: the kernel\'s own text', async (t) => {
  const read = (): Map<string, boolean> => readMounts(readFileSync('/proc/self/mountinfo', 'latin1'))
  t.equal(read().get('/proc'), false, 'proc is no file system for services')
  const folder = mkdtempSync(join(tmpdir(), 'svscan a '))
  t.teardown(() => rmdirSync(folder))
  try {
    if (process.getuid!() !== 0) throw new Error('only root can mount a disk')
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    return void t.pass('a new disk: not tried', { skip: String(error) })
  }
  const mounts = read()
  execFileSync('umount', [folder])
  t.equal(mounts.get(folder), true, 'a new disk')
  t.notOk(read().has(folder))
})

const mounts = new Map([['/', true], ['/srv/far', false], ['/srv/two words', false], ['/srv/near', true], ['/proc', false]])

/** Where it leads off this machine, and what was asked of the disk. */
function resolve(path: string, links: Record<string, string> = {}, directory = '/service') {
  const asked: string[] = []
  const mount = remoteMount(directory, path, mounts, (path) => (asked.push(path), links[path]))
  return { mount, asked }
}

t.test('remoteMount: directories and links on this machine', async (t) => {
  t.strictSame(resolve('a'), { mount: undefined, asked: ['/service/a'] })
  t.strictSame(resolve('a/log', { '/service/a': '/var/svc.d/a' }), { mount: undefined, asked: ['/service/a', '/var', '/var/svc.d', '/var/svc.d/a', '/var/svc.d/a/log'] })
  t.strictSame(resolve('a', { '/service/a': '../srv/near/./a//' }), { mount: undefined, asked: ['/service/a', '/srv', '/srv/near', '/srv/near/a'] })
  t.equal(resolve('a', { '/service/a': '../../../../srv/near' }).mount, undefined, 'above / is /')
  t.equal(resolve('a', { '/service/a': 'a' }).mount, undefined, 'a loop is refused at once')
  t.strictSame(resolve('srv', {}, '/'), { mount: undefined, asked: ['/srv'] })
})

t.test('remoteMount: nothing is asked of what may not answer', async (t) => {
  t.strictSame(resolve('a', { '/service/a': '/srv/far/a' }), { mount: '/srv/far', asked: ['/service/a', '/srv'] })
  t.strictSame(resolve('a', { '/service/a': 'b', '/service/b': '/srv/two words' }), { mount: '/srv/two words', asked: ['/service/a', '/service/b', '/srv'] })
  t.strictSame(resolve('a', { '/service/a': '/old', '/old': 'srv/far' }), { mount: '/srv/far', asked: ['/service/a', '/old', '/srv'] })
  t.strictSame(resolve('far/x', {}, '/srv'), { mount: '/srv/far', asked: [] }, 'a mount point in the folder itself')
  t.equal(resolve('a', { '/service/a': '/proc/5/cwd' }).mount, '/proc')
})
