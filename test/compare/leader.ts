/** One program in a session of its own, run to its end or to a deadline, with all that it has started. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Identity, identify, isSame, kill } from '../support/process.ts'

export interface Leader {
  argv: readonly string[]
  folder: string
  env: Readonly<Record<string, string>>
  /** Descriptors for 0, 1 and 2. */
  stdio: readonly [number, number, number]
  deadlineSeconds: number
}

/** Those that run now: they end with us. */
const groups = new Set<number>()
process.once('exit', () => groups.forEach(killGroup))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

/** `exit N`, the name of a signal, or `hung`. When it resolves, nothing of it runs any more. */
export function lead({ argv, folder, env, stdio, deadlineSeconds }: Leader): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { cwd: folder, env, detached: true, stdio: [...stdio] })
    child.once('error', reject)
    const pid = child.pid
    if (pid === undefined) return
    groups.add(pid)
    let hung = false
    const timer = setTimeout(() => {
      hung = true
      endDescendants(pid)
    }, deadlineSeconds * 1000)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      void endGroup(pid).then(() => resolve(hung ? 'hung' : (signal ?? `exit ${code}`)))
    })
  })
}

/** As long as there are members, nobody else gets the number. */
async function endGroup(group: number): Promise<void> {
  for (let round = 0; killGroup(group) && round < 500; round++) await pause(2)
  groups.delete(group)
}

/** Whether there was anything to kill. */
function killGroup(group: number): boolean {
  try {
    process.kill(-group, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

/** Ends also what has left the group. */
function endDescendants(pid: number): void {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // it is gone
    }
  }
  const isDescendant = (one: number): boolean => one === pid || (parents.has(one) && isDescendant(parents.get(one)!))
  const found = [...parents.keys()].filter(isDescendant).map(identify).filter((one): one is Identity => one !== undefined)
  for (const one of found) if (isSame(one)) kill(one.pid)
}
