/** Log directories and files on the disk. Paths are byte strings. */
import { open, readdir, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { bytes } from '@daemontools-ts/unix'
import { type Entry, orderFiles } from './files.ts'

/** One read. Large enough that its costs do not count, small enough for 200 logs at once. */
export const blockLength = 1 << 17

/** The files of a log directory in order. What goes while we look is left out. */
export async function listLog(path: string): Promise<Entry[]> {
  const names = (await readdir(bytes(path), { encoding: 'latin1' as BufferEncoding })).filter((name) => /^(@|current$|previous$|processed$)/.test(name))
  const entries = await Promise.all(
    names.map(async (name): Promise<Entry[]> => {
      try {
        const { dev, ino, mode, size } = await stat(bytes(`${path}/${name}`), { bigint: true })
        return [{ name, device: dev, inode: ino, mode: Number(mode), size: Number(size) }]
      } catch (error) {
        if (isGone(error)) return []
        throw error
      }
    }),
  )
  return orderFiles(entries.flat())
}

/** Whether names in a directory have changed, by one look at its time: most often none has. */
export class Glance {
  #time: bigint | undefined

  /** Compares with the last time that it was asked. Times that are young are not trusted: another change may have the same. */
  async isAsBefore(path: string): Promise<boolean> {
    const { mtimeNs } = await stat(bytes(path), { bigint: true })
    const isAsBefore = mtimeNs === this.#time
    this.#time = BigInt(Date.now()) * 1_000_000n - mtimeNs > youngest ? mtimeNs : undefined
    return isAsBefore
  }

  forget(): void {
    this.#time = undefined
  }
}

/** Nanoseconds: file systems count in steps. */
const youngest = 2_000_000_000n

export function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** A file of a log that is open: it can be read on when it is renamed, or its name is gone. */
export class LogFile {
  readonly entry: Entry
  readonly #handle: FileHandle
  readonly #buffer = Buffer.allocUnsafe(blockLength)
  /** Of the next byte, in what was written. */
  offset: number
  #unpacked: AsyncIterator<Buffer> | undefined

  /** Throws ENOENT if that name is no longer this file. */
  static async open(path: string, entry: Entry, offset = 0): Promise<LogFile> {
    const handle = await open(bytes(`${path}/${entry.name}`), 'r')
    try {
      const { ino, dev } = await handle.stat({ bigint: true })
      if (ino !== entry.inode || dev !== entry.device) throw Object.assign(new Error(`${entry.name} was replaced`), { code: 'ENOENT' })
      const magic = Buffer.alloc(2)
      if (entry.name.startsWith('@')) await handle.read(magic, 0, 2, 0)
      return new LogFile(handle, entry, offset, magic.equals(gzip))
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  private constructor(handle: FileHandle, entry: Entry, offset: number, isPacked: boolean) {
    this.#handle = handle
    this.entry = entry
    this.offset = offset
    // A failure comes out of the last stream.
    if (isPacked) this.#unpacked = pipeline(Readable.from(this.#blocks()), createGunzip(), () => undefined)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  get isPacked(): boolean {
    return this.#unpacked !== undefined
  }

  /** The next bytes; '' at the end, as it is now. A file that has become shorter begins anew. */
  async read(): Promise<string> {
    if (this.#unpacked !== undefined) return this.#unpack(this.#unpacked)
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, blockLength, this.offset)
    if (bytesRead === 0 && this.offset > 0 && (await this.size()) < this.offset) {
      this.offset = 0
      return this.read()
    }
    this.offset += bytesRead
    return this.#buffer.toString('latin1', 0, bytesRead)
  }

  /** Bytes of any part. */
  async readAt(offset: number, length: number): Promise<string> {
    const buffer = Buffer.allocUnsafe(length)
    let read = 0
    while (read < length) {
      const { bytesRead } = await this.#handle.read(buffer, read, length - read, offset + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return buffer.toString('latin1', 0, read)
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  async close(): Promise<void> {
    await this.#unpacked?.return?.()
    await this.#handle.close()
  }

  /** Skips what is before the offset: there is no other way into the middle. */
  async #unpack(pieces: AsyncIterator<Buffer>): Promise<string> {
    for (;;) {
      const { done, value } = await pieces.next()
      if (done === true) return ''
      const rest = value.subarray(Math.min(this.#skip(value.length), value.length))
      if (rest.length > 0) return rest.toString('latin1')
    }
  }

  async *#blocks(): AsyncGenerator<Buffer> {
    for (let at = 0; ; ) {
      const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(blockLength), 0, blockLength, at)
      if (bytesRead === 0) return
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  /** What was unpacked so far, in bytes. */
  #passed = 0
  #skip(length: number): number {
    const start = this.#passed
    this.#passed += length
    return Math.max(0, this.offset - start)
  }
}

const gzip = Buffer.from([0x1f, 0x8b])
