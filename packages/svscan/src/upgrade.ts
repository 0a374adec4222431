/** svscan executes itself: the same process with new code, and no service notices. */
import { dirname, join } from 'node:path'
import { warn } from '@daemontools-ts/command'
import { closeOnExec, handOver, inherited, isVisible, type Launcher, receiveHandover, spawnProgram, SystemError, watchChild } from '@daemontools-ts/unix'
import type { CarriedService } from './service.ts'
import type { ServiceFolder } from './svscan.ts'

/** The format of what is handed over. A program that does not know it must not be executed. */
const version = 1
/** How svscan is asked whether it starts and could go on from here. Other programs of that name take it for a folder that is not there. */
const question = `--can-take-over=${version}`
/** A new program that has not answered by then is no good. */
const patienceMilliseconds = 30_000

/** Whether that is what this process was started for: it has loaded everything by now, so the answer is yes. */
export function isAskedWhetherItStarts(args: readonly string[]): boolean {
  return args.length === 2 && args[1] === question
}

/** The services that this very process supervised before it executed itself; undefined if it was started anew. */
export function resumed(): CarriedService[] | undefined {
  const document = receiveHandover()
  if (document === undefined) return undefined
  const carried = JSON.parse(document) as CarriedService[]
  closeOnExec(descriptorsOf(carried))
  return carried
}

/** Whether an upgrade is under way. */
let isUnderWay = false

/** Tries the new program, then becomes it. Says why if that cannot be; then everything is as it was. */
export function upgrade(folder: ServiceFolder, launcher: Launcher): void {
  if (isUnderWay) return
  const refuse = (why: unknown): void => warn('svscan', 'unable to upgrade, going on as before', why)
  const path = programPath()
  const program = { paths: [path], args: ['svscan', question], message: `svscan: fatal: unable to run ${path}: ` }
  isUnderWay = true
  try {
    const { pid } = spawnProgram(launcher, program, { directory: -1 })
    const probe = watchChild(pid, (ending) => {
      clearTimeout(timeout)
      isUnderWay = false
      if (ending === 'unknown' || !('code' in ending) || ending.code !== 0) return refuse(new Error(`${path} does not start`))
      const offer = folder.handOver()
      if ('refusal' in offer) return refuse(new Error(offer.refusal))
      refuse(new SystemError('execve', handOver(path, JSON.stringify(offer.carried), descriptorsOf(offer.carried))))
    })
    const timeout = setTimeout(() => probe.signal('SIGKILL'), patienceMilliseconds)
  } catch (error) {
    isUnderWay = false
    refuse(error)
  }
}

/** An installation lies in a numbered folder, and a link without the number leads to the newest: that is the one to become. */
function programPath(): string {
  const folder = dirname(dirname(process.argv[1]!))
  const newest = /^(.*)\.\d+$/.exec(folder)?.[1]
  return join(newest !== undefined && isVisible(newest) ? newest : folder, 'command', 'svscan')
}

function descriptorsOf(carried: readonly CarriedService[]): number[] {
  const own = new Set(inherited().descriptors)
  const all = carried.flatMap(({ pipe, main, log }) => [
    ...Object.values(pipe ?? {}),
    ...[main, log].flatMap((each) => (each === undefined ? [] : [...Object.values(each.held), ...(each.notification === undefined ? [] : [each.notification])])),
  ])
  return all.filter((fd: number) => !own.has(fd))
}
