/** Which file systems answer at once: those of this machine. A look at any other may never come back (a dead server, a hung FUSE program). */

const localTypes = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'f2fs', 'jfs', 'reiserfs', 'bcachefs', 'vfat', 'exfat', 'ntfs3', 'iso9660', 'udf'],
  ...['tmpfs', 'ramfs', 'devtmpfs', 'overlay', 'squashfs', 'erofs', 'btrfs', 'zfs'],
])

/**
 * The devices that carry local file systems, as stat(2) numbers them. btrfs and zfs number their subvolumes otherwise: those count as remote.
 * @param mountinfo The text of /proc/self/mountinfo, proc(5).
 */
export function localDevices(mountinfo: string): Set<bigint> {
  const devices = new Set<bigint>()
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const [major, minor] = (before?.split(' ')[2] ?? '').split(':').map(Number)
    const type = after?.split(' ')[0]
    if (type !== undefined && localTypes.has(type)) devices.add(makeDevice(BigInt(major!), BigInt(minor!)))
  }
  return devices
}

/** The C library's makedev(3). */
function makeDevice(major: bigint, minor: bigint): bigint {
  return ((major & 0xfffff000n) << 32n) | ((major & 0xfffn) << 8n) | ((minor & 0xffffff00n) << 12n) | (minor & 0xffn)
}
