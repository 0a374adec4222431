import type { Finding } from './finding.ts'

export interface ReportOptions {
  /** Puts a colour around the severity. */
  paint?: (text: string, severity: Finding['severity']) => string
}

/** A finding for people: where, what, why, and the command that mends it. `file:line:` first, as compilers have it, so that editors can jump there. */
export function reportOf({ rule, severity, file, line, what, why, fix }: Finding, { paint = (text) => text }: ReportOptions = {}): string {
  const place = line === undefined ? file : `${file}:${line}`
  return [`${place}: ${paint(severity, severity)}: ${what} [${rule}]`, `    ${why}`, ...(fix === undefined ? [] : [`    fix: ${fix}`])].join('\n')
}
