/** Which paths answer at once: those on this machine's own file systems. A look at any other may never come back (a dead server, a hung FUSE program). */

const localTypes = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs', 'vfat', 'exfat', 'ntfs3', 'iso9660', 'udf'],
  ...['tmpfs', 'ramfs', 'devtmpfs', 'overlay', 'squashfs', 'erofs', 'btrfs', 'zfs'],
])

/** As many as the kernel follows. */
const mostLinks = 40

/**
 * Whether what is mounted is local, by mount point.
 * @param mountinfo The text of /proc/self/mountinfo, proc(5): what is mounted last on a point hides the others, and is listed last.
 */
export function readMounts(mountinfo: string): Map<string, boolean> {
  const mounts = new Map<string, boolean>()
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const [point, type] = [before?.split(' ')[4], after?.split(' ')[0]]
    if (point !== undefined && type !== undefined) mounts.set(unescape(point), localTypes.has(type))
  }
  return mounts
}

/**
 * The mount point of a file system that may not answer, on the way of a path and all its links; undefined if the path stays on local ones.
 * Nothing is asked of such a file system.
 * @param directory An absolute path without links, where the path begins. @param readLink What a link says; undefined if there is none of that name.
 */
export function remoteMount(directory: string, path: string, mounts: ReadonlyMap<string, boolean>, readLink: (path: string) => string | undefined): string | undefined {
  let at = directory === '/' ? '' : directory
  let links = 0
  const rest = path.split('/')
  for (let name; (name = rest.shift()) !== undefined; ) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
      continue
    }
    const next = `${at}/${name}`
    if (mounts.get(next) === false) return next
    const target = readLink(next)
    if (target === undefined) at = next
    else if (++links > mostLinks) return undefined // the kernel will say so
    else {
      if (target.startsWith('/')) at = ''
      rest.unshift(...target.split('/'))
    }
  }
  return undefined
}

/** Blanks and the like are written as three octal digits. */
function unescape(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}
