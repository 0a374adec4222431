import { chmodSync, realpathSync, symlinkSync } from 'node:fs'
import t from 'tap'
import { inspectEntries, readTemplates } from '../src/inspect.ts'
import { layoutBelow } from '../src/layout.ts'
import { templateNames } from '../src/system.ts'
import { serviceFolder } from './script.ts'

t.test('inspectEntries sees what is there, follows links, and notes where they point', async (t) => {
  const root = realpathSync(t.testdir({ state: {}, conf: 'poll mine\n', var: { 'svc.d': { fetchmail: { run: 'x', log: { run: 'y' } } } }, service: {} }))
  const { directory, link, log } = layoutBelow(root)
  chmodSync(directory + '/run', 0o755)
  symlinkSync(root + '/state', directory + '/pid')
  symlinkSync(root + '/conf', directory + '/fetchmail.conf')
  symlinkSync('/no/such', directory + '/env')
  symlinkSync(link, link)
  const entries = inspectEntries(layoutBelow(root))
  t.match(entries.get(directory + '/run'), { kind: 'file', mode: 0o755, content: 'x' })
  t.match(entries.get(directory + '/log/run'), { kind: 'file', content: 'y' })
  t.match(entries.get(directory + '/pid'), { kind: 'directory', target: root + '/state' })
  t.match(entries.get(directory + '/fetchmail.conf'), { kind: 'file', target: root + '/conf', content: 'poll mine\n' })
  t.match(entries.get(directory + '/env'), { kind: 'other', target: '/no/such' })
  t.match(entries.get(link), { kind: 'other', target: link })
  t.equal(entries.get(log), undefined)
})

t.test('inspectEntries finds nothing below a file', async (t) => {
  const root = t.testdir({ var: 'a file' })
  const entries = inspectEntries(layoutBelow(root))
  t.match(entries.get(root + '/var'), { kind: 'file' })
  t.equal(entries.get(root + '/var/svc.d'), undefined)
})

t.test('readTemplates reads every delivered file, and says where it is', async (t) => {
  const templates = readTemplates(serviceFolder)
  t.same(Object.keys(templates), templateNames)
  t.match(templates['env/INTERVAL'], { content: '551\n', source: serviceFolder + '/env/INTERVAL' })
})
