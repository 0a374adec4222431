import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { makeFolder, noReference, ours, reference } from './programs.ts'

const shows = String.raw`{ tr '\0' '\n' </proc/self/environ | grep -v ^_=; ulimit -n; ulimit -s; umask; grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/$$/fd; } 2>&1`

/** What the processor shows of what it inherited. */
function inheritance(folder: string, program: string, before: string): string {
  writeFileSync(join(folder, 'input'), 'x\n'.repeat(1500))
  execFileSync('/bin/bash', ['-c', `${before} exec "$0" "$@" <input`, program, 's4096', `!${shows}`, `./${basename(dirname(program))}`], {
    timeout: 10_000,
    killSignal: 'SIGKILL',
    stdio: 'pipe',
    cwd: folder,
    env: { PATH: process.env['PATH'], NODE_OPTIONS: '--no-such-option', ODD: 'caf\u00e9', NODE_ENV: 'x', LC_ALL: 'C' },
  })
  const log = join(folder, basename(dirname(program)))
  const old = readdirSync(log).find((name) => name[0] === '@')!
  return readFileSync(join(log, old), 'latin1')
}

for (const [name, before] of Object.entries({
  'as usual': '',
  'with small limits': 'ulimit -n 77; ulimit -s 4096;',
  'with ignored signals': "trap '' HUP TERM USR1 ALRM;",
  'with another descriptor': 'exec 3</dev/null 7</dev/null;',
})) {
  t.test(`${name}: a processor inherits what the C program's does`, { skip: noReference }, async (t) => {
    const folder = makeFolder(t)
    t.equal(inheritance(folder, ours, before), inheritance(folder, reference, before))
  })
}
