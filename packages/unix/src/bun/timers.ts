/** When the runtime has to do something next: its timers are nowhere that the kernel could tell of. */

/** Milliseconds of performance.now(), by timer. */
const due = new Map<unknown, number>()
/** What is to be done before the next wait. */
const immediates = new Set<unknown>()

/** Milliseconds that the runtime may be kept waiting, rounded up; -1 if it is for ever. */
export function untilNextWork(): number {
  if (immediates.size > 0) return 0
  let next = Infinity
  for (const moment of due.values()) next = Math.min(next, moment)
  return next === Infinity ? -1 : Math.max(0, Math.ceil(next - performance.now()))
}

/** From now on, what the global functions set is known. Those of node:timers are other functions. */
export function trackTimers(): void {
  const { setTimeout, setInterval, clearTimeout, setImmediate, clearImmediate } = globalThis
  const clear = (timer: unknown): void => {
    due.delete(timer)
    clearTimeout(timer as NodeJS.Timeout)
  }
  const follow = (set: typeof setTimeout | typeof setInterval, again: boolean) => {
    return (callback: (...values: unknown[]) => void, delay = 0, ...values: unknown[]) => {
      const note = (): unknown => due.set(timer, performance.now() + delay)
      const timer = set(() => {
        if (again) note()
        else due.delete(timer)
        callback(...values)
      }, delay)
      note()
      return timer
    }
  }
  Object.assign(globalThis, {
    setTimeout: follow(setTimeout, false),
    setInterval: follow(setInterval, true),
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate: (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
      const immediate = setImmediate(() => {
        immediates.delete(immediate)
        callback(...values)
      })
      immediates.add(immediate)
      return immediate
    },
    clearImmediate: (immediate: NodeJS.Immediate) => {
      immediates.delete(immediate)
      clearImmediate(immediate)
    },
  })
}
