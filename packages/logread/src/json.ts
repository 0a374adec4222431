import type { Batch } from './logs.ts'
import type { LogLine } from './source.ts'
import { nanosecondsOf, secondsOf } from './unixtime.ts'

/**
 * Lines as JSON, one object in each: docs/svctl-json.md. Times are RFC 3339 in UTC; `label` is null for a line without one, `bytes` is there if
 * it is not UTF-8.
 */
export class Json {
  /** Lines of a log share their second: the digits that were asked for last, and their text. */
  #digits = ''
  #second: string | undefined

  /** A batch, with a newline behind each object. */
  text({ lines, logs }: Batch): string {
    let text = ''
    for (let index = 0; index < lines.length; index++) text += this.#object(logs[index]!.name, lines[index]!)
    return text
  }

  /** Written by hand, because there are millions of them. */
  #object(name: string, { place, isLabelled, text, event }: LogLine): string {
    const time = isLabelled ? `"time":${this.#time(place)},"label":"${place}"` : '"time":null,"label":null'
    return `{"service":${quote(name)},${time}${event === undefined ? '' : `,"event":"${event}"`},"text":${quote(text)}${isUtf8(text) ? '' : `,"bytes":"${Buffer.from(text, 'latin1').toString('base64')}"`}}\n`
  }

  #time(place: string): string {
    const digits = place.slice(1, 17)
    if (digits !== this.#digits) {
      this.#digits = digits
      this.#second = utcOf(secondsOf(place))
    }
    return this.#second === undefined ? 'null' : `"${this.#second}.${String(nanosecondsOf(place)).padStart(9, '0')}Z"`
  }
}

const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
const ascii = /^[\x00-\x7f]*$/

/** A byte string as a JSON string of the text that it is in UTF-8. */
function quote(bytes: string): string {
  if (plainText.test(bytes)) return `"${bytes}"`
  return JSON.stringify(ascii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8'))
}

function isUtf8(bytes: string): boolean {
  if (ascii.test(bytes)) return true
  const buffer = Buffer.from(bytes, 'latin1')
  return Buffer.from(buffer.toString('utf8')).equals(buffer)
}

/** undefined beyond the years that RFC 3339 has. */
function utcOf(seconds: number): string | undefined {
  return seconds >= -62_135_596_800 && seconds <= 253_402_300_799 ? new Date(seconds * 1000).toISOString().slice(0, 19) : undefined
}
