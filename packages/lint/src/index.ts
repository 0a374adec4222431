export { check, checkUnit, ruleNames } from './check.ts'
export type { Finding, Severity } from './finding.ts'
export { reportOf } from './report.ts'
