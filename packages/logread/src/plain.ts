/** What may be shown on a terminal of what a program has written. */

/** Printable ASCII and tabs: nearly every line. */
const harmless = /^[\t\x20-\x7e]*$/
/** Control characters of ASCII and of Latin-1, and those that turn the direction of what follows. */
const controls = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/**
 * A line (bytes, one a character) as text for people: UTF-8 as it is meant, and every byte or character that could steer a terminal as
 * `\x1b` or `\u{202e}`.
 */
export function plain(line: string): string {
  if (harmless.test(line)) return line
  return decode(line).replaceAll(controls, escape)
}

/** As UTF-8; bytes that are none become `\xNN`. */
function decode(line: string): string {
  const bytes = Buffer.from(line, 'latin1')
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? decodeBroken(bytes) : text
}

const utf8 = new TextDecoder('utf8', { fatal: true, ignoreBOM: true })

function decodeBroken(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at]!)
    try {
      text += utf8.decode(bytes.subarray(at, at + length))
      at += length
    } catch {
      text += `\\x${bytes[at]!.toString(16).padStart(2, '0')}`
      at++
    }
  }
  return text
}

/** Of the character that begins with this byte. */
function lengthOf(byte: number): number {
  if (byte < 0xc0) return 1
  if (byte < 0xe0) return 2
  return byte < 0xf0 ? 3 : 4
}

function escape(character: string): string {
  const code = character.codePointAt(0)!
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
