// Leaves the toolkit in dist/exe as one executable that needs neither Node nor this checkout: docs/design/launch.md, "The standalone executable".
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { findBins } from './bins.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const made = join(dist, 'exe.new')
/** Where npm leaves it: in its own package, or, if its install script was not run, in that of the platform. */
const bun = [join(root, 'node_modules/bun/bin/bun.exe'), join(root, `node_modules/@oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`)].find((path) => fs.existsSync(path))
if (bun === undefined) {
  console.error('build-exe: fatal: unable to find bun in node_modules: npm ci')
  process.exit(111)
}
/** What the boundary to the kernel has a second time, for this runtime. */
const replaced = /^\.{1,2}\/(native|arrivals|readable|epollwait|load|thrift|title|clock)\.js$/

fs.rmSync(made, { recursive: true, force: true })
fs.mkdirSync(join(made, 'lib'), { recursive: true })

/** Those for people, with yargs: in a file of their own, because what is in the first one makes every command start later. */
const forPeople = ['svctl', 'fetchmail-service']
const bins = findBins(root)
const isForPeople = (bin) => forPeople.includes(basename(bin, '.js'))

/** A function that runs a command by the path that its file would have. */
const entryOf = (bins, otherwise) => {
  const cases = bins.map((bin) => `case ${JSON.stringify(basename(bin, '.js'))}: return require(${JSON.stringify(bin)})`)
  return `
const { basename } = require('node:path')
globalThis.loadCommand = function (path) {
  switch (basename(path, '.cjs')) {
    ${cases.join('\n    ')}
    default: ${otherwise}
  }
}
loadCommand(process.argv[1] ?? '')`
}
// The launcher names the command as Node would be given its script, so that process.argv is the same; Node takes the `..` out of its name. `moduleUrl` is made when it is asked for:
// that loads more of the runtime than most commands need.
const prologue = `
process.argv.splice(1, 1)
if (process.argv.length > 1) process.argv[1] = require('node:path').normalize(process.argv[1])
Object.defineProperty(globalThis, 'moduleUrl', { get: () => require('node:url').pathToFileURL(process.argv[1]) })`
const classic = prologue + entryOf(bins.filter((bin) => !isForPeople(bin)), "require('/$bunfs/root/people.js')")
const people = entryOf(bins.filter(isForPeople), "console.error('daemontools: fatal: not started by one of its commands'); process.exit(100)")

const boundary = {
  name: 'the kernel boundary of this runtime',
  setup({ onResolve }) {
    onResolve({ filter: replaced }, ({ path, importer }) => {
      const folder = join(root, 'packages/unix/dist/src')
      if (dirname(importer) !== folder && dirname(importer) !== join(folder, 'bun')) return undefined
      return { path: join(folder, 'bun', basename(path)) }
    })
  },
}

for (const [name, contents] of Object.entries({ daemontools: classic, people })) {
  await build({
    stdin: { contents, resolveDir: root },
    outfile: join(made, `${name}.js`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    external: ['bun:ffi', '/$bunfs/*'],
    plugins: [boundary],
    define: { 'import.meta.url': 'moduleUrl' },
    logLevel: 'warning',
  })
}

const flags = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig', '--minify-syntax', '--minify-whitespace', '--bytecode', '--external', '/$bunfs/*']
const sources = ['daemontools.js', 'people.js'].map((name) => join(made, name))
execFileSync(bun, ['build', '--compile', ...flags, '--outfile', join(made, 'lib/node'), ...sources], { stdio: ['ignore', 'ignore', 'inherit'] })
for (const source of sources) fs.rmSync(source)
fs.copyFileSync(join(dist, 'lib/launch'), join(made, 'lib/launch'))
fs.cpSync(join(dist, 'command'), join(made, 'command'), { recursive: true })
for (const folder of ['share', 'man']) fs.symlinkSync(join('..', folder), join(made, folder))

fs.rmSync(join(dist, 'exe'), { recursive: true, force: true })
fs.renameSync(made, join(dist, 'exe'))
