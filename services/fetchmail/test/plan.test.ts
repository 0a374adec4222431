import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { layoutBelow } from '../src/layout.ts'
import { planInstallation, planRemoval, type Wish } from '../src/plan.ts'
import { shellCommand } from '../src/step.ts'
import type { Entry, System } from '../src/system.ts'
import { after, directory, makeSystem, templates } from './model.ts'

const layout = layoutBelow('')
const asRoot: Wish = { accounts: true, ownership: true, link: true }
const plan = (system: System, wish = asRoot) => planInstallation(layout, system, templates, wish)
const install = (system: System, wish = asRoot): System => plan(system, wish).steps.reduce(after, system)

/** What somebody may have there before: some of our files, as delivered or changed, leftovers, configurations of their own. */
const anySystem = fc
  .record({
    accounts: fc.subarray(['fetchmail', 'multilog']),
    hasGroup: fc.boolean(),
    directories: fc.subarray(['/log', '/env', '/pid']),
    directoryOwner: fc.constantFrom(0, 900, 901),
    hasLogDirectory: fc.boolean(),
    files: fc.dictionary(
      fc.constantFrom('run', 'run.old', 'run.old.2', 'run.installing', 'fetchmail.conf', 'fetchmail.conf.installing', 'fetchmail.conf.example', 'log/run', 'env/INTERVAL', 'env/INTERVAL.installing'),
      fc.record({ content: fc.constantFrom('mine', 'yours', ...Object.values(templates).map(({ content }) => content)), mode: fc.constantFrom(0o600, 0o644, 0o755) }),
    ),
    isLinked: fc.boolean(),
  })
  .map((given) => {
    const entries = new Map<string, Entry>()
    const addDirectory = (path: string, uid = 0): void => void entries.set(path, { kind: 'directory', mode: 0o755, uid })
    if (given.directories.length > 0) for (const path of ['/var/svc.d', directory]) addDirectory(path)
    for (const name of given.directories) addDirectory(directory + name, given.directoryOwner)
    if (given.hasLogDirectory) for (const path of ['/var/multilog', '/var/multilog/fetchmail']) addDirectory(path, given.directoryOwner)
    for (const [name, { content, mode }] of Object.entries(given.files)) {
      const path = `${directory}/${name}`
      if (entries.has(path.slice(0, path.lastIndexOf('/')))) entries.set(path, { kind: 'file', uid: 0, mode, content })
    }
    if (given.isLinked) {
      addDirectory('/service')
      entries.set('/service/fetchmail', { kind: 'directory', mode: 0o755, uid: 0, target: '../var/svc.d/fetchmail' })
    }
    const accounts = new Map(given.accounts.map((name, index) => [name, { uid: 900 + index, gid: 900 }]))
    return makeSystem({ entries, accounts, groups: new Set(given.hasGroup ? ['nofiles'] : []) })
  })

const anyWish = fc.constantFrom<Wish>(
  asRoot,
  { accounts: true, ownership: true, link: false },
  { accounts: false, ownership: true, link: true },
  { accounts: false, ownership: false, link: true },
)

t.test('installing on a bare machine does what the page does by hand', async (t) => {
  t.strictSame(plan(makeSystem()).steps.map(shellCommand), [
    'groupadd --system nofiles',
    'useradd --system --gid nofiles --home-dir /homeless --no-create-home --shell /usr/sbin/nologin fetchmail',
    'useradd --system --gid nofiles --home-dir /homeless --no-create-home --shell /usr/sbin/nologin multilog',
    'mkdir -m 0755 /var/svc.d',
    'mkdir -m 0755 /var/svc.d/fetchmail',
    'mkdir -m 0755 /var/svc.d/fetchmail/log',
    'mkdir -m 0755 /var/svc.d/fetchmail/env',
    'mkdir -m 0755 /var/multilog',
    'mkdir -m 0700 /var/svc.d/fetchmail/pid',
    'chown fetchmail: /var/svc.d/fetchmail/pid',
    'mkdir -m 0700 /var/multilog/fetchmail',
    'chown multilog: /var/multilog/fetchmail',
    'mkdir -m 0700 /var/multilog/fetchmail-summary',
    'chown multilog: /var/multilog/fetchmail-summary',
    'install -m 0644 /share/env/INTERVAL /var/svc.d/fetchmail/env/INTERVAL.installing',
    'ln /var/svc.d/fetchmail/env/INTERVAL.installing /var/svc.d/fetchmail/env/INTERVAL && rm /var/svc.d/fetchmail/env/INTERVAL.installing',
    'install -m 0600 /share/fetchmail.conf.example /var/svc.d/fetchmail/fetchmail.conf.installing',
    'chown fetchmail: /var/svc.d/fetchmail/fetchmail.conf.installing',
    'ln /var/svc.d/fetchmail/fetchmail.conf.installing /var/svc.d/fetchmail/fetchmail.conf && rm /var/svc.d/fetchmail/fetchmail.conf.installing',
    'install -m 0644 /share/fetchmail.conf.example /var/svc.d/fetchmail/fetchmail.conf.example.installing',
    'mv -f /var/svc.d/fetchmail/fetchmail.conf.example.installing /var/svc.d/fetchmail/fetchmail.conf.example',
    'install -m 0755 /share/log/run /var/svc.d/fetchmail/log/run.installing',
    'mv -f /var/svc.d/fetchmail/log/run.installing /var/svc.d/fetchmail/log/run',
    'install -m 0755 /share/deliver /var/svc.d/fetchmail/deliver.installing',
    'mv -f /var/svc.d/fetchmail/deliver.installing /var/svc.d/fetchmail/deliver',
    'install -m 0755 /share/finish /var/svc.d/fetchmail/finish.installing',
    'mv -f /var/svc.d/fetchmail/finish.installing /var/svc.d/fetchmail/finish',
    'install -m 0755 /share/run /var/svc.d/fetchmail/run.installing',
    'mv -f /var/svc.d/fetchmail/run.installing /var/svc.d/fetchmail/run',
  ])
})

t.test('installed once, there is nothing left to do', async () => {
  fc.assert(fc.property(anySystem, anyWish, (system, wish) => {
    const installed = install(system, wish)
    return plan(installed, wish).steps.length === 0
  }))
})

t.test('stopped after any step, installing again ends at the same tree', async () => {
  fc.assert(fc.property(anySystem, anyWish, fc.nat(), (system, wish, number) => {
    const { steps } = plan(system, wish)
    const stopped = steps.slice(0, steps.length === 0 ? 0 : number % steps.length).reduce(after, system)
    const resumed = install(stopped, wish)
    const straight = install(system, wish)
    assert.deepEqual(new Map([...resumed.entries].sort()), new Map([...straight.entries].sort()))
    assert.deepEqual(resumed.accounts, straight.accounts)
  }))
})

t.test('a configuration, a changed program and an account that exist are never lost', async () => {
  fc.assert(fc.property(anySystem, anyWish, (system, wish) => {
    const installed = install(system, wish)
    for (const name of ['fetchmail.conf', 'env/INTERVAL', 'run.old', 'run.old.2']) {
      const before = system.entries.get(`${directory}/${name}`)
      if (before) assert.equal(installed.entries.get(`${directory}/${name}`), before, name)
    }
    for (const [name, account] of system.accounts) assert.equal(installed.accounts.get(name), account)
    const program = system.entries.get(directory + '/run')
    if (program) assert.ok([...installed.entries].some(([path, { content }]) => path.startsWith(directory + '/run') && content === program.content))
    assert.ok(![...installed.entries.keys()].some((path) => path.endsWith('.installing')))
  }))
})

t.test('an existing account is used as it is, whatever its group, and that is said', async (t) => {
  const { steps, remarks } = plan(makeSystem({ accounts: new Map([['fetchmail', { uid: 102, gid: 65534 }]]) }))
  t.notOk(steps.some((step) => step.do === 'add account' && step.account === 'fetchmail'))
  t.ok(steps.some((step) => step.do === 'give' && step.account === 'fetchmail'))
  t.match(remarks, ['account fetchmail exists (uid 102, gid 65534): used as it is'])
})

t.test('below another root no account is made, and chown is left out where there is nobody to give to', async (t) => {
  const accounts = new Map([['fetchmail', { uid: 102, gid: 65534 }]])
  const { steps, remarks } = plan(makeSystem({ accounts }), { accounts: false, ownership: true, link: false })
  t.same(steps.flatMap((step) => (step.do === 'give' ? [step.account] : [])), ['fetchmail', 'fetchmail'])
  t.same(remarks.slice(1), ['skipped: adding multilog: not with --root', 'skipped: chown to multilog: no such account here'])
})

t.test('whoever is not root installs below another root without a chown', async (t) => {
  const { steps, remarks } = plan(makeSystem(), { accounts: false, ownership: false, link: false })
  t.notOk(steps.some((step) => step.do === 'give'))
  t.same(remarks, ['skipped: adding fetchmail and multilog: not with --root', 'skipped: every chown: only root can'])
})

t.test('a service whose configuration is still the example is not linked', async (t) => {
  const fresh = plan(makeSystem())
  t.ok(fresh.isExample)
  t.notOk(fresh.steps.some((step) => step.do === 'link'))
  const installed = install(makeSystem())
  t.ok(plan(installed).isExample)
  const entries = new Map(installed.entries).set(directory + '/fetchmail.conf', { kind: 'file', mode: 0o600, uid: 900, content: 'poll mine\n' })
  const edited = plan({ ...installed, entries })
  t.notOk(edited.isExample)
  t.same(edited.steps.map(shellCommand), ['mkdir -m 0755 /service', 'ln -s /var/svc.d/fetchmail /service/fetchmail'])
})

t.test('a configuration that fetchmail will refuse is warned of and left alone', async (t) => {
  const installed = install(makeSystem())
  const withConf = (uid: number, mode: number) =>
    plan({ ...installed, entries: new Map(installed.entries).set(directory + '/fetchmail.conf', { kind: 'file', mode, uid, content: 'x' }) }, { ...asRoot, link: false })
  t.match(withConf(0, 0o600).warnings, [/does not belong to fetchmail/])
  t.match(withConf(900, 0o640).warnings, [/open to others/])
  for (const mode of [0o400, 0o600, 0o700, 0o710]) t.same(withConf(900, mode).warnings, [])
  t.same(withConf(0, 0o644).steps, [])
})

t.test('removal unlinks, then stops, and leaves every file', async (t) => {
  const installed = install(makeSystem())
  t.same(planRemoval(layout, installed).steps, [])
  const entries = new Map(installed.entries).set('/service/fetchmail', { kind: 'directory', mode: 0o755, uid: 0, target: directory })
  t.same(planRemoval(layout, { ...installed, entries }).steps.map(shellCommand), [
    'rm /service/fetchmail',
    'svc -dx /var/svc.d/fetchmail /var/svc.d/fetchmail/log',
  ])
})
