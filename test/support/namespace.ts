/** Mount namespaces that a test has made, and the processes in them. */
import * as fs from 'node:fs'
import type { Test } from 'tap'
import { isAlive, kill, type Process } from './process.ts'
import { until } from './until.ts'

/** Ends every process in the mount namespace of `holder`, itself first, when the test ends. The holder must be in a namespace of its own by now. */
export function endNamespace(t: Test, name: string, holder: Process): void {
  const namespace = namespaceOf(holder.pid)
  // Without a name, or with our own, we would end what is not ours.
  if (namespace === undefined || namespace === namespaceOf(process.pid)) throw new Error(`${name} is not in a namespace of its own`)
  // While it is open here no other namespace gets its number.
  const held = fs.openSync(`/proc/${holder.pid}/ns/mnt`, 'r')
  t.teardown(async () => {
    holder.signal('SIGKILL')
    await until(`${name} is empty`, () => {
      const members = membersOf(namespace)
      for (const pid of members) kill(pid)
      return members.length === 0
    })
    fs.closeSync(held)
  })
}

/** The processes that share the mount namespace of `holder`, without itself. */
export function inhabitants(holder: Process): number[] {
  const namespace = namespaceOf(holder.pid)
  return namespace === undefined ? [] : membersOf(namespace).filter((pid) => pid !== holder.pid)
}

function membersOf(namespace: string): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  return pids.filter((pid) => namespaceOf(pid) === namespace && isAlive(pid))
}

function namespaceOf(pid: number): string | undefined {
  try {
    return fs.readlinkSync(`/proc/${pid}/ns/mnt`)
  } catch {
    return undefined
  }
}
