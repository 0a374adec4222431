// The rules of the house that a program can check: docs/design/house.md. Says each breach, exits 1 if there is one.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scope = '@daemontools-ts/'

// Packages may import what stands before them. Those after `servicedir` are commands: they meet only through argv, files, FIFOs and signals.
const foundations = ['tai64', 'unix', 'command', 'servicedir', 'runscript']
// svctl stands on libraries; these are no commands, and no command but svctl may load them. svc's index is how a letter is sent.
const commandImports = { svscan: ['supervise'], client: ['svc'], logread: [], lint: [], scaffold: [], svctl: ['client', 'logread', 'lint', 'scaffold'] }
const natives = ['koffi', 'posix', 'node-pty']

const breaches = []
const breach = (file, text) => breaches.push(`${relative(root, file)}: ${text}`)

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const imported = new Set()
  for (const file of sources(join(folder, 'src'))) {
    const text = readFileSync(file, 'utf8')
    for (const module of importsOf(text)) {
      if (module.startsWith('.') || module.startsWith('node:')) {
        if (module === 'node:child_process' && !['unix', 'demo'].includes(name)) breach(file, 'child processes are started by packages/unix')
        continue
      }
      if (module.startsWith('bun:')) {
        if (name !== 'unix') breach(file, `${module}: only packages/unix opens the kernel's door`)
        continue
      }
      const bare = module.split('/').slice(0, module.startsWith('@') ? 2 : 1).join('/')
      if (bare !== module) breach(file, `${module}: packages are imported by their index`)
      imported.add(bare)
      if (natives.includes(bare) && name !== 'unix') breach(file, `${bare}: only packages/unix opens the kernel's door`)
      if (bare.startsWith(scope) && !mayImport(name, bare.slice(scope.length))) breach(file, `${name} may not import ${bare}`)
    }
    if (/^export default/m.test(text)) breach(file, 'default export')
    const lines = text.split('\n').length - 1
    if (lines > 250) breach(file, `${lines} lines: could one noun be two?`)
  }
  for (const module of imported) if (!(module in (manifest.dependencies ?? {}))) breach(join(folder, 'package.json'), `${module} is imported but not a dependency`)
  for (const module of Object.keys(manifest.dependencies ?? {})) {
    if (!imported.has(module)) breach(join(folder, 'package.json'), `${module} is a dependency but not imported`)
  }
  const references = readFileSync(join(folder, 'tsconfig.json'), 'utf8')
  for (const module of imported) {
    if (module.startsWith(scope) && !references.includes(`../${module.slice(scope.length)}"`)) breach(join(folder, 'tsconfig.json'), `no reference to ${module}`)
  }
  for (const file of sources(join(folder, 'test'))) {
    const pair = file.replace('/test/', '/src/').replace(/\.test\.ts$/, '.ts')
    if (file.endsWith('.test.ts') && !acrossProcesses(file) && !exists(pair)) breach(file, `tests ${relative(folder, pair)}, which is not there`)
  }
}

for (const text of breaches) console.error(`check: ${text}`)
console.log(`check: ${breaches.length === 0 ? 'the house is in order' : `${breaches.length} breaches`}`)
process.exit(breaches.length === 0 ? 0 : 1)

function mayImport(from, to) {
  const place = foundations.indexOf(from)
  if (place !== -1) return foundations.slice(0, place).includes(to)
  return foundations.includes(to) || (commandImports[from] ?? []).includes(to)
}

function importsOf(text) {
  const matches = text.matchAll(/(?:^|\n)(?:import|export)\b[^'\n;]*?(?:\n[^'\n;]*)*?from '([^']+)'|\bimport\('([^']+)'\)|\brequire\('([^']+)'\)/g)
  return [...matches].map((match) => match[1] ?? match[2] ?? match[3])
}

/** A test of a whole command says so in its first line. */
function acrossProcesses(file) {
  return readFileSync(file, 'utf8').startsWith('// whole command')
}

function sources(folder) {
  if (!exists(folder)) return []
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.ts') && statSync(file).isFile())
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
