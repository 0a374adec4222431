// Leaves every command in dist/command, after `tsc -b` has compiled and checked the packages: docs/design/launch.md.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { findBins } from './bins.js'
import { makePages } from './man.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Made beside and renamed: what runs from the old build does not see half of the new one.
const dist = join(root, 'dist')
const made = join(root, 'dist.new')
const old = join(root, 'dist.old')
const command = join(made, 'command')
const lib = join(made, 'lib')

for (const folder of [made, old]) rmSync(folder, { recursive: true, force: true })
mkdirSync(command, { recursive: true })
mkdirSync(lib)

const bins = findBins(root)

const require = createRequire(import.meta.url)
require('koffi')
const koffi = Object.keys(require.cache).find((path) => path.endsWith('.node'))

// One file for each command, so that a start is one read. What is native stays where npm has built it.
buildSync({
  entryPoints: bins,
  outdir: lib,
  outExtension: { '.js': '.cjs' },
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['koffi', 'node-pty', 'posix'],
  define: { 'import.meta.url': 'moduleUrl', ...(koffi !== undefined && { koffiBinary: JSON.stringify(koffi.slice(koffi.lastIndexOf('/node_modules/') + '/node_modules/'.length)) }) },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename)" },
  logLevel: 'warning',
})

const launch = join(lib, 'launch')
const compile = (to, names, flags, stdio) => {
  const sources = names.map((name) => join(root, 'packages/unix/launch', name))
  execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', ...flags, '-o', to, ...sources], { stdio })
}
const launchSources = ['launch.c', 'standin.c']
compile(launch, launchSources, [], 'inherit')
for (const bin of bins) copyFileSync(launch, join(command, basename(bin, '.js')))
// Without the dynamic linker, what starts each program is through sooner, and what stays (a stand-in, the keeper) has half the memory of its own.
// Not every system has the C library for that.
try {
  compile(join(lib, 'static'), launchSources, ['-static', '-s'], 'ignore')
  copyFileSync(join(lib, 'static'), join(command, 'multilog'))
  renameSync(join(lib, 'static'), launch)
} catch {
  // then it is as the others are
}
// Beside own.ts, for the tests, and beside the commands.
const own = join(root, 'packages/unix/dist/src/own.so')
compile(own, ['spawn.c', 'prints.c'], ['-shared', '-fPIC', '-s'], 'inherit')
copyFileSync(own, join(lib, 'own.so'))
copyFileSync(join(root, 'packages/svscan/svscanboot'), join(command, 'svscanboot'))
chmodSync(join(command, 'svscanboot'), 0o755)
symlinkSync(process.execPath, join(lib, 'node'))

for (const name of readdirSync(join(root, 'services'))) {
  const service = join(root, 'services', name, 'service')
  if (existsSync(service)) cpSync(service, join(made, 'share', name), { recursive: true })
}

makePages(join(made, 'man'))

if (existsSync(dist)) renameSync(dist, old)
renameSync(made, dist)
rmSync(old, { recursive: true, force: true })
