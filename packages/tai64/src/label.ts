/**
 * TAI64N labels: http://cr.yp.to/libtai/tai64.html. A label is 2^62 + 10 + the Unix time in 8 bytes, big-endian, and the
 * nanoseconds in 4. The constant 10 is daemontools' idea of TAI: it knows no leap seconds (tai_now.c).
 */
const epoch = 2n ** 62n + 10n

/** A label as two numbers. */
export interface Tai64n {
  /** 2^62 + 10 + seconds since 1970. */
  tai: bigint
  nanoseconds: number
}

/** The label of a Unix time. */
export function fromUnix(seconds: number, nanoseconds: number): Tai64n {
  return { tai: epoch + BigInt(seconds), nanoseconds }
}

/** The Unix time of a label, in seconds. Beyond 2^53 it is only near it. */
export function toUnix(label: Tai64n): number {
  return Number(toExactUnix(label))
}

/** The same, exactly, wrapped into 64 bits as C's would be. */
export function toExactUnix(label: Tai64n): bigint {
  return BigInt.asIntN(64, label.tai - epoch)
}

/** 12 bytes: seconds, then nanoseconds, both big-endian. */
export function packLabel(label: Tai64n): Buffer {
  const packed = Buffer.alloc(12)
  packed.writeBigUInt64BE(label.tai, 0)
  packed.writeUInt32BE(label.nanoseconds, 8)
  return packed
}

/** Reads 12 bytes, as packLabel wrote them. Throws RangeError if there are fewer. */
export function unpackLabel(packed: Uint8Array): Tai64n {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  return { tai: bytes.readBigUInt64BE(0), nanoseconds: bytes.readUInt32BE(8) }
}

/** `@` and 24 hexadecimal digits. */
export function formatLabel(label: Tai64n): string {
  return '@' + packLabel(label).toString('hex')
}

/** The label of a Unix time as formatLabel writes it. */
export function labelAt({ seconds, nanoseconds }: { seconds: number; nanoseconds: number }): string {
  return formatLabel(fromUnix(seconds, nanoseconds))
}

/** Reads what formatLabel wrote; undefined if the text is anything else. */
export function parseLabel(text: string): Tai64n | undefined {
  return /^@[0-9a-f]{24}$/.test(text) ? unpackLabel(Buffer.from(text.slice(1), 'hex')) : undefined
}
