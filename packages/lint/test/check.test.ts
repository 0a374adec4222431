/**
 * Each rule has a fault that it finds, made on the disk or, where that would take another account or another file system, in the facts.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { check, checkUnit, ruleNames } from '../src/check.ts'
import type { FileFact, Unit } from '../src/facts.ts'
import { gather } from '../src/gather.ts'
import { applyRules } from '../src/finding.ts'
import { folderRules } from '../src/rules/folder.ts'
import { gatherFolder } from '../src/folder.ts'
import { Service } from './service.ts'

const account = 'daemon'
const nobody = { uid: 12345, gid: 12345 }

/** What is done to a good directory, by the rule that shall find it. */
const faults: Record<string, (service: Service) => unknown> = {
  'run-missing': ({ path }) => fs.renameSync(`${path}/run`, `${path}/run~`),
  'not-executable': ({ path }) => fs.chmodSync(`${path}/run`, 0o644),
  'no-interpreter-line': (service) => service.write('run', 'exec 2>&1\nexec sleep 1\n'),
  'empty-script': (service) => service.write('run', '#!/bin/sh\n# 2>&1\n\n'),
  'interpreter-missing': (service) => service.write('run', '#!/no/such/sh\nexec 2>&1\nexec sleep 1\n'),
  'carriage-return': (service) => service.write('run', '#!/bin/sh\r\nexec 2>&1\r\nexec sleep 1\r\n'),
  'world-writable': ({ path }) => fs.chmodSync(`${path}/run`, 0o757),
  'editor-leftover': (service) => service.write('run~', '#!/bin/sh\n'),
  'hidden-name': () => new Error('see below'),
  'awkward-name': () => new Error('see below'),
  'misspelt-file': (service) => service.write('notification_fd', '3\n'),
  'no-exec': (service) => service.run('sleep 100000'),
  'after-exec': (service) => service.run('exec sleep 100000', 'echo done'),
  background: (service) => service.run('sleep 100000 &'),
  pipeline: (service) => service.run('sleep 100000 | cat'),
  'stays-in-between': (service) => service.run('exec timeout 5 sleep 100000'),
  'secret-in-arguments': (service) => service.run('exec sleep --password=woolybooly 5'),
  'pid-file': (service) => service.run('echo $$ >sleep.pid', 'exec sleep 5'),
  daemonizes: (service) => service.run('exec env HOME=/ fetchmail --daemon 551'),
  nohup: (service) => service.run('exec nohup sleep 5'),
  'stderr-not-logged': (service) => service.write('run', '#!/bin/sh\necho starting >&2\nexec sleep 5\n'),
  'output-past-the-log': (service) => service.run('exec sleep 5 >/var/log/x'),
  'multilog-without-time': (service) => service.logRun(`exec multilog s1000000 t ${service.log}`),
  'multilog-without-directory': (service) => service.logRun('exec multilog t main'),
  'multilog-late-option': (service) => service.logRun(`exec multilog t ${service.log} s1000000`),
  'log-directory-missing': (service) => service.logRun('exec multilog t /no/such/folder/log'),
  'log-directory-open': ({ log }) => fs.chmodSync(log, 0o777),
  'log-of-a-log': (service) => fs.mkdirSync(`${service.path}/log/log`),
  'log-is-the-service': ({ path }) => {
    fs.rmSync(`${path}/log`, { recursive: true })
    fs.symlinkSync('.', `${path}/log`)
  },
  'unknown-account': (service) => service.run('exec setuidgid no-such-account sleep 5'),
  'root-needed': (service) => service.run(`exec setuidgid ${account} chroot /srv sleep 5`),
  'limit-too-low': (service) => service.run('exec softlimit -m 3000000 node x.js'),
  'program-missing': (service) => service.run('exec /no/such/program'),
  'program-not-on-path': (service) => service.run('exec no-such-program-here'),
  'bad-number': (service) => service.write('notification-fd', '1\n'),
  'option-unreadable': ({ path }) => fs.mkdirSync(`${path}/finish`),
  'notification-without-use': (service) => service.write('notification-fd', '3\n').run('exec sleep 5 3>&-'),
  'down-signal-does-not-end': (service) => service.write('down-signal', 'SIGWINCH\n'),
  'env-blanks': (service) => service.write('env/A', 'x  \n'),
  'env-carriage-return': (service) => service.write('env/A', 'x\r\n'),
  'env-more-lines': (service) => service.write('env/A', 'x\ny\n'),
  'env-nul': (service) => service.write('env/A', 'x\0y\n'),
  'env-not-a-variable': (service) => service.write('env/A-B', 'x\n').run('exec envdir ./env sleep 5'),
  'env-secret-open': (service) => service.write('env/PASSWORD', 'x\n'),
  'supervise-damaged': (service) => service.write('supervise/control', 'u'),
  'supervise-not-writable': (service) => service.write('supervise', ''),
  'log-run-missing': ({ path }) => fs.unlinkSync(`${path}/log/run`),
  'fetchmail-configuration': (service) => service.write('conf', '', 0o644).run('exec env HOME=/ fetchmail -f ./conf --nodetach --daemon 551'),
  'fetchmail-home': (service) => service.run('exec fetchmail --nodetach --daemon 551'),
  'fetchmail-once': (service) => service.run('exec env HOME=/ fetchmail --nodetach'),
  'hangup-kills': (service) => service.write('down-signal', 'USR1\n').run('exec env HOME=/ fetchmail --nodetach -d 551'),
}

/** The same, in what was gathered. */
const changes: Record<string, (unit: Unit) => Unit> = {
  'owned-by-service': (unit) => ({ ...unit, uid: 0, accounts: new Map([['mail', nobody]]), directory: { ...unit.directory, uid: nobody.uid } }),
  'path-too-long': (unit) => ({ ...unit, path: `/${'x'.repeat(4090)}` }),
  'down-left': (unit) => ({ ...unit, status: { pid: 5, want: 'up' }, entries: withEntry(unit, 'down', 'file') }),
  'log-directory-owner': (unit) => {
    const log = unit.log!
    const [call] = log.scripts[0]!.calls
    const word = { text: 'mail', isLiteral: true, line: 2 }
    const chain = [call!.chain[0]!, { program: 'setuidgid', word, args: [word] }, ...call!.chain.slice(1)]
    return { ...unit, log: { ...log, accounts: new Map([['mail', nobody]]), scripts: [{ ...log.scripts[0]!, calls: [{ ...call!, chain }] }] } }
  },
  'envdir-unreadable': (unit) => {
    const [call] = unit.scripts[0]!.calls
    const word = (text: string): { text: string; isLiteral: boolean; line: number } => ({ text, isLiteral: true, line: 2 })
    const loaders = [{ program: 'setuidgid', word: word('setuidgid'), args: [word('mail')] }, { program: 'envdir', word: word('envdir'), args: [word('./env')] }]
    const chain = [call!.chain[0]!, ...loaders, ...call!.chain.slice(1)]
    const env: FileFact = { ...unit.directory, mode: 0o700 }
    return { ...unit, accounts: new Map([['mail', nobody]]), paths: new Map([[`${unit.path}/env`, env]]), scripts: [{ ...unit.scripts[0]!, calls: [{ ...call!, chain }] }] }
  },
}

function withEntry(unit: Unit, name: string, type: FileFact['type']): Unit['entries'] {
  return new Map([...unit.entries, [name, { type, mode: 0o644, uid: 0, gid: 0, size: 0, identity: name }]])
}

const rulesFound = (path: string): string[] => [...new Set(check(path).findings.map(({ rule }) => rule))]

t.test('check: a good directory is silent, and so is a folder of good ones', async (t) => {
  const service = new Service(t)
  t.same(check(service.path), { services: 1, findings: [] })
  t.same(check(service.root), { services: 1, findings: [] })
})

t.test('check: each fault is found, and nothing else', async (t) => {
  for (const [rule, makeFault] of Object.entries(faults)) {
    const service = new Service(t)
    if (makeFault(service) instanceof Error) continue
    // whether this machine has fetchmail or node does not matter here
    t.same(rulesFound(service.path).filter((found) => found === rule || found !== 'program-not-on-path'), [rule])
  }
})

t.test('check: each fault that only the facts can have', async (t) => {
  for (const [rule, change] of Object.entries(changes)) {
    const { path } = new Service(t)
    t.same([...new Set(checkUnit(change(gather(path))).map((finding) => finding.rule))], [rule])
  }
})

t.test('check: names', async (t) => {
  t.same(rulesFound(new Service(t, '.hidden').path), ['hidden-name'])
  t.same(rulesFound(new Service(t, 'a b').path), ['awkward-name'])
})

t.test('check: the folder', async (t) => {
  const service = new Service(t)
  fs.symlinkSync('/no/such/directory', `${service.root}/gone`)
  t.same(rulesFound(service.root), ['dangling-link'])
  fs.unlinkSync(`${service.root}/gone`)
  fs.symlinkSync('good', `${service.root}/again`)
  t.ok(rulesFound(service.root).includes('linked-twice'))
  fs.unlinkSync(`${service.root}/again`)
  fs.cpSync(service.path, `${service.root}/second`, { recursive: true })
  t.same(rulesFound(service.root), ['log-directory-shared'])
  fs.rmSync(`${service.root}/second`, { recursive: true })
  fs.chmodSync(service.root, 0o777)
  t.same(rulesFound(service.root), ['folder-open'])
  const facts = gatherFolder(service.root, [])
  t.same(applyRules(folderRules, { ...facts, directory: { ...facts.directory, mode: 0o755 }, scanners: [5, 6] }).map(({ rule }) => rule), ['two-svscans'])
})

t.test('check: every rule has a fault here, and an entry in docs/svctl-check.md', async (t) => {
  const inFolder = folderRules.map(({ id }) => id)
  t.same([...Object.keys(faults), ...Object.keys(changes), ...inFolder].sort(), [...ruleNames].sort())
  const page = fs.readFileSync(join(dirname(fileURLToPath(import.meta.url)), '../../../../docs/svctl-check.md'), 'utf8')
  const entries = [...page.matchAll(/^\| `([a-z-]+)` \| (error|warning) \|/gm)]
  t.same(entries.map(([, name]) => name).sort(), [...ruleNames].sort())
})

t.test('check: what looks like a fault and is none', async (t) => {
  const good = [
    "exec sh -c 'while :; do date; sleep 1; done'",
    'while :; do sleep 1 & wait; done',
    'if [ -e x ]; then exec sleep 5; fi\nexec sleep 6',
    'exec fghack sshd',
    'exec sshd -eD',
    "exec nginx -g 'daemon off;'",
    'exec env HOME=/ fetchmail -v -N -d 551',
    'exec env HOME=/ fetchmail --nodetach $OPTIONS',
    'exec sleep --password-file=/etc/x --token-file ./t',
    'exec setlock -n lock softlimit -o 50 setuidgid daemon sleep 5',
    'trap : HUP\nsleep 5 &\nwait',
    'cat <<END\nsshd\nEND\nexec sleep 5',
    'rm -f x.pid\nexec sleep 5',
    '[ -d /x ] || exit 1\nexec sleep 5',
  ]
  for (const lines of good) {
    const service = new Service(t).run(lines)
    t.same(check(service.path).findings.filter(({ rule }) => rule !== 'program-not-on-path'), [], lines)
  }
  const program = new Service(t).write('run', '\x7fELF\0\0')
  t.same(check(program.path).findings, [], 'a program that is no script')
  const finish = new Service(t).write('finish', '#!/bin/sh\nsleep 1\n').write('check', '#!/bin/sh\ntrue\n').write('timeout-kill', '1000\n').write('down', '')
  t.same(check(finish.path).findings, [], 'optional files')
})
