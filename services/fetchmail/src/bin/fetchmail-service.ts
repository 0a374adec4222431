/** fetchmail-service: installs the service that the 2003 page builds by hand, or takes it out of svscan's sight. */
import * as fs from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { die, exitCode, main, say, usage, warn } from '@daemontools-ts/command'
import { bytes, readLink } from '@daemontools-ts/unix'
import { inspectSystem, readTemplates } from '../inspect.ts'
import { type Layout, layoutBelow, shellWord } from '../layout.ts'
import { perform } from '../perform.ts'
import { isLinked, type Plan, planInstallation, planRemoval } from '../plan.ts'
import { complaint, shellCommand } from '../step.ts'
import type { System } from '../system.ts'

const program = 'fetchmail-service'
const synopsis = 'fetchmail-service install [ --dry-run ] [ --root DIR ] [ --link ] | remove [ --dry-run ] [ --root DIR ]'

main(program, (args) => {
  const { command, layout, isDryRun, isLinking } = readCommandLine(args.slice(1))
  const system = inspect(layout)
  const isRoot = process.geteuid!() === 0
  // a dry run shows what root would do
  const isMachine = layout.root === ''
  const plan =
    command === 'remove'
      ? planRemoval(layout, system)
      : planInstallation(layout, system, readTemplates(templateFolder()), {
          accounts: isMachine,
          ownership: isMachine || isRoot,
          link: isLinking,
        })

  for (const warning of plan.warnings) warn(program, warning)
  if (plan.steps.length === 0) print(`${program}: nothing to do`)
  else {
    if (isMachine && !isRoot && !isDryRun) die(program, `unable to ${command}: only root can, or anybody with --root DIR`)
    carryOut(plan, isDryRun)
  }
  if (command === 'install') finishInstallation(plan, layout, system, isLinking)
})

function readCommandLine(args: readonly string[]): { command: string; layout: Layout; isDryRun: boolean; isLinking: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'dry-run': { type: 'boolean' }, root: { type: 'string' }, link: { type: 'boolean' } },
      allowPositionals: true,
    })
    const [command, ...rest] = positionals
    const isLinking = values.link === true
    if ((command === 'install' || (command === 'remove' && !isLinking)) && rest.length === 0 && values.root !== '') {
      return { command, layout: layoutBelow(absolute(values.root)), isDryRun: values['dry-run'] === true, isLinking }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    say(`${program}: ${error.message}`)
  }
  usage(program, synopsis)
}

/** Absolute, because the service's files name it; '' if there is none. */
function absolute(root: string | undefined): string {
  return root === undefined ? '' : posix.resolve(readLink('/proc/self/cwd'), root)
}

function inspect(layout: Layout): System {
  try {
    return inspectSystem(layout)
  } catch (error) {
    die(program, 'unable to inspect the system', error)
  }
}

/** Beside the bundled command, or in the checkout. */
function templateFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const folders = [join(here, '../share/fetchmail'), join(here, '../../../service')]
  const folder = folders.find((name) => fs.existsSync(join(name, 'run'))) ?? die(program, `unable to find the service's files in ${folders[0]}`)
  return Buffer.from(folder).toString('latin1')
}

/** Prints each step before it is done, as the shell command that does the same. */
function carryOut(plan: Plan, isDryRun: boolean): void {
  for (const remark of plan.remarks) print(`# ${remark}`)
  process.umask(0o022)
  for (const step of plan.steps) {
    print(shellCommand(step))
    if (isDryRun) continue
    try {
      perform(step)
    } catch (error) {
      die(program, complaint(step), error)
    }
  }
}

function finishInstallation(plan: Plan, layout: Layout, system: System, isLinking: boolean): void {
  const configuration = layout.directory + '/fetchmail.conf'
  if (isLinking && plan.isExample) {
    say(`${program}: fatal: not linked: ${configuration} is still the example; edit it, then repeat this command`)
    process.exit(exitCode.refused)
  }
  if (isLinking || isLinked(layout, system)) return
  if (plan.isExample) print(`# next: edit ${configuration}, then:`)
  else print('# next:')
  print(`# ln -s ${shellWord(layout.directory)} ${shellWord(layout.link)}`)
}

function print(text: string): void {
  try {
    fs.writeSync(1, bytes(text + '\n'))
  } catch (error) {
    die(program, 'unable to write output', error)
  }
}
