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
const replaced = /^\.{1,2}\/(native|arrivals|readable|epollwait|load|syscalls|thrift|title|clock)\.js$/

fs.rmSync(made, { recursive: true, force: true })
fs.mkdirSync(join(made, 'lib'), { recursive: true })

const bins = findBins(root)
const nameOf = (bin) => basename(bin, '.js')

/**
 * What is loaded first: it runs a command by the path that its file would have. Each has a file of its own, because the size of what is loaded
 * makes a start later; and a module of the runtime is loaded when something of it is asked for. The launcher names the command as Node would be
 * given its script, so that process.argv is the same; Node takes the `..` out of that.
 */
const entry = `
process.argv.splice(1, 1)
const [before, after] = (process.argv[1] ?? '').split('/../')
if (after !== undefined) process.argv[1] = before.slice(0, before.lastIndexOf('/') + 1) + after
Object.defineProperty(globalThis, 'moduleUrl', { get: () => require('node:url').pathToFileURL(process.argv[1]) })
globalThis.lazily = (load) => {
  let module
  return new Proxy({}, { get: (_, name) => (name === 'default' ? (module ??= load()) : (module ??= load())[name]) })
}
globalThis.loadCommand = function (path) {
  switch (path.slice(path.lastIndexOf('/') + 1)) {
    ${bins.map((bin) => `case '${nameOf(bin)}.cjs': return require('/$bunfs/root/${nameOf(bin)}.js')`).join('\n    ')}
    default: console.error('daemontools: fatal: not started by one of its commands'); process.exit(100)
  }
}
loadCommand(process.argv[1] ?? '')`

const boundary = {
  name: 'the kernel boundary of this runtime',
  setup({ onResolve }) {
    onResolve({ filter: replaced }, ({ path, importer }) => {
      const folder = join(root, 'packages/unix/dist/src')
      if (dirname(importer) !== folder && dirname(importer) !== join(folder, 'bun')) return undefined
      return { path: join(folder, 'bun', basename(path)), sideEffects: false }
    })
  },
}

const sources = join(made, 'sources')
fs.mkdirSync(sources)
fs.writeFileSync(join(sources, 'entry.js'), entry)
await build({
  entryPoints: bins,
  outdir: sources,
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  external: ['bun:ffi'],
  plugins: [boundary],
  define: { 'import.meta.url': 'moduleUrl' },
  logLevel: 'warning',
})
for (const bin of bins) {
  const file = join(sources, basename(bin))
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/__toESM\((require\("node:[\w/]+"\)), 1\)/g, 'lazily(() => $1)'))
}

const flags = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig', '--minify-syntax', '--minify-whitespace', '--bytecode', '--external', '/$bunfs/*']
const files = ['entry.js', ...bins.map((bin) => basename(bin))].map((name) => join(sources, name))
execFileSync(bun, ['build', '--compile', ...flags, '--root', sources, '--outfile', join(made, 'lib/node'), ...files], { stdio: ['ignore', 'ignore', 'inherit'] })
fs.rmSync(sources, { recursive: true })
for (const name of ['launch', 'own.so']) fs.copyFileSync(join(dist, 'lib', name), join(made, 'lib', name))
fs.cpSync(join(dist, 'command'), join(made, 'command'), { recursive: true })
for (const folder of ['share', 'man']) fs.symlinkSync(join('..', folder), join(made, folder))

fs.rmSync(join(dist, 'exe'), { recursive: true, force: true })
fs.renameSync(made, join(dist, 'exe'))
