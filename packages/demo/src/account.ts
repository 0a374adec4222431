import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'

/** An account of /etc/passwd. */
export interface Account {
  name: string
  uid: number
  gid: number
}

/**
 * Whom root lets fetchmail run as: the account that Debian's package made, or nobody. Undefined for anyone but root, who runs it himself.
 * Throws Error if fetchmail would refuse whom it finds: it wants an entry in /etc/passwd.
 */
export function fetchmailsAccount(): Account | undefined {
  if (process.getuid?.() !== 0) {
    try {
      userInfo()
      return undefined
    } catch {
      throw new Error(`fetchmail refuses a user without an entry in /etc/passwd: uid ${process.getuid?.()}`)
    }
  }
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n').map(parseEntry)
  const account = ['fetchmail', 'nobody'].map((name) => accounts.find((account) => account.name === name)).find((found) => found !== undefined)
  if (account === undefined) throw new Error('no account for fetchmail: neither fetchmail nor nobody is in /etc/passwd')
  return account
}

function parseEntry(line: string): Account {
  const [name = '', , uid, gid] = line.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}
