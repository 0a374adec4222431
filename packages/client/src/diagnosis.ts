/** Why a service is as it is, and what to do about it: a pure function of the facts. The rules are in rules.ts. */
import type { Facts, LogFacts } from './facts.ts'
import { logRules } from './logrules.ts'
import type { Rule } from './rule.ts'
import { rules } from './rules.ts'

/** `trouble`: it does not do what it is there for. `notice`: it does, but somebody should know. */
export type Severity = 'trouble' | 'notice' | 'fine'

export interface Diagnosis {
  /** The name of the rule, for programs: docs/svctl-json.md has them all. */
  rule: string
  severity: Severity
  /** For a column: a few words. */
  short: string
  /** A sentence or two, without the service's name. */
  cause: string
  /** What to do, in words. */
  advice: string | undefined
  /** What to type. */
  command: string | undefined
}

/** The first rule that applies to the service, and then what is wrong with its log, if something is. */
export function diagnose(facts: Facts): Diagnosis[] {
  const own = apply(rules, facts)
  const log = facts.log === undefined || facts.presence !== 'directory' || facts.supervision === 'denied' ? [] : diagnoseLog(facts.log, own)
  return [own, ...log]
}

/** The most severe. */
export function severityOf(diagnoses: readonly Diagnosis[]): Severity {
  return (['trouble', 'notice'] as const).find((severity) => diagnoses.some((diagnosis) => diagnosis.severity === severity)) ?? 'fine'
}

/** A diagnosis for a line: the most severe first. */
export function mainDiagnosis(diagnoses: readonly Diagnosis[]): Diagnosis {
  return diagnoses.find(({ severity }) => severity === severityOf(diagnoses))!
}

/** A log without a supervisor is no news where its service has none either; and what is in the way of its directory is why the logger ends. */
function diagnoseLog(log: LogFacts, own: Diagnosis): Diagnosis[] {
  const logger = apply(rules, log.service)
  const isWell = logger.severity !== 'trouble' || unsupervised.includes(own.rule)
  const fault = logRules.find((rule) => rule.when(log))
  if (fault !== undefined) {
    const found = conclude(fault, log)
    // A logger that is up for years may have been given a directory that is somebody else's now: then it is no trouble yet.
    return [fault.name === 'log-owner' && isWell ? { ...found, severity: 'notice' } : found]
  }
  return isWell ? [] : [{ ...logger, rule: `log-${logger.rule}`, short: `log: ${logger.short}`, cause: `its log: ${logger.cause}` }]
}

/** The rules about a service that nobody supervises. */
const unsupervised = ['no-svscan', 'not-linked', 'unsupervised', 'left']

function apply(table: readonly Rule<Facts>[], facts: Facts): Diagnosis {
  return conclude(table.find((rule) => rule.when(facts))!, facts)
}

function conclude<Subject>({ name, severity, short, cause, advice, command }: Rule<Subject>, subject: Subject): Diagnosis {
  return { rule: name, severity, short: short(subject), cause: cause(subject), advice: advice?.(subject), command: command?.(subject) }
}
