/** softlimit: every letter with every kind of value. */
import { call, plainRow, quote, type Row, title } from '../row.ts'
import { childRows } from './children.ts'
import { inheritRows } from './inherits.ts'

const letters = [...'acdflmoprst']
const show = ['/bin/cat', '/proc/self/limits']
const values = ['', '0', '1', '50', '3000000', '4294967295', '4294967296', '18446744073709551614', '18446744073709551615', '18446744073709551616', '18446744073709551666', '99999999999999999999999', '=', '-1', '-', '1k', 'x', ' 5', '5 ', '+5', '0x10', '007', '=5', '5=', '==', 'unlimited', '5.0', '\xff', '٣']
const fewValues = ['0', '1', '100000000', '=', '18446744073709551616', 'x']

/** What it prints goes through a pipe: a file may be limited too. */
function limits(args: readonly string[], before = ''): Row {
  const line = ['"$BIN/softlimit"', ...args.map(quote), ...show].join(' ')
  return { command: 'softlimit', name: `${before === '' ? '' : `${before}; `}${title('softlimit', args)}`, script: `${before === '' ? '' : `${before}\n`}{ ${line}; echo "status $?" >&2; } | cat` }
}

const hard: Readonly<Record<string, string>> = { o: 'ulimit -n 100', c: 'ulimit -c 1000', f: 'ulimit -f 10000', l: 'ulimit -l 50', p: 'ulimit -p 5000', t: 'ulimit -t 100', s: 'ulimit -Ss 8192; ulimit -Hs 65536' }

export const softlimitRows: Row[] = [
  ...values.map((value) => limits(['-o', value])),
  // no time at all is a matter of luck
  ...letters.filter((letter) => letter !== 'o').flatMap((letter) => fewValues.filter((value) => letter !== 't' || !/^(0|1|18446744073709551616)$/.test(value)).map((value) => limits([`-${letter}`, value]))),
  ...letters.map((letter) => limits([`-${letter}5000000000`])),
  ...Object.entries(hard).flatMap(([letter, before]) => ['20', '=', '99999999999'].map((value) => limits([`-${letter}`, value], before))),
  ...[
    ['-o50', '-c0'], ['-o50', '-o60'], ['-o', '50', '-o', '='], ['-c0', '-f1000000', '-t', '30', '-o', '20'], ['-m3000000'], ['-m', '3000000', '-s', '='], ['-a', '3000000', '-d', '300000'], ['-o50c0'], ['-o', '-5'], ['-o', '--'], ['-o=', '-p='], ['-o10', '--'], ['-o10', '--foo'], ['--foo'], ['--help'], ['-o10', '--o20'], ['-r0', '-l0', '-p1'],
  ].map((args) => limits(args)),
  ...['a', 'm', 't'].map((letter) => plainRow('softlimit', [`-${letter}`])),
  ...[[], ['-o'], ['-o', '50'], ['-o50'], ['-z', 'true'], ['-oz', 'true'], ['-Z'], ['-?'], ['-:'], ['-o5', '-z', 'true'], ['-b5', 'true'], ['--'], ['--x'], ['-'], ['-', 'true'], ['-o5', '-', 'true'], ['-h'], ['-\xff', 'true'], ['', 'true'], ['-o', 'x', 'missing'], ['-o5', 'missing']].map((args) => plainRow('softlimit', args, { name: `nothing shown: ${title('softlimit', args)}` })),
  ...['sh -c "echo much too much"', 'head -c 5000 /dev/zero', 'true'].flatMap((child) => ['-f0', '-f', '-f10', '-f4999', '-f5000'].map((option): Row => ({ command: 'softlimit', name: `${option} and a file: ${child}`, script: `exec "$BIN/softlimit" ${option} ${child} >out` }))),
  { command: 'softlimit', name: 'too few descriptors for the child', script: call('softlimit', '-o3', 'cat', '/proc/self/limits') },
  { command: 'softlimit', name: 'one second of CPU', script: call('softlimit', '-t1', 'sh', '-c', 'while :; do :; done') },
  { command: 'softlimit', name: 'no memory for an exec', script: call('softlimit', '-a0', 'true') },
  { command: 'softlimit', name: 'little memory', script: call('softlimit', '-a', '100000', 'true') },
  { command: 'softlimit', name: 'little stack', script: call('softlimit', '-s', '1000', 'sh', '-c', 'echo $#', 'sh', ...Array.from({ length: 100 }, () => 'word')) },
  { command: 'softlimit', name: 'twice', script: 'exec "$BIN/softlimit" -o50 "$BIN/softlimit" -c0 -o40 cat /proc/self/limits' },
  { command: 'softlimit', name: 'as nobody', user: 'nobody', script: call('softlimit', '-m', '30000000', '-o', '20', 'cat', '/proc/self/limits') },
  { command: 'softlimit', name: 'usage, stderr is closed', script: 'exec "$BIN/softlimit" -z 2>&-' },
  ...childRows('softlimit', ['-o', '30', '-c', '0']),
  ...inheritRows('softlimit', ['-o30', '-f', '=', '-l100000', '-t', '3600']),
  ...childRows('softlimit', ['-m', '30000000']).filter(({ name }) => /child \.\/(here|missing|bare)$|child missing$/.test(name)).map((row) => ({ ...row, name: `-m 30000000, ${row.name}` })),
]
