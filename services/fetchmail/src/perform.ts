/** Does one step. Throws the system's refusal. */
import * as fs from 'node:fs'
import { bytes, link, makeDirectory, rename, unlink } from '@daemontools-ts/unix'
import { findAccount, run } from './programs.ts'
import { groupaddArguments, type Step, useraddArguments } from './step.ts'

/** The modes of the steps are meant as they are under a umask of 022. */
export function perform(step: Step): void {
  switch (step.do) {
    case 'add group':
      return run('groupadd', groupaddArguments(step.group))
    case 'add account':
      return run('useradd', useraddArguments(step.account, step.group))
    case 'make directory':
      return makeDirectory(step.path, step.mode)
    case 'give':
      return give(step.path, step.account)
    case 'write':
      fs.rmSync(bytes(step.path), { force: true })
      return fs.writeFileSync(bytes(step.path), bytes(step.content), { flag: 'wx', mode: step.mode, flush: true })
    case 'keep':
      return link(step.path, step.as)
    case 'replace':
      return rename(step.by, step.path)
    case 'create':
      // a link, unlike a rename, does not replace what has come into being meanwhile
      link(step.from, step.path)
      return unlink(step.from)
    case 'link':
      return fs.symlinkSync(bytes(step.target), bytes(step.path))
    case 'unlink':
      return unlink(step.path)
    case 'stop':
      return run('svc', ['-dx', ...step.directories])
  }
}

function give(path: string, name: string): void {
  const account = findAccount(name)
  if (account === undefined) throw new Error(`unknown account ${name}`)
  fs.chownSync(bytes(path), account.uid, account.gid)
}
