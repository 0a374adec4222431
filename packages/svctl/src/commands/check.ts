import { check, type Finding, reportOf } from '@daemontools-ts/lint'
import { plain } from '@daemontools-ts/logread'
import type { Command, Globals } from '../command.ts'
import { paint } from '../color.ts'
import { contextOf } from '../context.ts'
import { documentOf } from '../document.ts'
import { Failure, outcome } from '../failure.ts'
import { print } from '../output.ts'

export interface CheckArguments extends Globals {
  dirs: string[]
}

export const command: Command<CheckArguments> = {
  builder: (yargs) =>
    yargs
      .positional('dirs', { type: 'string', array: true, default: [] as string[], defaultDescription: 'the service folder', describe: 'service directories, or folders of them; a name without a slash is looked for in the service folder too' })
      .example('svctl check', 'all services')
      .example('svctl check /var/svc.d/fetchmail', 'one, before it is linked') as never,
  handler: (args) => {
    const { root, json, color } = contextOf(args)
    const all = (args.dirs.length > 0 ? args.dirs : [root]).map((dir) => checkOne(dir, root))
    const findings = all.flatMap((each) => each.findings).map(readable)
    const services = all.reduce((sum, each) => sum + each.services, 0)
    const errors = findings.filter(({ severity }) => severity === 'error').length
    if (json) print(documentOf('svctl.check/1', { services, errors, warnings: findings.length - errors, findings }))
    else {
      for (const finding of findings) print(reportOf(finding, { paint: (text, severity) => paint(text, severity === 'error' ? 'red' : 'yellow', color) }))
      print(`${count(services, 'service')} checked: ${findings.length === 0 ? 'nothing found' : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`}`)
    }
    process.exitCode = findings.length === 0 ? 0 : outcome.untrue
  },
}

/** A bare name that is nothing here is one in the service folder. */
function checkOne(dir: string, root: string): ReturnType<typeof check> {
  const candidates = dir.includes('/') ? [dir] : [dir, `${root}/${dir}`]
  let refusal: unknown
  for (const path of candidates) {
    try {
      return check(Buffer.from(path).toString('latin1'))
    } catch (error) {
      refusal ??= error
    }
  }
  throw new Failure({ what: `unable to check ${dir}`, why: refusal, next: dir.includes('/') ? 'give it a service directory or a folder of them' : `it is neither here nor in ${root}` })
}

/** Findings quote files, which may hold anything. */
function readable(finding: Finding): Finding {
  const { file, what, why, fix, ...rest } = finding
  return { ...rest, file: plain(file), what: plain(what), why: plain(why), fix: fix === undefined ? undefined : plain(fix) }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
