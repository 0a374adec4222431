import { packLabel, type Tai64n, unpackLabel } from '@daemontools-ts/tai64'

/** What supervise/status says. */
export interface Status {
  /** When the service last started or ended. */
  changed: Tai64n
  /** 0 means down. */
  pid: number
  /** SIGSTOP was the last word that svc -p and svc -c had; false while it is down. */
  paused: boolean
  /** `once`: left alone, and not started again when it ends. */
  want: Want
}

export type Want = 'up' | 'down' | 'once'

/** The length of supervise/status. */
export const statusLength = 18

const wantBytes: Record<Want, number> = { up: 0x75, down: 0x64, once: 0 }

/**
 * The 18 bytes of supervise/status (supervise.c, announce): TAI64N label big-endian 0–11, pid little-endian 12–15, paused 16, `u`, `d` or 0 17.
 */
export function packStatus(status: Status): Buffer {
  const packed = Buffer.alloc(statusLength)
  packLabel(status.changed).copy(packed)
  packed.writeUInt32LE(status.pid, 12)
  packed[16] = status.pid !== 0 && status.paused ? 1 : 0
  packed[17] = wantBytes[status.want]
  return packed
}

/** Reads the first 18 bytes of a status file (runit and encore write more); undefined if there are fewer. */
export function unpackStatus(packed: Uint8Array): Status | undefined {
  if (packed.length < statusLength) return undefined
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  return {
    changed: unpackLabel(bytes),
    pid: bytes.readUInt32LE(12),
    paused: bytes[16] !== 0,
    want: bytes[17] === wantBytes.up ? 'up' : bytes[17] === wantBytes.down ? 'down' : 'once',
  }
}
