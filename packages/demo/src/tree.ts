/** svscan and all that it starts, held so that nothing of it can outlive the demonstration. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

export interface Tree {
  /** svscan's. */
  pid: number
  /** Undefined while svscan runs; then its exit code. */
  ended(): number | undefined
  /** Its exit code, when there is one. */
  whenEnded: Promise<number>
  /** Ends svscan by TERM, which ends the services and then their loggers. Returns the names of those that had to be killed. */
  stop(): Promise<readonly string[]>
}

/**
 * Starts `svscan service` in a folder. Between us and svscan stands a guard, which ends svscan and removes the folder when its stdin
 * ends: when stop is called, and also when we are killed. Guard and tree are a session of their own, so that a Ctrl-C at the terminal reaches only us,
 * and so that what may be left can be found by the session's number.
 */
export async function startTree(folder: string, environment: NodeJS.ProcessEnv, errorsTo: number): Promise<Tree> {
  const child = spawn('/bin/sh', ['-c', guard, 'sh', folder], { cwd: folder, env: environment, detached: true, stdio: ['pipe', 'pipe', errorsTo] }) as ChildProcessByStdio<Writable, Readable, null>
  child.stdin.on('error', () => {}) // it has ended already
  const whenEnded = once(child, 'exit').then(([code]) => (code as number | null) ?? 111)
  const said = await Promise.race([once(child.stdout, 'data').then(String), whenEnded])
  if (typeof said === 'number') throw new Error(`unable to start svscan: exit code ${said}`)
  return {
    pid: Number(said),
    ended: () => child.exitCode ?? (child.signalCode === null ? undefined : 111),
    whenEnded,
    stop: async () => {
      child.stdin.end()
      await endOf(child)
      return sweep(child.pid ?? 0)
    },
  }
}

/** The arguments of the shell are given to it beside this text; 3 is the stdin that it was started with. */
const guard = `
exec 3<&0
svscan service 3<&- >&2 & svscan=$!
echo $svscan
{ read -r line; kill "$svscan"; } <&3 3<&- & reader=$!
wait "$svscan"; code=$?
kill "$reader" 2>/dev/null; wait "$reader" 2>/dev/null
cd / && rm -rf "$1"
exit $code
`

/** Services have a few seconds to obey TERM, their loggers to write what is left. */
const stopMilliseconds = 15_000
const killMilliseconds = 5_000

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const deadline = new AbortController()
  await Promise.race([once(child, 'exit'), delay(stopMilliseconds, undefined, { signal: deadline.signal })])
  deadline.abort()
}

/** Kills what is left of a session, again and again until nothing is: a supervise may have started a service meanwhile. */
async function sweep(session: number): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const end = Date.now() + killMilliseconds; Date.now() < end; await delay(20)) {
    const left = membersOf(session)
    if (left.length === 0) break
    for (const { pid, name } of left) {
      names.add(`${name} (pid ${pid})`)
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // it has just ended
      }
    }
  }
  return [...names]
}

/** The processes of a session that are not yet dead. A session's number is nobody else's while one of its processes lives. */
function membersOf(session: number): readonly { pid: number; name: string }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      const [state, , , itsSession] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      return Number(itsSession) === session && state !== 'Z' ? [{ pid: Number(pid), name }] : []
    } catch {
      return [] // it has just ended
    }
  })
}
