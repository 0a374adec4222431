import { SystemError } from './errno.ts'
import { errno, getLibc, getPosix } from './native.ts'

export interface Account {
  uid: number
  gid: number
}

/** The account of that name in the system's user database, undefined if there is none. */
export function findAccount(name: string): Account | undefined {
  // posix hands the name to C as UTF-8; a byte string has to be decoded first
  const text = Buffer.from(name, 'latin1').toString('utf8')
  try {
    const { uid, gid } = getPosix().getpwnam(text)
    return { uid, gid }
  } catch {
    return undefined
  }
}

/** Makes the account's primary group the only group of this process, as 0.76 does: no supplementary ones. Throws the kernel's refusal. */
export function becomeGroup(gid: number): void {
  if (getLibc().setgroups(1, Buffer.from(Uint32Array.of(gid).buffer)) === -1) throw new SystemError('setgroups', errno())
  getPosix().setregid(gid, gid)
}

let became = false

/** Whether this process has been another user's, whose it shall not be longer than until the next program. */
export function hasChangedUser(): boolean {
  return became
}

/** Takes on the user: real, effective and saved, for good. Throws the kernel's refusal. */
export function becomeUser(uid: number): void {
  became = true
  getPosix().setreuid(uid, uid)
}
