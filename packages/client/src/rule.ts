import type { Severity } from './diagnosis.ts'

/** A possible cause: when it is the one, and its words. */
export interface Rule<Subject> {
  name: string
  severity: Severity
  when(subject: Subject): boolean
  short(subject: Subject): string
  cause(subject: Subject): string
  advice?(subject: Subject): string | undefined
  command?(subject: Subject): string | undefined
}
