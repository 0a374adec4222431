// npm run campaign: one fault after the other for a tree of services, under ours and under its peers. -- --rounds 1000 --only ours …
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fail, prepare, root } from './prepare.js'

try {
  await prepare({ packages: ['daemontools', 'runit', 's6'] }) // those that are missing are not compared with
} catch (error) {
  fail(error)
}
for (const [program, ...args] of [
  ['npm', 'run', '--silent', 'build'],
  [process.execPath, join(root, 'test', 'dist', 'campaign', 'main.js'), ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
