/** Whether this machine can run the tests with real mail servers. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'

/** What is needed, and the Debian package that brings it. */
const programs = {
  '/usr/bin/fetchmail': 'fetchmail',
  '/usr/lib/dovecot/pop3': 'dovecot-pop3d',
  '/usr/sbin/smtpd': 'opensmtpd',
  '/usr/bin/svscan': 'daemontools',
  '/usr/bin/nsenter': 'util-linux',
  '/usr/sbin/ip': 'iproute2',
} as const

/** An option of t.test: why this machine cannot run it, `false` if it can. */
export function unlessEquipped(): { skip: string | false } {
  if (process.getuid!() !== 0) return { skip: 'needs root' }
  for (const [program, name] of Object.entries(programs)) {
    if (!fs.existsSync(program)) return { skip: `needs ${program}: apt-get install ${name}` }
  }
  try {
    execFileSync('unshare', ['--mount', '--net', 'mount', '-t', 'tmpfs', 'tmpfs', '/var/spool'], { stdio: 'ignore' })
  } catch {
    return { skip: 'needs leave to make mount and network namespaces' }
  }
  return { skip: false }
}
