// npm run compare: every command, Debian's C program and ours, on the same command lines. -- --all prints every row, -- WORD… plays only some.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fail, prepare, root } from './prepare.js'

try {
  const { missing } = await prepare({ packages: ['daemontools'] })
  if (missing.length > 0) process.exit(111) // prepare has said what to do
} catch (error) {
  fail(error)
}
for (const [program, ...args] of [
  ['npm', 'run', '--silent', 'build'],
  [process.execPath, join(root, 'test', 'dist', 'compare', 'main.js'), ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
