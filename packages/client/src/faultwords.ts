/** Words for what is wrong with ./run. */
import type { ProgramFault } from './program.ts'
import { shellWord } from './shell.ts'

export function faultShort(fault: ProgramFault): string {
  return { missing: 'run is missing', notAFile: 'run is not a file', notExecutable: 'run is not executable', interpreter: 'run names a program that is not there', carriageReturn: 'run has lines as in Windows' }[fault.type]
}

export function faultText(path: string, fault: ProgramFault): string {
  switch (fault.type) {
    case 'missing':
      return `there is no ${path}`
    case 'notAFile':
      return `${path} is not a file`
    case 'notExecutable':
      return `${path} is not executable`
    case 'interpreter':
      return `the first line of ${path} names ${fault.interpreter}, which is not there`
    case 'carriageReturn':
      return `the lines of ${path} end as in Windows, so its first line names a program that is not there`
  }
}

export function faultCommand(path: string, fault: ProgramFault): string | undefined {
  switch (fault.type) {
    case 'notExecutable':
      return `chmod +x ${shellWord(path)}`
    case 'carriageReturn':
      return `sed -i 's/\\r$//' ${shellWord(path)}`
    case 'notAFile':
      return `ls -ld ${shellWord(path)}`
    default:
      return `vi ${shellWord(path)} && chmod +x ${shellWord(path)}`
  }
}
