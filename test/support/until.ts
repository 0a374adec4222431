import { setTimeout as pause } from 'node:timers/promises'

/** Generous: only something broken takes so long. */
const deadlineMilliseconds = 45_000
const stepMilliseconds = 10

/**
 * Waits until a condition holds and returns its value.
 * @param what The condition in words, for the message. @param probe Gives undefined or false as long as it does not hold.
 * @param detail What was seen instead, for the message. @param milliseconds At most so long.
 */
export async function until<T>(what: string, probe: () => T | undefined | false, detail: () => string = () => '', milliseconds = deadlineMilliseconds): Promise<T> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    const value = probe()
    if (value !== undefined && value !== false) return value
    if (performance.now() > deadline) throw new Error(`${what}: not in ${milliseconds} ms; ${detail().slice(-500)}`)
    await pause(stepMilliseconds)
  }
}
