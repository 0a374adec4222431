/** Checks service directories. */
import type { Unit } from './facts.ts'
import { applyRules, type Finding, type Rule } from './finding.ts'
import { gatherFolder, isFolder, servicesIn } from './folder.ts'
import { gather } from './gather.ts'
import { accountRules } from './rules/accounts.ts'
import { daemonRules } from './rules/daemons.ts'
import { environmentRules } from './rules/environment.ts'
import { fetchmailRules } from './rules/fetchmail.ts'
import { fileRules } from './rules/files.ts'
import { folderRules } from './rules/folder.ts'
import { loggingRules } from './rules/logging.ts'
import { nameRules } from './rules/names.ts'
import { optionRules } from './rules/options.ts'
import { shellRules } from './rules/shell.ts'
import { supervisionRules } from './rules/supervision.ts'

/** The rules for a service directory, and for its log. */
export const unitRules: readonly Rule<Unit>[] = [...fileRules, ...nameRules, ...shellRules, ...daemonRules, ...loggingRules, ...accountRules, ...optionRules, ...environmentRules, ...supervisionRules, ...fetchmailRules]

/** The name of every rule. */
export const ruleNames: readonly string[] = [...unitRules, ...folderRules].map(({ id }) => id)

/** What is wrong with a service, from what was gathered of it. */
export function checkUnit(unit: Unit): Finding[] {
  const own = applyRules(unitRules, unit)
  return unit.log === undefined || unit.log === unit || !unit.log.isLog ? own : [...own, ...applyRules(unitRules, unit.log)]
}

/**
 * What is wrong with a service directory, or with a service folder and each service in it.
 * @param path A byte string. Throws the system's refusal if it cannot be read.
 */
export function check(path: string): { services: number; findings: Finding[] } {
  if (!isFolder(path)) return { services: 1, findings: checkUnit(gather(path)) }
  const units = servicesIn(path).map(gather)
  const folder = path === '/' ? path : path.replace(/\/+$/, '')
  return { services: units.length, findings: [...applyRules(folderRules, gatherFolder(folder, units)), ...units.flatMap(checkUnit)] }
}
