/**
 * setuidgid: what it says and how it exits, theirs and ours. What the program behind it inherits is in inherit.test.ts.
 *
 * Not tested: accounts that come from somewhere else than /etc/passwd.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { same } from './support/golden.ts'
import { checkout, copyBuild, unlessAble } from './support/implementation.ts'
import { run } from './support/process.ts'
import { scratch } from './support/tree.ts'

/** The programs that are run, each of which says where it was found. */
function prepare(folder: string): void {
  const script = (name: string, mode = 0o755): void => {
    fs.mkdirSync(dirname(join(folder, name)), { recursive: true })
    fs.writeFileSync(join(folder, name), '#!/bin/sh\necho "$0 with $#: $*"; exit 3\n')
    fs.chmodSync(join(folder, name), mode)
  }
  for (const name of ['here', 'a/prog', 'b/prog', 'b/other', 'closed/prog', 'closed/only']) script(name)
  script('a/other', 0o644)
  script('notexec', 0o644)
  fs.mkdirSync(join(folder, 'directory/prog'), { recursive: true })
  fs.writeFileSync(join(folder, 'bare'), 'echo a shell runs this\n', { mode: 0o755 })
  fs.writeFileSync(join(folder, 'empty'), '', { mode: 0o755 })
  fs.writeFileSync(join(folder, 'badinterpreter'), '#!/nowhere/sh\n', { mode: 0o755 })
  fs.symlinkSync('loop', join(folder, 'loop'))
  fs.mkdirSync(join(folder, 'c'))
  fs.copyFileSync(join(folder, 'bare'), join(folder, 'c/prog'))
  fs.chmodSync(join(folder, 'c/prog'), 0o755)
  // root may enter it, nobody may not
  fs.chmodSync(join(folder, 'closed'), 0o700)
}

const S = '"$BIN/setuidgid"'
const commandLines = [
  S, `${S} nobody`, `${S} nosuchaccount true`, `${S} nosuchaccount`, `${S} "" true`, `${S} -- nobody id`, `${S} -x nobody id`, `${S} 65534 true`, `${S} nobody:nogroup true`, `${S} "$(printf "\\377")" true`, `${S} nobody ""`,
  `${S} nobody id`, `${S} root id`, `${S} daemon id -Gn`, `${S} nobody ./here a "b c"`, `${S} nobody "$PWD/here"`, `${S} nobody missing`, `${S} nobody ./missing`, `${S} nobody a/missing/x`, `${S} nobody ./here/x`,
  `${S} nobody ./notexec`, `${S} nobody ./directory`, `${S} nobody /`, `${S} nobody ./bare`, `${S} nobody ./empty`, `${S} nobody ./badinterpreter`, `${S} nobody ./loop`, `${S} nobody ./closed/prog`, `${S} nobody ${'x'.repeat(300)}`, `${S} nobody ./${'x'.repeat(300)}`,
  `${S} nobody sh -c 'exit 42'`, `${S} nobody sh -c 'kill -9 $$'`, `${S} nobody sh -c 'kill -PIPE $$'`, `${S} nobody sh -c 'echo $0' zero`, `exec ${S} nobody sh -c 'kill -SEGV $$'`,
  ...['', ':', 'a', 'a:b', 'b:a', ':a', 'a:', 'a::b', 'missing:b', 'closed:b', 'b:closed', 'closed', 'closed:missing', 'missing:closed', 'directory:b', 'directory', 'here:b', 'b:here', 'c:b', 'b:c', 'loop:b', 'here', './a', '/usr/bin:/bin', 'a/:b', `${'x'.repeat(300)}:b`].flatMap((path) => [
    `PATH=${path} exec ${S} nobody prog 1`, `PATH=${path} exec ${S} nobody other`, `PATH=${path} exec ${S} nobody only`, `PATH=${path} exec ${S} nobody here`,
  ]),
  `exec /usr/bin/env -u PATH ${S} nobody id`, `exec /usr/bin/env -u PATH ${S} nobody here`, `exec /usr/bin/env -i ${S} nobody id`, `exec /usr/bin/env PATH=b PATH=a ${S} nobody prog`,
  `${S} nobody id 2>&-`, `${S} nobody missing 2>&-`, `${S} nobody "$(printf "\\377\\376")"`, `${S} nobody "$(printf "./\\303\\251")"`,
  ...['nobody', 'root', 'daemon', 'nosuchaccount'].map((account) => `/usr/bin/setuidgid nobody ${S} ${account} id`),
  `/usr/bin/setuidgid nobody ${S}`,
]

const able = unlessAble({ root: true, theirs: ['setuidgid'], ours: ['setuidgid'] })
t.jobs = 2

t.test('setuidgid, the same command line', { ...able }, async (t) => {
  const rest = [...commandLines]
  while (rest.length > 0) {
    await Promise.all(
      rest.splice(0, 8).map((line) => {
        const name = line.replaceAll('"$BIN/setuidgid"', 'setuidgid')
        return same(t, name.length > 80 ? `${name.slice(0, 80)}…` : name, { script: line, prepare })
      }),
    )
  }
})

t.test('setuidgid works from a checkout that the account may not enter', { ...able }, async (t) => {
  const closed = join(scratch(t), 'closed')
  fs.mkdirSync(closed, { mode: 0o700 })
  copyBuild(join(closed, 'dist'))
  fs.symlinkSync(fs.realpathSync(join(checkout, 'node_modules')), join(closed, 'node_modules'))
  const command = join(closed, 'dist/command/setuidgid')
  const works = await run(t, command, ['nobody', 'id', '-u'])
  t.same({ code: works.code, stdout: works.stdout, stderr: works.stderr }, { code: 0, stdout: '65534\n', stderr: '' })
  const refused = await run(t, command, ['nobody', 'nosuchprogram'], { env: { PATH: '/usr/bin:/bin' } })
  t.same({ code: refused.code, stderr: refused.stderr }, { code: 111, stderr: 'setuidgid: fatal: unable to run nosuchprogram: file does not exist\n' })
  const inside = await run(t, command, ['nobody', command], { cwd: closed })
  t.same({ code: inside.code, stderr: inside.stderr }, { code: 111, stderr: `setuidgid: fatal: unable to run ${command}: access denied\n` }, 'and the account really may not enter it')
})

t.test('setuidgid works where the working directory is closed to the account', { ...able }, async (t) => {
  await same(t, 'like theirs', { prepare, script: `cd closed; exec ${S} nobody sh -c 'id -u; pwd; cat prog'` })
})
