/** Work on file systems that may never answer, done by threads: one that hangs keeps few of them, and nobody waits for it a second time. */
import { SystemError } from './errno.ts'

const ETIMEDOUT = 110
/** What takes longer is not waited for. */
const patienceMilliseconds = 1000
/** Threads at a time, for one file system and for all: the process needs some for other things. */
const mostForOne = 2
const mostForAll = 10

interface Job {
  fileSystem: string
  isOverdue: boolean
  start(): void
  giveUp(): void
}

const running = new Set<Job>()
const waiting = new Set<Job>()

/**
 * Does the work when there is a thread for it. Rejects with ETIMEDOUT if it takes more than a second, and at once while nothing comes back of what
 * was asked of the same file system before.
 */
export function patiently<T>(fileSystem: string, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new SystemError('stat', ETIMEDOUT))
    const start = (): void => {
      const timer = setTimeout(() => {
        job.isOverdue = true
        giveUp()
        advance()
      }, patienceMilliseconds)
      const finish = (): void => {
        clearTimeout(timer)
        running.delete(job)
        advance()
      }
      work().then(resolve, reject).finally(finish)
    }
    const job: Job = { fileSystem, isOverdue: false, start, giveUp }
    waiting.add(job)
    advance()
  })
}

function advance(): void {
  for (const job of waiting) {
    const room = roomFor(job)
    if (room === 'none yet') continue
    waiting.delete(job)
    if (room === 'none') job.giveUp()
    else {
      running.add(job)
      job.start()
    }
  }
}

function roomFor({ fileSystem }: Job): 'some' | 'none yet' | 'none' {
  const all = [...running]
  const same = all.filter((job) => job.fileSystem === fileSystem)
  for (const [jobs, most] of [[same, mostForOne], [all, mostForAll]] as const) {
    if (jobs.length >= most) return jobs.every(({ isOverdue }) => isOverdue) ? 'none' : 'none yet'
  }
  return 'some'
}
