// Makes a fresh clone ready to run: npm's packages, the build, and the Debian packages that a script asks for.
// Needs nothing but Node: there may be no node_modules yet.
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { constants as system } from 'node:os'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @type {Readonly<Record<string, readonly string[]>>} Where a Debian package is seen to be there; a bare name is looked for on PATH. */
const signs = {
  axfrdns: ['/usr/sbin/axfrdns'],
  daemontools: ['/usr/bin/svscan'],
  dnscache: ['/usr/sbin/dnscache'],
  'dovecot-imapd': ['/usr/lib/dovecot/imap'],
  'dovecot-pop3d': ['/usr/lib/dovecot/pop3'],
  fetchmail: ['fetchmail'],
  'git-daemon-run': ['/etc/sv/git-daemon/run'],
  'groff-base': ['groff'],
  iproute2: ['ip'],
  'mini-httpd-run': ['/etc/sv/mini-httpd/run'],
  opensmtpd: ['/usr/sbin/smtpd'],
  rbldns: ['/usr/sbin/rbldns'],
  runit: ['/usr/bin/chpst'],
  s6: ['/usr/bin/s6-svscan'],
  socklog: ['/usr/sbin/socklog-conf'],
  svtools: ['/usr/sbin/svsetup'],
  tinydns: ['/usr/sbin/tinydns'],
  'ucspi-tcp': ['/usr/bin/tcpserver'],
  walldns: ['/usr/sbin/walldns'],
}

/**
 * Installs and builds what is missing or out of date. Says one line for each thing that it does.
 *
 * @param {{ packages?: readonly string[] }} [wanted] names of Debian packages, of those in `signs`; only root can install them
 * @returns {Promise<{ present: string[], missing: string[] }>} which of these packages are there now
 * Throws Error, whose message is for a person, if npm's packages cannot be installed or the build fails.
 */
export async function prepare({ packages = [] } = {}) {
  if (!isInstalled()) {
    say('installing npm packages (npm ci)')
    await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
  }
  if (!isBuilt()) {
    say('building (npm run build)')
    await run('npm', ['run', 'build'])
  }
  await installPackages(packages.filter((name) => !isPresent(name)))
  return { present: packages.filter(isPresent), missing: packages.filter((name) => !isPresent(name)) }
}

/** How a person installs Debian packages. */
export function installLine(packages) {
  return `apt-get install ${packages.join(' ')}`
}

/** Writes what is wrong, as our programs do, and ends. */
export function fail(error) {
  if (error instanceof Interrupted) process.exit(128 + system.signals[error.signal])
  say(`fatal: ${error.message}`)
  process.exit(111)
}

function say(text) {
  console.error(`prepare: ${text}`)
}

/**
 * Whether node_modules is what package-lock.json says. npm leaves there what it has installed; the files' times say nothing,
 * since git writes them as it likes. What is optional is for some other machine if it is not there.
 */
function isInstalled() {
  const wanted = readLock(join(root, 'package-lock.json'))
  const there = readLock(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (!path.includes('node_modules/')) return true // a workspace itself
    if (there[path] === undefined) return optional === true
    return existsSync(join(root, path)) && (link === true || there[path].version === version)
  })
}

function readLock(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

/** Whether what `npm run build` leaves is there, and newer than what it is made of. */
function isBuilt() {
  const made = [join(root, 'dist', 'command'), join(root, 'dist', 'man'), join(root, 'packages', 'demo', 'dist', 'src', 'index.js')]
  if (!made.every(existsSync) || readdirSync(made[0]).length === 0) return false
  const builtAt = statSync(made[0]).mtimeMs
  const folders = ['packages', 'services'].flatMap((folder) => (existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(root, folder, name)) : []))
  const sources = [
    ...folders.flatMap((folder) => ['package.json', 'tsconfig.json', 'src', 'launch'].map((name) => join(folder, name))),
    ...['package.json', 'tsconfig.json', 'tsconfig.base.json', 'scripts/build.js'].map((name) => join(root, name)),
  ]
  return sources.every((path) => newest(path) <= builtAt)
}

/** When a file, or any file in a folder, was last written. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function isPresent(name) {
  return (signs[name] ?? [name]).some((sign) => isProgram(sign))
}

function isProgram(name) {
  const places = name.startsWith('/') ? [name] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Installs Debian packages if root can; says how if not. What cannot be installed is said and left out. */
async function installPackages(names) {
  if (names.length === 0) return
  if (process.getuid?.() !== 0 || !isProgram('apt-get')) {
    say(`${names.join(', ')}: not installed; as root, do: ${installLine(names)}`)
    return
  }
  await withoutStarting(async () => {
    say('looking for Debian packages (apt-get update)')
    await attempt('apt-get', ['update', '-q'])
    for (const name of names) {
      say(`installing a Debian package (${installLine([name])})`)
      // Two mail servers exclude each other: rather none of ours than somebody's removed.
      await attempt('apt-get', ['install', '-q', '-y', '--no-install-recommends', '--no-remove', name])
    }
  })
}

const policy = '/usr/sbin/policy-rc.d'

/** Does something while Debian starts no service of a package that it installs, unless that is decided here already. */
async function withoutStarting(work) {
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

async function attempt(program, args) {
  try {
    await run(program, args)
  } catch (error) {
    if (error instanceof Interrupted) throw error
    say(`warning: ${error.message}`)
  }
}

/** The person does not want it any more. */
class Interrupted extends Error {
  constructor(signal) {
    super(`ended by ${signal}`)
    this.signal = signal
  }
}

/** Runs a program in the checkout; what it prints is shown only if it fails. A signal to us goes to it, and then ends us. */
async function run(program, args) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  const printed = []
  child.stdout.on('data', (chunk) => printed.push(chunk))
  child.stderr.on('data', (chunk) => printed.push(chunk))
  let interruption
  const pass = (signal) => {
    interruption ??= signal
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, pass)
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new Error(`unable to run ${program}: ${error.message}`)))
      child.once('close', resolve)
    })
    if (interruption !== undefined) throw new Interrupted(interruption)
    if (code === 0) return
    process.stderr.write(Buffer.concat(printed))
    throw new Error(`${[program, ...args].join(' ')} failed${isProgram('cc') ? '' : '; it needs a C compiler: apt-get install build-essential python3'}`)
  } finally {
    for (const signal of signals) process.off(signal, pass)
  }
}
