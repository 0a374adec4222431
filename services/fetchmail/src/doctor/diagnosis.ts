/** From facts to findings: what is wrong, the cause before its consequences. */
import { configurationChecks } from './configuration.ts'
import { deliveryChecks } from './delivery.ts'
import type { Facts } from './facts.ts'
import { fileChecks } from './files.ts'
import type { Check, Finding } from './finding.ts'
import { providerChecks } from './provider.ts'
import { runningChecks, serviceChecks } from './service.ts'

/** In the order of causes: a later one may be the consequence of an earlier. */
export const checks: readonly Check[] = [...fileChecks, ...serviceChecks, ...configurationChecks, ...providerChecks, ...deliveryChecks, ...runningChecks]

export interface Diagnosis {
  /** Problems first, each kind in the order of the checks. */
  findings: (Finding & { check: string })[]
  healthy: boolean
}

export function diagnose(facts: Facts): Diagnosis {
  const found = checks.flatMap(({ name, look }) => look(facts).map((finding) => ({ check: name, ...finding })))
  const problems = found.filter(({ level }) => level === 'problem')
  return { findings: [...problems, ...found.filter(({ level }) => level === 'warning')], healthy: problems.length === 0 }
}

/** Whether to ask fetchmail and the servers is any use: not while it would only say what is known already. */
export function canAsk(facts: Facts): boolean {
  const prerequisites = fileChecks.filter(({ name }) => !/disks|logs|multilog/.test(name))
  return facts.program !== undefined && !prerequisites.some(({ look }) => look(facts).some(({ level }) => level === 'problem'))
}
