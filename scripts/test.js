// npm test: sets up what is missing, builds, checks the rules of the house, and runs every test with tap.
// npm test -- FILE…: only those whose path contains one of the words.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fail, prepare, root } from './prepare.js'

/** What we compare with, what our tools are about, and the packages whose service directories we run. */
const theirs = ['daemontools', 's6', 'groff-base', 'iproute2']
const mail = ['fetchmail', 'dovecot-pop3d', 'dovecot-imapd', 'opensmtpd']
const clients = ['runit', 'ucspi-tcp', 'tinydns', 'dnscache', 'axfrdns', 'rbldns', 'walldns', 'socklog', 'svtools', 'git-daemon-run', 'mini-httpd-run']

/** Of test/, what no build of the commands is started in: the parts of the benchmarks and of the campaign, the pages, and what fetchmail does by itself. */
const withoutCommands = /^test\/dist\/(bench\/|campaign\/|man\.|fetchmail\/page\.)/

/** Tests of multilog that start the command. */
const multilogFiles = ['compare', 'faults', 'multilog', 'pause', 'processor', 'status', 'title']

/** Tests of multilog that hold as well when another process writes the logs. */
const sharedFiles = ['compare', 'faults', 'multilog', 'pause', 'processor', 'signals', 'status']

try {
  await prepare({ packages: [...theirs, ...mail, ...clients] })
} catch (error) {
  fail(error)
}
must('npm', ['run', '--silent', 'build'])
must(process.execPath, [join(root, 'scripts', 'check.js')])

const words = process.argv.slice(2)
const files = [...testFolders()]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.test.js') && (words.length === 0 || words.some((word) => file.includes(word))))
  .map((file) => relative(root, file))
  .sort()

const code = await play('', files, {})
// What crosses a process boundary once more, with the standalone executable in the place of the commands.
const again = files.filter((file) => (file.startsWith('test/dist/') && !withoutCommands.test(file)) || isOfMultilog(file, multilogFiles))
if (again.length > 0) must(process.execPath, [join(root, 'scripts', 'build-exe.js')])
const executable = join(root, 'dist', 'exe', 'command')
const codeAgain = again.length === 0 ? 0 : await play('as one executable: ', again, { DAEMONTOOLS_COMMAND: executable, MULTILOG: join(executable, 'multilog') })
const shared = files.filter((file) => isOfMultilog(file, sharedFiles))
const codeShared = shared.length === 0 ? 0 : await playShared(shared)
process.exit(code || codeAgain || codeShared)

function isOfMultilog(file, names) {
  return names.some((name) => file === `packages/multilog/dist/test/${name}.test.js`)
}

/** With a multilogd, to which every multilog hands over. */
async function playShared(files) {
  const folder = mkdtempSync(join(tmpdir(), 'daemontools-shared-'))
  const multilogd = spawn(join(root, 'dist', 'command', 'multilogd'), [folder], { stdio: ['ignore', 'inherit', 'inherit'] })
  try {
    return await play('with shared loggers: ', files, { MULTILOG_SHARED: folder })
  } finally {
    multilogd.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function play(label, files, environment) {
  const tap = spawn(join(root, 'node_modules', '.bin', 'tap'), ['--disable-coverage', '--reporter=tap', '--jobs=2', '--timeout=600', ...files], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = new Promise((resolve) => tap.once('exit', (code) => resolve(code ?? 1)))
  const counts = await summarize(createInterface({ input: tap.stdout }))
  console.log(`${label}${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
  return await exit
}

/** Prints of tap's stream a line for each file, each skipped test with its reason, comments, and each failure whole; counts the assertions. */
async function summarize(lines) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  let failing = false
  for await (const line of lines) {
    const result = /^( *)(not )?ok \d+(?: - (.*))?$/.exec(line)
    if (result !== null) {
      const [, indent, not, text = ''] = result
      const leaf = !/ # time=/.test(text)
      if (/ # SKIP/i.test(text)) counts.skipped++
      else if (leaf) counts[not === undefined ? 'passed' : 'failed']++
      failing = not !== undefined
      if (failing || indent === '' || / # SKIP/i.test(text)) console.log(line)
    } else if (failing || /^ *# (?!Subtest|time=|\{)/.test(line)) {
      // a failure's diagnostics, or what a test has to tell
      if (/^ *# Subtest/.test(line)) failing = false
      else console.log(line)
    }
  }
  return counts
}

function* testFolders() {
  for (const parent of ['packages', 'services']) {
    for (const name of readdirSync(join(root, parent))) yield join(root, parent, name, 'dist', 'test')
  }
  yield join(root, 'test', 'dist')
}

function must(program, args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
