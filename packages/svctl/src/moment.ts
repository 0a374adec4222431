import { type Calendar, parseMoment } from '@daemontools-ts/logread'
import { localTime, setTimeZone } from '@daemontools-ts/unix'
import { variable } from './context.ts'
import { Misuse } from './failure.ts'

/** The TAI64N label of a moment that a person has written behind an option. Throws Misuse. */
export function momentFor(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  setTimeZone(variable('TZ'))
  const label = parseMoment(text, { now: Math.floor(Date.now() / 1000), tell })
  if (label === undefined) throw new Misuse(`option ${option} needs a moment, not ${text}`, 'write 10m, "2h ago", today, yesterday, 19:30, 2026-11-27, 2026-11-27T19:30:05Z, or a TAI64N label')
  return label
}

function tell(seconds: number): Calendar {
  const time = localTime(BigInt(seconds))
  if (time === undefined) return { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 } // where the calendar ends
  return { year: time.tm_year + 1900, month: time.tm_mon + 1, day: time.tm_mday, hour: time.tm_hour, minute: time.tm_min, second: time.tm_sec }
}
