// Leaves every command in dist/command, after `tsc -b` has compiled and checked the packages: see docs/design/launch.md.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const command = join(root, 'dist', 'command')
const lib = join(root, 'dist', 'lib')

rmSync(join(root, 'dist'), { recursive: true, force: true })
mkdirSync(command, { recursive: true })
mkdirSync(lib)

const bins = readdirSync(join(root, 'packages')).flatMap((name) => {
  const bin = join(root, 'packages', name, 'dist', 'src', 'bin')
  try {
    return readdirSync(bin).filter((file) => file.endsWith('.js')).map((file) => join(bin, file))
  } catch {
    return []
  }
})

// One file for each command, so that it starts with one read. What is native stays where npm has built it.
buildSync({
  entryPoints: bins,
  outdir: lib,
  outExtension: { '.js': '.cjs' },
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['koffi', 'posix'],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename)" },
  legalComments: 'none',
  logLevel: 'warning',
})

const launch = join(lib, 'launch')
execFileSync(process.env['CC'] ?? 'cc', ['-O2', '-Wall', '-Wextra', '-o', launch, join(root, 'packages/unix/launch/launch.c')], { stdio: 'inherit' })
for (const bin of bins) copyFileSync(launch, join(command, basename(bin, '.js')))
symlinkSync(process.execPath, join(lib, 'node'))
