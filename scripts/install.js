#!/usr/bin/env node
// Puts the build onto a machine, or into the image of one, so that nothing of it depends on this checkout; --uninstall takes it away again.
//
//   PREFIX/lib/daemontools-ts            a link to the newest generation, replaced in one rename: there is always a whole one
//   PREFIX/lib/daemontools-ts.N          command, lib, share, node_modules, and `manifest`: all that we made on this machine
//   PREFIX/bin, PREFIX/share/man         a link for each command; its man page
//
// From what there is follow the steps, as values (planInstallation, planRemoval). They are printed as shell commands that do the same,
// and done (perform). Paths in plans and files are those on the machine; --root DIR only decides where its `/` is now.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const checkout = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(checkout, 'dist')
/** The standalone executable, if it was built: it has the runtime in it. */
const isAlone = fs.existsSync(join(dist, 'exe', 'command'))
const build = isAlone ? join(dist, 'exe') : dist
const synopsis =
  'install [ --prefix /usr/local ] [ --root DIR ] [ --service /service ] [ --boot auto|systemd|inittab|openrc|rc.local|none ] [ --command ] [ --copy-node ] [ --force ] [ --dry-run ] [ --uninstall ]'
const exitCode = { misuse: 100, refused: 111 }
/** How a foreign file is kept with --force. */
const aside = '.before-daemontools-ts'
/** The end of a file's name while it is being written. */
const unfinished = '.installing'
/** A command that was starting while the link was replaced has read its files by then. */
const startSeconds = 2

const { values: options } = readCommandLine()
const root = options.root === undefined ? '' : resolve(options.root).replace(/\/$/, '')
const prefix = absolute('--prefix', options.prefix ?? '/usr/local')
const lib = `${prefix === '/' ? '' : prefix}/lib/daemontools-ts`
process.umask(0o022)

try {
  const old = readManifest(lib)
  if (options.uninstall) uninstall(old)
  else install(old)
} catch (error) {
  die('unable to inspect the system', error)
}

function install(old) {
  const wish = wishFor(old)
  refuseBeside(wish.service, (pid) => `${wish.service} is watched by another svscan, pid ${pid}: stop it, or choose another folder with --service`)
  const plan = planInstallation(wish, old)
  if (plan.foreign.length > 0 && !options.force) {
    for (const path of plan.foreign) warn(`${disk(path)} is not ours`)
    die(`nothing was changed: ${plan.foreign.length} in the way; --force keeps each under another name (${aside})`)
  }
  carryOut(plan)
  const boot = detectBoot()
  if (wish.boot === 'none' && boot !== 'none') print(`# next, to have svscan started at boot: the same with --boot ${boot}`)
  else if (plan.steps.length > 0 && root === '') for (const line of hookFor(wish).next ?? []) print(`# next: ${line}`)
  if (old === undefined || plan.steps.length === 0) return
  for (const pid of svscansOf(wish.service).filter(isFromHere)) print(`# next: kill -HUP ${pid}: svscan becomes the new one, no service is touched`)
}

function uninstall(old) {
  if (old === undefined) die(`${disk(lib)}/manifest: file does not exist`)
  if (!options.force) {
    const pid = svscansOf(old.options.service).find(isFromHere)
    if (pid !== undefined) die(`svscan runs from here, pid ${pid}: stop it first`)
  }
  carryOut(planRemoval(old))
  print(`# ${disk(old.options.service)} and the services stay`)
}

// ---- what is wanted ----

/** What the options say; where they are silent, what they said last time. */
function wishFor(old) {
  const service = absolute('--service', options.service ?? old?.options.service ?? '/service')
  const asked = options.boot ?? old?.options.boot ?? 'none'
  return {
    service,
    boot: asked === 'auto' ? detectBoot() : asked,
    command: options.command ?? old?.options.command ?? false,
    copyNode: options['copy-node'] ?? old?.options.copyNode ?? false,
  }
}

/** Everything that a generation holds: `from` is where the same bytes can be copied from. */
function delivery(wish) {
  const items = []
  const file = (path, from, mode) => items.push({ type: 'file', path, mode, from, sha256: digest(fs.readFileSync(from)) })
  for (const name of commandNames()) {
    if (name !== 'svscanboot') file(`command/${name}`, join(dist, 'command', name), 0o755)
    else {
      const script = fs.readFileSync(join(dist, 'command', name), 'latin1')
      items.push(written(`command/${name}`, 0o755, script.replace(/^service=.*$/m, () => `service=${word(wish.service)}`)))
    }
  }
  const modules = new Set()
  for (const name of fs.readdirSync(join(build, 'lib')).sort()) {
    if (name === 'node') continue
    const from = join(build, 'lib', name)
    file(`lib/${name}`, from, name === 'launch' ? 0o755 : 0o644)
    for (const [, module] of fs.readFileSync(from, 'latin1').matchAll(/\brequire\d*\("(koffi|posix|node-pty)"\)/g)) modules.add(module)
  }
  const node = fs.realpathSync(join(build, 'lib', 'node')) // the one that npm has built the native modules for
  if (wish.copyNode && !isAlone && fs.readFileSync(node).includes('libnode.so')) die(`unable to copy ${node}: it needs libnode.so, which belongs to the system`)
  if (wish.copyNode || isAlone) file('lib/node', node, 0o755)
  else items.push({ type: 'link', path: 'lib/node', target: node })
  if (modules.has('koffi')) modules.add(`@koromix/koffi-linux-${process.arch}`)
  for (const module of [...modules].sort()) for (const [path, from] of moduleFiles(module)) file(`node_modules/${module}/${path}`, from, 0o644)
  for (const path of walk(join(dist, 'share'))) file(`share/${path}`, join(dist, 'share', path), fs.statSync(join(dist, 'share', path)).mode & 0o111 ? 0o755 : 0o644)
  return items
}

/** Of an npm package, what Node reads when it runs, and the licence. Where npm has compiled the addon, the package's prebuilt ones are left out. */
function moduleFiles(module) {
  const folder = join(checkout, 'node_modules', module)
  if (!fs.existsSync(folder)) die(`unable to find ${folder}: npm ci`)
  const isCompiled = fs.existsSync(join(folder, 'build/Release'))
  const mine = `prebuilds/linux-${process.arch}/`
  return walk(folder)
    .filter((path) => /^(package\.json|LICEN[CS]E.*)$|\.(c?js|node)$/.test(path) && !/(^|\/)(test|scripts|deps|doc|vendor|node_modules|obj\.target)\/|\.test\.js$|^cnoke/.test(path))
    .filter((path) => !path.startsWith('prebuilds/') || (!isCompiled && path.startsWith(mine)))
    .map((path) => [path, join(folder, path)])
}

/** What lies outside the generation. */
function surroundings(wish, generation) {
  const items = [{ type: 'link', path: lib, target: `${basename(lib)}.${generation}` }]
  for (const folder of [join(prefix, 'bin'), ...(wish.command ? ['/command'] : [])]) {
    for (const name of commandNames()) items.push({ type: 'link', path: join(folder, name), target: `${lib}/command/${name}` })
  }
  for (const path of walk(join(dist, 'man')).filter((path) => /\.[1-9]$/.test(path))) {
    const from = join(dist, 'man', path)
    items.push({ type: 'file', path: join(prefix, `share/man/man${path.at(-1)}`, basename(path)), mode: 0o644, from, sha256: digest(fs.readFileSync(from)) })
  }
  return [...items, ...hookFor(wish).items]
}

/** Who shall start svscanboot, and how a person makes that happen now. */
function hookFor({ boot }) {
  const svscanboot = `${lib}/command/svscanboot`
  const line = (path, text) => ({ items: [{ type: 'line', path, text }] })
  switch (boot) {
    case 'systemd':
      return {
        items: [
          written('/etc/systemd/system/daemontools-ts.service', 0o644, systemdUnit(svscanboot)),
          { type: 'link', path: '/etc/systemd/system/multi-user.target.wants/daemontools-ts.service', target: '../daemontools-ts.service' },
        ],
        next: ['systemctl daemon-reload && systemctl start daemontools-ts'],
      }
    case 'openrc':
      return {
        items: [
          written('/etc/init.d/daemontools-ts', 0o755, openrcScript(svscanboot)),
          { type: 'link', path: '/etc/runlevels/default/daemontools-ts', target: '/etc/init.d/daemontools-ts' },
        ],
        next: ['rc-service daemontools-ts start'],
      }
    case 'inittab': // djb's line
      return { ...line('/etc/inittab', `SV:123456:respawn:${word(svscanboot)}`), next: ['kill -HUP 1'] }
    case 'rc.local':
      return { ...line('/etc/rc.local', `${word(svscanboot)} &`), next: [`${word(svscanboot)} &`] }
    default:
      return { items: [] }
  }
}

/** One cgroup for all services: what systemd would do to the whole of it because of one of them is switched off. */
function systemdUnit(svscanboot) {
  return `[Unit]
Description=service supervision (daemontools)
StartLimitIntervalSec=0

[Service]
ExecStart="${svscanboot.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', () => '$$')}"
Restart=always
# all services live in this cgroup: none of them shall end or starve the others
OOMPolicy=continue
TasksMax=infinity
# services expect what init(8) would give them
IgnoreSIGPIPE=false

[Install]
WantedBy=multi-user.target
`
}

function openrcScript(svscanboot) {
  return `#!/sbin/openrc-run
description="service supervision (daemontools)"
command=${word(svscanboot)}
command_background=yes
pidfile=/run/daemontools-ts.pid

stop() {
	ebegin "Stopping svscan and its services"
	read -r pid <"$pidfile"
	# TERM to svscan stops the services, then their loggers; svscanboot ends after them
	for child in $(pgrep -P "$pid"); do
		pkill -TERM -P "$child" -f '^svscan'
	done
	for second in $(seq 90); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 1
	done
	! kill -0 "$pid" 2>/dev/null && rm -f "$pidfile"
	eend $?
}
`
}

/** What starts programs at boot, on this machine or in the image. */
function detectBoot() {
  const has = (...paths) => paths.some((path) => exists(path))
  const systemd = root === '' ? has('/run/systemd/system') : has('/usr/lib/systemd/systemd', '/lib/systemd/systemd')
  if (systemd) return 'systemd'
  if (has('/sbin/openrc-run', '/usr/sbin/openrc-run')) return 'openrc'
  if (has('/etc/inittab')) return 'inittab'
  return has('/etc/rc.local') ? 'rc.local' : 'none'
}

// ---- the plan ----

/** Whoever stops after any step can plan again and ends at the same tree. */
function planInstallation(wish, old) {
  const delivered = delivery(wish)
  const itemsOf = (generation) => ({ inside: delivered.map((item) => ({ ...item, path: `${lib}.${generation}/${item.path}` })), outside: surroundings(wish, generation) })
  const others = generations().filter((number) => number !== old?.generation)
  if (old !== undefined) {
    const { inside, outside } = itemsOf(old.generation)
    const there = new Map(old.items.map((item) => [item.path, item]))
    const all = [...inside, ...outside]
    const isSame = all.every((item) => same(there.get(item.path), item) && isIntact(item)) && old.items.every((item) => ['directory', 'kept'].includes(item.type) || all.some(({ path }) => path === item.path))
    if (isSame && others.length === 0 && exists(wish.service)) return { steps: [], warnings: [], foreign: [] }
  }

  let generation = 1
  while (!isFree(`${lib}.${generation}`)) generation++
  const { inside, outside } = itemsOf(generation)
  const ours = new Map((old?.items ?? []).map((item) => [item.path, item]))
  const isForeign = (item) => item.type !== 'line' && exists(item.path) && !isIntact(item) && !(ours.has(item.path) && isIntact(ours.get(item.path)))
  const foreign = outside.filter(isForeign).map(({ path }) => path)
  const past = [...others.map((number) => readManifest(`${lib}.${number}`)), old].filter((manifest) => manifest !== undefined)
  const pastItems = past.flatMap(({ items }) => items)
  const keptNow = foreign.map((path) => ({ type: 'kept', path, as: freeName(path + aside) }))
  const kept = [...pastItems.filter(({ type, as }) => type === 'kept' && exists(as)), ...keptNow]

  const folders = unique(outside.flatMap(({ path }) => ancestors(path)))
  const made = folders.filter((path) => !exists(path) || pastItems.some((item) => item.type === 'directory' && item.path === path)).map(directory)
  const own = unique([`${lib}.${generation}`, ...inside.flatMap(({ path }) => ancestors(path).filter((folder) => folder.startsWith(`${lib}.${generation}`)))]).map(directory)
  const manifest = [...made, ...kept, ...own, ...inside, ...outside]

  const plan = { steps: [], warnings: [], foreign, inside: `${lib}.${generation}/`, count: inside.length }
  const planFolders = (wanted) => {
    for (const { path } of made) if (!exists(path) && wanted(path)) plan.steps.push({ do: 'make directory', path })
  }
  // As little as can be before there is a manifest to name it.
  const leadsToUs = (path) => ancestors(lib).includes(path)
  planFolders(leadsToUs)
  if (!exists(own[0].path)) plan.steps.push({ do: 'make directory', path: own[0].path })
  plan.steps.push({ do: 'write', path: `${own[0].path}/manifest`, mode: 0o644, content: manifestText({ generation, options: wish, items: manifest }) })
  planFolders((path) => !leadsToUs(path))
  for (const { path } of own.slice(1)) plan.steps.push({ do: 'make directory', path })
  for (const item of inside) plan.steps.push(creation(item, item.path))
  const wanted = new Set(outside.map(({ path }) => path))
  for (const item of old?.items ?? []) {
    if (!isInside(item.path, old.generation) && !wanted.has(item.path) && !['directory', 'kept'].includes(item.type)) planRemovalOf(item, plan)
  }
  for (const { path, as } of keptNow) plan.steps.push({ do: 'move', path, as })
  for (const item of outside) if (!isIntact(item)) planReplacement(item, plan)
  for (const path of [...ancestors(wish.service), wish.service]) if (!exists(path) && !made.some((item) => item.path === path)) plan.steps.push({ do: 'make directory', path })

  if (old !== undefined) plan.steps.push({ do: 'wait', seconds: startSeconds })
  for (const manifest of past) planRemovalOfGeneration(manifest, plan)
  return plan
}

/** Only what the manifest lists, and only where nobody has changed it. */
function planRemoval(old) {
  const plan = { steps: [], warnings: [], inside: `${lib}.${old.generation}/`, count: old.items.filter(({ path }) => isInside(path, old.generation)).length }
  const outside = old.items.filter(({ path, type }) => !isInside(path, old.generation) && path !== lib && !['directory', 'kept'].includes(type))
  for (const item of outside.reverse()) planRemovalOf(item, plan)
  for (const item of old.items) if (item.type === 'kept' && exists(item.as)) plan.steps.push({ do: 'restore', path: item.path, as: item.as })
  for (const item of old.items) if (item.path === lib) planRemovalOf(item, plan)
  planRemovalOfGeneration(old, plan)
  for (const item of old.items.filter(({ path, type }) => type === 'directory' && !isInside(path, old.generation)).reverse()) planRemovalOf(item, plan)
  return plan
}

/** The manifest after the files: should this stop half-way, the next installation goes on with it. */
function planRemovalOfGeneration({ generation, items }, plan) {
  const inside = items.filter(({ path }) => isInside(path, generation))
  for (const item of inside) if (item.type !== 'directory') planRemovalOf(item, plan)
  plan.steps.push({ do: 'unlink', path: `${lib}.${generation}/manifest` })
  for (const item of inside.reverse()) if (item.type === 'directory') planRemovalOf(item, plan)
}

function planRemovalOf(item, plan) {
  if (!exists(item.path)) return
  if (item.type === 'directory') plan.steps.push({ do: 'remove directory', path: item.path })
  else if (!isIntact(item)) plan.warnings.push(`${disk(item.path)} was changed since it was installed: left as it is`)
  else if (item.type === 'line') planEdit(item.path, readText(item.path).split('\n').filter((line) => line !== item.text).join('\n'), plan)
  else plan.steps.push({ do: 'unlink', path: item.path })
}

function planReplacement(item, plan) {
  const { path } = item
  if (item.type === 'line') {
    if (!exists(path)) return plan.steps.push({ do: 'write', path, mode: path === '/etc/rc.local' ? 0o755 : 0o644, content: `${lineFileStart(path)}${item.text}\n` })
    const id = /^SV:/.test(item.text) && readText(path).split('\n').find((line) => line.startsWith('SV:'))
    if (id) die(`${disk(path)} has a line of its own: ${id}`)
    return planEdit(path, withLine(readText(path), item.text), plan)
  }
  if (item.type === 'link' && !exists(path)) return plan.steps.push({ do: 'link', path, target: item.target })
  plan.steps.push(creation(item, path + unfinished), { do: 'replace', path, by: path + unfinished })
}

/** A file of somebody else's, in which a line is ours. One that held nothing else goes as it came. */
function planEdit(name, content, plan) {
  const path = followed(name)
  if (content === lineFileStart(name)) return plan.steps.push({ do: 'unlink', path })
  const { mode } = fs.statSync(disk(path))
  plan.steps.push({ do: 'write', path: path + unfinished, mode: mode & 0o7777, content }, { do: 'replace', path, by: path + unfinished })
}

/** The path without symbolic links: what is renamed in the place of one would replace only it. */
function followed(path) {
  const top = root === '' ? '' : fs.realpathSync(root)
  const real = fs.realpathSync(disk(path))
  if (!real.startsWith(`${top}/`)) die(`${disk(path)} leads out of ${root}`)
  return real.slice(top.length)
}

function lineFileStart(path) {
  return path === '/etc/rc.local' ? '#!/bin/sh\n' : ''
}

/** At the end, but before rc.local's `exit 0`. */
function withLine(text, line) {
  const lines = text.replace(/\n$/, '').split('\n')
  const exit = lines.findLastIndex((line) => /^exit\b/.test(line))
  lines.splice(exit === -1 ? lines.length : exit, 0, line)
  return lines.join('\n') + '\n'
}

function creation({ type, mode, from, content, target }, path) {
  if (type === 'link') return { do: 'link', path, target }
  return from === undefined ? { do: 'write', path, mode, content } : { do: 'copy', path, mode, from }
}

// ---- the steps ----

/** The shell command that does the same. */
function shellCommand(step) {
  const path = disk(step.path ?? '')
  switch (step.do) {
    case 'make directory':
      return words('mkdir', '-m', '0755', path)
    case 'copy':
      return words('install', '-m', octal(step.mode), step.from, path)
    case 'write':
      return `cat >${word(path)} <<'EOF'\n${step.content}EOF\n${words('chmod', octal(step.mode), path)}`
    case 'link':
      return words('ln', '-s', step.target, path)
    case 'replace':
      return words('mv', '-fT', disk(step.by), path)
    case 'move':
      return words('mv', '-T', path, disk(step.as))
    case 'restore':
      return words('mv', '-nT', disk(step.as), path)
    case 'unlink':
      return words('rm', path)
    case 'remove directory':
      return words('rmdir', '--ignore-fail-on-non-empty', path)
    case 'wait':
      return `sleep ${step.seconds}`
  }
}

/** Does one step. Throws the system's refusal. */
function perform(step) {
  const path = disk(step.path ?? '')
  switch (step.do) {
    case 'make directory':
      fs.mkdirSync(path)
      return fs.chmodSync(path, 0o755)
    case 'copy':
      return create(path, fs.readFileSync(step.from), step.mode)
    case 'write':
      return create(path, Buffer.from(step.content, 'latin1'), step.mode)
    case 'link':
      if (path.endsWith(unfinished)) fs.rmSync(path, { force: true })
      return fs.symlinkSync(step.target, path)
    case 'replace':
      return fs.renameSync(disk(step.by), path)
    case 'move':
      return fs.renameSync(path, disk(step.as))
    case 'restore':
      return exists(step.path) ? undefined : fs.renameSync(disk(step.as), path)
    case 'unlink':
      return fs.unlinkSync(path)
    case 'remove directory':
      try {
        return fs.rmdirSync(path)
      } catch (error) {
        if (error.code !== 'ENOTEMPTY') throw error
        return undefined
      }
    case 'wait':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, step.seconds * 1000)
  }
}

function create(path, content, mode) {
  if (path.endsWith(unfinished)) fs.rmSync(path, { force: true })
  const fd = fs.openSync(path, 'wx', mode)
  try {
    fs.writeFileSync(fd, content)
    fs.fchmodSync(fd, mode)
    fs.fsyncSync(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** What to say when it did not work: `unable to VERB THING`. */
function complaint(step) {
  const path = disk(step.path ?? '')
  if (step.do === 'unlink' || step.do === 'remove directory') return `unable to remove ${path}`
  if (step.do === 'move' || step.do === 'restore') return `unable to rename ${path}`
  return `unable to ${step.do === 'replace' ? 'replace' : 'create'} ${path}`
}

/** Prints each step before it is done; of those inside a generation only a dry run tells each. */
function carryOut({ steps, warnings, inside, count }) {
  for (const warning of warnings) warn(warning)
  if (steps.length === 0) return print('install: nothing to do')
  let told = false
  for (const step of steps) {
    if (options['dry-run'] || !step.path?.startsWith(inside)) print(shellCommand(step))
    else if (!told) {
      told = true
      print(`# ${count} files in ${disk(inside)}, each listed in its manifest`)
    }
    if (options['dry-run']) continue
    try {
      perform(step)
    } catch (error) {
      die(complaint(step), error)
    }
  }
}

// ---- the manifest ----

function manifestText({ generation, options, items }) {
  const header = { 'daemontools-ts': JSON.parse(fs.readFileSync(join(checkout, 'package.json'), 'utf8')).version, generation, options }
  const lines = items.map(({ type, path, mode, sha256, target, text, as }) => ({ type, path, mode, sha256, target, text, as }))
  // ASCII, so that a path is the same bytes however this is written down
  return [header, ...lines].map((line) => JSON.stringify(line).replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`) + '\n').join('')
}

/** Undefined if there is none. */
function readManifest(folder) {
  const path = `${folder}/manifest`
  if (!exists(path)) return undefined
  try {
    const [header, ...items] = readText(path).trimEnd().split('\n').map((line) => JSON.parse(line))
    if (!Number.isInteger(header.generation)) throw new SyntaxError('no generation')
    return { generation: header.generation, options: header.options, items }
  } catch (error) {
    if (error instanceof SyntaxError) die(`${disk(path)}: not a manifest`)
    throw error
  }
}

/** The numbers of the generations that have a manifest, finished or not. */
function generations() {
  const folder = disk(dirname(lib))
  if (!fs.existsSync(folder)) return []
  const numbers = fs.readdirSync(folder).map((name) => (name.startsWith(`${basename(lib)}.`) ? name.slice(basename(lib).length + 1) : ''))
  return numbers.filter((number) => /^[1-9]\d*$/.test(number) && exists(`${lib}.${number}/manifest`)).map(Number)
}

/** Nothing is there, or the empty folder of an installation that did not get further. */
function isFree(path) {
  return !exists(path) || (fs.lstatSync(disk(path)).isDirectory() && fs.readdirSync(disk(path)).length === 0)
}

function isInside(path, generation) {
  return path === `${lib}.${generation}` || path.startsWith(`${lib}.${generation}/`)
}

function same(one, other) {
  return one !== undefined && ['type', 'mode', 'sha256', 'target', 'text'].every((key) => one[key] === other[key])
}

/** Whether it is there as it was installed. */
function isIntact({ type, path, mode, sha256, target, text }) {
  const stat = fs.lstatSync(disk(path), { throwIfNoEntry: false })
  if (stat === undefined) return false
  if (type === 'directory') return stat.isDirectory()
  if (type === 'link') return stat.isSymbolicLink() && fs.readlinkSync(disk(path)) === target
  if (type === 'line') return readText(path).split('\n').includes(text)
  return stat.isFile() && (stat.mode & 0o7777) === mode && digest(fs.readFileSync(disk(path))) === sha256
}

// ---- who is running ----

function refuseBeside(service, sentence) {
  const pid = svscansOf(service).find((pid) => !isFromHere(pid))
  if (pid !== undefined && !options.force) die(sentence(pid))
}

/** The pids of every svscan, of whatever make, whose working directory is that folder. */
function svscansOf(service) {
  const folder = fs.statSync(disk(service), { throwIfNoEntry: false })
  if (folder === undefined) return []
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      if (!/^svscan[ \n]/.test(fs.readFileSync(`/proc/${pid}/comm`, 'latin1'))) return false
      const { dev, ino } = fs.statSync(`/proc/${pid}/cwd`)
      return dev === folder.dev && ino === folder.ino
    } catch {
      return false // it has ended, or we may not know
    }
  })
}

/** Whether a generation of this installation is what it runs: it holds its launcher open. */
function isFromHere(pid) {
  const folder = fs.existsSync(dirname(disk(lib))) ? join(fs.realpathSync(dirname(disk(lib))), basename(lib)) : disk(lib)
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return fs.readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(`${folder}.`)
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}

// ---- the rest ----

function readCommandLine() {
  const text = { type: 'string' }
  const flag = { type: 'boolean' }
  const boots = ['auto', 'systemd', 'inittab', 'openrc', 'rc.local', 'none']
  try {
    const parsed = parseArgs({
      options: { prefix: text, root: text, service: text, boot: text, command: flag, 'copy-node': flag, force: flag, 'dry-run': flag, uninstall: flag },
    })
    const { boot, root } = parsed.values
    if (root !== '' && (boot === undefined || boots.includes(boot))) return parsed
  } catch (error) {
    say(`install: ${error.message}`)
  }
  misuse()
}

/** The unit, the script and the line name it, so it has to mean the same everywhere. */
function absolute(option, path) {
  // U+FFFD: bytes that are no text
  if (!path.startsWith('/') || /[\n\ufffd]/.test(path)) {
    say(`install: ${option}: expected an absolute path, got ${JSON.stringify(path)}`)
    misuse()
  }
  return resolve(path)
}

function misuse() {
  say(`install: usage: ${synopsis}`)
  process.exit(exitCode.misuse)
}

function commandNames() {
  if (!fs.existsSync(join(dist, 'command'))) die(`unable to find ${join(dist, 'command')}: npm run build`)
  return fs.readdirSync(join(dist, 'command')).sort()
}

function written(path, mode, content) {
  return { type: 'file', path, mode, content, sha256: digest(Buffer.from(content, 'latin1')) }
}

function directory(path) {
  return { type: 'directory', path }
}

/** The files below a folder, by their paths in it; none if it is not there. */
function walk(folder) {
  if (!fs.existsSync(folder)) return []
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort()
}

function ancestors(path) {
  const up = dirname(path)
  return up === '/' ? [] : [...ancestors(up), up]
}

/** Where a path of the machine is now. */
function disk(path) {
  return root + path
}

/** A link that leads nowhere is there, too. */
function exists(path) {
  try {
    return fs.lstatSync(disk(path), { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if (error.code === 'ENOTDIR') return false
    throw error
  }
}

function readText(path) {
  return fs.readFileSync(disk(path), 'latin1')
}

function freeName(path) {
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${path}.${number}`
    if (!exists(name)) return name
  }
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex')
}

function unique(list) {
  return [...new Set(list)]
}

/** A word as sh reads it. */
function word(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

function words(...all) {
  return all.map(word).join(' ')
}

function octal(mode) {
  return '0' + mode.toString(8)
}

function print(text) {
  fs.writeSync(1, text + '\n')
}

function warn(text) {
  say(`install: warning: ${text}`)
}

function die(what, why) {
  say(`install: fatal: ${what}${why === undefined ? '' : `: ${reason(why)}`}`)
  process.exit(exitCode.refused)
}

function say(text) {
  console.error(text)
}

/** djb's words for what an installation may meet; errorstr.ts has them all, but it may not have been built. */
function reason(error) {
  const texts = {
    EACCES: 'access denied',
    EBUSY: 'device busy',
    EEXIST: 'file already exists',
    EISDIR: 'is a directory',
    ELOOP: 'symbolic link loop',
    ENOENT: 'file does not exist',
    ENOSPC: 'out of disk space',
    ENOTDIR: 'not a directory',
    EPERM: 'permission denied',
    EROFS: 'read-only file system',
    ETXTBSY: 'text busy',
  }
  return texts[error.code] ?? error.message
}
