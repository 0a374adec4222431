import { warn } from '@daemontools-ts/command'
import { inspectSystem, readTemplates } from '../inspect.ts'
import { type Layout, shellWord } from '../layout.ts'
import { Failure } from '../outcome.ts'
import { perform } from '../perform.ts'
import { isLinked, type Own, type Plan, planInstallation, planRemoval } from '../plan.ts'
import { print } from '../print.ts'
import { complaint, shellCommand } from '../step.ts'
import type { System } from '../system.ts'
import { type Globals, layoutOf, templateFolder } from '../target.ts'
import { makeOwn, type Wanted } from './own.ts'

type Common = Globals & { dryRun: boolean }

/** Makes the service, each step printed as the shell command that does the same. @returns the exit code. */
export async function install(options: Common & Wanted & { link: boolean }): Promise<number> {
  const layout = layoutOf(options)
  const system = inspect(layout)
  const templates = readTemplates(templateFolder())
  const isRoot = process.geteuid!() === 0
  // a dry run shows what root would do
  const isMachine = layout.root === ''
  if (isMachine && !isRoot && !options.dryRun) throw new Failure('unable to install: only root can, or anybody with --root DIR')
  const configuration = layout.directory + '/fetchmail.conf'
  const found = system.entries.get(configuration)
  if (options.template !== undefined && found !== undefined && found.content !== templates['fetchmail.conf.example'].content) {
    throw new Failure(`${configuration} is there already, and not the example`, { next: `to begin anew: mv ${shellWord(configuration)} ${shellWord(configuration + '.old')}` })
  }
  const own: Own | undefined = options.template === undefined ? undefined : await makeOwn(layout, options, options.template)
  const plan = planInstallation(layout, system, templates, { accounts: isMachine, ownership: isMachine || isRoot, link: options.link, ...(own === undefined ? {} : { own }) })
  carryOut(plan, options.dryRun)
  finish(plan, layout, system, options.link)
  return 0
}

/** Takes the service out of svscan's sight and down. @returns the exit code. */
export function remove(options: Common): number {
  const layout = layoutOf(options)
  if (layout.root === '' && process.geteuid!() !== 0 && !options.dryRun) throw new Failure('unable to remove: only root can, or anybody with --root DIR')
  carryOut(planRemoval(layout, inspect(layout)), options.dryRun)
  return 0
}

function inspect(layout: Layout): System {
  try {
    return inspectSystem(layout)
  } catch (why) {
    throw new Failure('unable to inspect the system', { why })
  }
}

/** Prints each step before it is done. */
function carryOut(plan: Plan, isDryRun: boolean): void {
  for (const warning of plan.warnings) warn('fetchmail-service', warning)
  if (plan.steps.length === 0) return print('fetchmail-service: nothing to do')
  for (const remark of plan.remarks) print(`# ${remark}`)
  process.umask(0o022)
  for (const step of plan.steps) {
    print(shellCommand(step))
    if (isDryRun) continue
    try {
      perform(step)
    } catch (why) {
      throw new Failure(complaint(step), { why })
    }
  }
}

function finish(plan: Plan, layout: Layout, system: System, isLinking: boolean): void {
  const configuration = layout.directory + '/fetchmail.conf'
  if (isLinking && plan.isExample) throw new Failure(`not linked: ${configuration} is still the example; edit it, then repeat this command`)
  if (isLinking || isLinked(layout, system)) return
  if (plan.isExample) print(`# next: edit ${configuration}, then:`)
  else print('# next:')
  print(`# ln -s ${shellWord(layout.directory)} ${shellWord(layout.link)}`)
}
