import { die, errnoTexts, main, usage } from '@daemontools-ts/command'
import { becomeGroup, becomeUser, execProgram, findAccount, getenv, inherited, prepareLauncher, searchPath } from '@daemontools-ts/unix'

main('setuidgid', ([, name, ...child]) => {
  if (name === undefined || child[0] === undefined) usage('setuidgid', 'setuidgid account child')
  const account = findAccount(name)
  if (account === undefined) die('setuidgid', `unknown account ${name}`)
  // What needs a file is done before the account changes: it may not be allowed to.
  const launcher = prepareLauncher(errnoTexts)
  attempt('unable to setgid', () => becomeGroup(account.gid))
  attempt('unable to setuid', () => becomeUser(account.uid))
  const message = `unable to run ${child[0]}`
  const paths = searchPath(child[0], getenv(inherited().environment, 'PATH'))
  die('setuidgid', message, { errno: execProgram(launcher, { paths, args: child, message: `setuidgid: fatal: ${message}: ` }) })
})

function attempt(what: string, call: () => void): void {
  try {
    call()
  } catch (error) {
    die('setuidgid', what, error)
  }
}
