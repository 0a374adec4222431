// npm run bench: how fast and how large ours is beside its peers, in one run. -- --only start,logger --rounds 9 --markdown FILE …
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fail, prepare, root } from './prepare.js'

try {
  await prepare({ packages: ['daemontools', 'runit', 's6'] }) // those that are missing are not compared with
} catch (error) {
  fail(error)
}
// Not the whole build: it would remove what lies beside dist/command.
for (const args of [
  [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'],
  [join(root, 'test', 'dist', 'bench', 'main.js'), ...process.argv.slice(2)],
]) {
  const code = await run(args)
  if (code !== 0) process.exit(code)
}

/** Runs it with Node in the checkout. A signal to us is one to it, and its end is ours. */
function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.once('error', () => resolve(111))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
