/** What tests do with the disk. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Test {
  teardown(undo: () => void): void
}

/** A folder of the test's own, gone after it. */
export function makeFolder(t: Test): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'supervise-'))
  t.teardown(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Mounts a disk of 64 kB there until the end of the test; why not, if that cannot be. */
export function mountSmall(t: Test, folder: string): string | undefined {
  if (process.getuid!() !== 0) return 'only root can mount a small disk'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    return `mount: ${String(error)}`
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]))
  return undefined
}

/** Writes a file until the disk is full. */
export function fill(path: string): void {
  const fd = fs.openSync(path, 'w')
  try {
    for (;;) fs.writeSync(fd, Buffer.alloc(1024))
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error
  } finally {
    fs.closeSync(fd)
  }
}

/** How many descriptors are open. */
export function countDescriptors(): number {
  return fs.readdirSync('/proc/self/fd').length
}
