import { readConfigdump } from '../configdump.ts'
import { readCheck } from '../mail/check.ts'
import { Failure, outcome } from '../outcome.ts'
import { print, printJson } from '../print.ts'
import { findAccount } from '../programs.ts'
import { type Globals, layoutOf } from '../target.ts'
import { checkServer, dumpConfiguration } from '../trial.ts'

/** Logs in at each server as the service would, and says what waits there. Nothing is fetched, nor marked. @returns the exit code. */
export async function dryRun(options: Globals & { timeout: number; verbose: boolean }): Promise<number> {
  const layout = layoutOf(options)
  const account = findAccount('fetchmail')
  const dumped = await dumpConfiguration(layout, account)
  if (dumped.status === undefined) throw new Failure('unable to run fetchmail', { next: 'apt-get install fetchmail' })
  if (dumped.status !== 0) throw new Failure(`fetchmail refuses the configuration: ${dumped.lines.at(-1)?.replace(/^fetchmail: ?/, '') ?? `exit status ${dumped.status}`}`, { next: 'fetchmail-service doctor says more' })
  const servers = readConfigdump(dumped.stdout).servers.filter(({ active }) => active)
  const checks = []
  for (const { name } of servers) {
    const ran = await checkServer(layout, account, name, options.timeout)
    // what a thief could guess the password from is not for the screen either
    if (options.verbose) for (const line of ran.lines) if (!/POP3> (?:APOP|[\w+/]{20,}=*$)|IMAP> [\w+/]{20,}=*$|(?:POP3|IMAP)< \+ /.test(line)) print(line)
    checks.push(readCheck(name, ran.lines, ran.status, ran.idled))
  }
  if (options.json) printJson(checks.map((check) => ({ ...check, trouble: check.trouble ?? null, words: check.words ?? null })))
  else {
    for (const { server, trouble, words, mailboxes } of checks) {
      for (const mailbox of mailboxes) print(mailbox.words)
      if (trouble !== undefined) print(`${server}: ${trouble}${words === undefined ? '' : `: ${words}`}`)
    }
  }
  return checks.every(({ trouble }) => trouble === undefined) ? 0 : outcome.untrue
}
