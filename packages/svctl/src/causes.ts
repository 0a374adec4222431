/** Causes and cures in lines. */
import { type Diagnosis, printable, type Severity } from '@daemontools-ts/client'
import { type Hue, paint } from './color.ts'
import { wrap } from './text.ts'

const hues: Record<Severity, Hue | undefined> = { trouble: 'red', notice: 'yellow', fine: undefined }
const indent = '  '

/** Each cause, what to do about it, and what to type. A command is never broken. */
export function causeLines(diagnoses: readonly Diagnosis[], { width, color }: { width: number; color: boolean }): string[] {
  const worth = diagnoses.filter(({ severity }) => severity !== 'fine')
  return (worth.length === 0 ? diagnoses : worth).flatMap(({ severity, cause, advice, command }) => [
    ...wrap(printable(`why: ${cause}`), width).map((line) => paint(line, hues[severity], color)),
    ...(advice === undefined ? [] : wrap(printable(advice), width - indent.length).map((line) => indent + line)),
    ...(command === undefined ? [] : [`${indent}try: ${paint(printable(command), 'bold', color)}`]),
  ])
}
