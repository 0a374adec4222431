import { die, errnoTexts, main, usage } from '@daemontools-ts/command'
import { childProgram, editEnvironment, execProgram, findAccount, inherited, prepareLauncher } from '@daemontools-ts/unix'

main('envuidgid', ([, name, ...child]) => {
  if (name === undefined || child[0] === undefined) usage('envuidgid', 'envuidgid account child')
  const account = findAccount(name)
  if (account === undefined) die('envuidgid', `unknown account ${name}`)
  const environment = editEnvironment(inherited().environment, [
    { name: 'GID', value: `${account.gid}` },
    { name: 'UID', value: `${account.uid}` },
  ])
  const errno = execProgram(prepareLauncher(errnoTexts, { environment }), childProgram('envuidgid', child))
  die('envuidgid', `unable to run ${child[0]}`, { errno })
})
