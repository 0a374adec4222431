/** How a program has ended, in words. */
import { type Ending, signalName } from '@daemontools-ts/unix'

/** What a code means where the program itself does not say otherwise: djb's, the shell's, and sysexits.h. */
const codes: Readonly<Record<number, string>> = {
  0: 'success',
  64: 'wrong usage (sysexits)',
  65: 'wrong input (sysexits)',
  66: 'no input (sysexits)',
  67: 'unknown account (sysexits)',
  68: 'unknown host (sysexits)',
  69: 'a service it needs is not there (sysexits)',
  70: 'an error in the program (sysexits)',
  71: 'the system refuses (sysexits)',
  72: 'a system file is missing (sysexits)',
  73: 'cannot create its output (sysexits)',
  74: 'input/output error (sysexits)',
  75: 'temporary failure (sysexits)',
  76: 'protocol error (sysexits)',
  77: 'permission denied (sysexits)',
  78: 'wrong configuration (sysexits)',
  100: 'wrong usage: trying again is no use (djb)',
  101: 'an error in the program (djb)',
  111: 'the system refuses: trying again may help (djb), or ./run could not be executed',
  126: 'the shell found the program but could not execute it',
  127: 'the shell did not find the program',
}

const signals: Readonly<Record<string, string>> = {
  SIGHUP: 'hangup: it does not handle HUP',
  SIGINT: 'interrupted',
  SIGQUIT: 'told to quit',
  SIGILL: 'illegal instruction: built for another processor?',
  SIGABRT: 'it gave up by itself (abort)',
  SIGBUS: 'bad memory access: a file cut short, or no space in memory',
  SIGFPE: 'wrong arithmetic',
  SIGKILL: 'killed: by somebody, or by the kernel for want of memory',
  SIGUSR1: 'it does not handle USR1',
  SIGUSR2: 'it does not handle USR2',
  SIGSEGV: 'bad memory access, or a limit on memory',
  SIGPIPE: 'wrote into a pipe that nobody reads any more',
  SIGALRM: 'an alarm that it does not handle',
  SIGTERM: 'asked to end',
  SIGXCPU: 'reached its limit of processor time (softlimit -t)',
  SIGXFSZ: 'reached its limit of file size (softlimit -f)',
  SIGSYS: 'a system call that is forbidden to it',
}

/** `exited 3`, `killed by SIGSEGV`, `ended, nobody knows how`. */
export function endingText(ending: Ending): string {
  if (ending === 'unknown') return 'ended, nobody knows how'
  return 'code' in ending ? `exited ${ending.code}` : `killed by ${signalName(ending.signal)}`
}

/** What an end means, undefined where that is the program's own business. */
export function meaningOf(ending: Ending): string | undefined {
  if (ending === 'unknown') return 'it ended while nobody watched: its supervisor was gone'
  if ('signal' in ending) return signals[signalName(ending.signal)]
  const known = codes[ending.code]
  if (known !== undefined || ending.code <= 128 || ending.code > 128 + 64) return known
  const name = signalName(ending.code - 128)
  return `a program below it was killed by ${/^\d+$/.test(name) ? `signal ${name}` : name}`
}
