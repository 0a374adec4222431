/** The programs that we start: the system's own for its accounts, and svc. */
import { spawnSync } from 'node:child_process'
import { errnoOf, getenv, inherited } from '@daemontools-ts/unix'
import { errorText } from '@daemontools-ts/command'
import type { Account } from './system.ts'

/** The account of that name, wherever this system keeps its accounts. */
export function findAccount(name: string): Account | undefined {
  const [, , uid, gid] = getent('passwd', name)?.split(':') ?? []
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

export function hasGroup(name: string): boolean {
  return getent('group', name) !== undefined
}

/** Runs a program whose complaints the person shall see. Throws an error that says why it failed. */
export function run(program: string, args: readonly string[]): void {
  const { error, status, signal } = spawnSync(program, args, { stdio: 'inherit', env: environment() })
  if (error) throw new Error(`unable to run ${program}: ${errorText(errnoOf(error))}`)
  if (status !== 0) throw new Error(`${program} ended with ${status === null ? signal : `exit status ${status}`}`)
}

function getent(database: string, key: string): string | undefined {
  const { error, status, stdout } = spawnSync('getent', [database, key], { encoding: 'utf8', env: environment() })
  if (error) throw new Error(`unable to run getent: ${errorText(errnoOf(error))}`)
  if (status === 0) return stdout
  if (status === 2) return undefined // getent(1): the key was not found
  throw new Error(`getent ${database} ${key} ended with exit status ${status}`)
}

/** A person who became root with su may have a PATH without the folders that hold useradd. */
export function searchPath(): string {
  return `${getenv(inherited().environment, 'PATH') ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: searchPath() }
}
