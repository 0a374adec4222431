/** Commands that cures are made of. */
import { type Layout, shellWord } from '../layout.ts'

export function configurationOf(layout: Layout): string {
  return shellWord(layout.directory + '/fetchmail.conf')
}

/** This program for the same service. */
export function self(layout: Layout, command: string): string {
  const instance = layout.name === 'fetchmail' ? '' : ` --instance ${layout.name.slice('fetchmail@'.length)}`
  return `fetchmail-service ${command}${instance}${layout.root === '' ? '' : ` --root ${shellWord(layout.root)}`}`
}

/** @param what To change there. */
export function edit(layout: Layout, what: string): string {
  return `vi ${configurationOf(layout)} && ${self(layout, 'reload')}  # ${what}`
}

export function startAgain(layout: Layout): string {
  return `svc -u ${shellWord(layout.directory)}`
}

export function octal(mode: number): string {
  return '0' + mode.toString(8)
}
