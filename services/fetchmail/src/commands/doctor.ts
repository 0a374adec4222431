import { diagnose } from '../doctor/diagnosis.ts'
import { gather } from '../doctor/gather.ts'
import { Failure, outcome } from '../outcome.ts'
import { print, printJson } from '../print.ts'
import { type Globals, layoutOf, templateFolder } from '../target.ts'

/** Says what is wrong, and the command that cures it. @returns the exit code. */
export async function doctor(options: Globals & { timeout: number }): Promise<number> {
  const layout = layoutOf(options)
  const facts = await gather(layout, templateFolder(), options.timeout).catch((why: unknown) => {
    throw why instanceof Failure ? why : new Failure('unable to inspect the service', { why })
  })
  const { findings, healthy } = diagnose(facts)
  if (options.json) printJson({ service: layout.directory, healthy, findings, unasked: facts.unasked ?? null })
  else {
    for (const { level, cause, cure } of findings) {
      print(`${level}: ${cause}`)
      print(`cure: ${cure}`)
    }
    if (facts.unasked !== undefined) print(`not asked: the servers: ${facts.unasked}`)
    if (healthy) print(findings.length === 0 ? 'all is well' : 'mail flows')
  }
  return healthy ? 0 : outcome.untrue
}
