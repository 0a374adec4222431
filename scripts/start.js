// npm start: the demonstration. npm start -- --once ends after the tour.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fail, prepare, root } from './prepare.js'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) fail(new Error(`this is Node ${process.versions.node}, and 20.19 or later is needed`))

// npm ended by TERM ends only the shell between it and us: take that as the terminal's going away.
const parent = process.ppid
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGHUP')
  }, 500)
  watch.unref()
}

try {
  const { missing } = await prepare({ packages: ['fetchmail'] })
  if (missing.length > 0) process.exit(111) // prepare has said what to do
} catch (error) {
  fail(error)
}
// In this process: a signal to it is a signal to the demonstration.
await import(pathToFileURL(join(root, 'packages', 'demo', 'dist', 'src', 'programs', 'daemontools-demo.js')).href)
