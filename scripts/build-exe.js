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

const bins = findBins(root)

// The launcher names the command as Node would be given its script, so that process.argv is the same.
const cases = bins.map((bin) => `case ${JSON.stringify(basename(bin, '.js'))}: return require(${JSON.stringify(bin)})`)
const entry = `
const { basename } = require('node:path')
process.argv.splice(1, 1)
globalThis.loadCommand = function (path) {
  switch (basename(path, '.cjs')) {
    ${cases.join('\n    ')}
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
      return { path: join(folder, 'bun', basename(path)) }
    })
  },
}

await build({
  stdin: { contents: entry, resolveDir: root },
  outfile: join(made, 'daemontools.js'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'es2022',
  external: ['bun:ffi'],
  plugins: [boundary],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(process.argv[2])" },
  logLevel: 'warning',
})

const flags = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig', '--minify-syntax', '--minify-whitespace', '--bytecode']
execFileSync(bun, ['build', '--compile', ...flags, '--outfile', join(made, 'lib/node'), join(made, 'daemontools.js')], { stdio: ['ignore', 'ignore', 'inherit'] })
fs.rmSync(join(made, 'daemontools.js'))
fs.copyFileSync(join(dist, 'lib/launch'), join(made, 'lib/launch'))
fs.cpSync(join(dist, 'command'), join(made, 'command'), { recursive: true })
for (const folder of ['share', 'man']) fs.symlinkSync(join('..', folder), join(made, folder))

fs.rmSync(join(dist, 'exe'), { recursive: true, force: true })
fs.renameSync(made, join(dist, 'exe'))
