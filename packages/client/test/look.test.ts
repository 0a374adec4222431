import * as fs from 'node:fs'
import { join } from 'node:path'
import { formatRecord, packStatus } from '@daemontools-ts/servicedir'
import t from 'tap'
import { lookAt } from '../src/look.ts'
import { ago, down, exit, ours, up } from './model.ts'

const record = formatRecord(ours(down(1), { restarts: 4, lastExit: exit(3, 1) }).record!)

const place = (path: string) => ({ name: 'web', path, isInRoot: true })

t.test('lookAt: all that is there', async (t) => {
  const root = t.testdir({
    web: {
      run: '#!/bin/sh\n',
      finish: '',
      'timeout-kill': ' 5000\n',
      env: { SECRET: 'x' },
      down: '',
      supervise: { status: packStatus(down(1)), 'state.json': record, reason: 'cause - cure\n' },
      log: { run: '#!/bin/sh\nexec multilog t ./main\n', main: { current: 'a line\n' } },
    },
  })
  const facts = lookAt(place(join(root, 'web')), root)
  t.match(facts, { presence: 'directory', supervision: 'never', runFault: { type: 'notExecutable' }, target: undefined, processState: undefined, recentEnds: undefined })
  t.match(facts.record, { restarts: 4, phase: 'down' })
  t.same([...facts.files], [['down', ''], ['finish', ''], ['timeout-kill', '5000'], ['env', '']], 'of the environment, that there is one')
  t.equal(facts.log!.directory, join(root, 'web/log/main'))
  t.equal(facts.log!.lastLineAt, fs.statSync(join(root, 'web/log/main/current')).mtimeMs)
  t.equal(facts.log!.fault, undefined)
})

t.test('lookAt: a record that does not belong to the status is somebody else\'s', async (t) => {
  const root = t.testdir({ web: { supervise: { status: packStatus(up(7)), 'state.json': record } } })
  t.match(lookAt(place(join(root, 'web')), root), { record: undefined, status: { pid: 42 } })
})

t.test('lookAt: what is broken is a fact, not an error', async (t) => {
  const root = t.testdir({ file: '', short: { supervise: { status: 'x', 'state.json': '{' } }, odd: { run: {}, supervise: '', log: '' } })
  fs.symlinkSync('loop', join(root, 'loop'))
  fs.symlinkSync('nowhere', join(root, 'dangling'))
  const presence = (name: string) => lookAt(place(join(root, name)), root).presence
  t.same(['file', 'short', 'odd', 'loop', 'dangling', 'nothing'].map(presence), ['file', 'directory', 'directory', 'dangling', 'dangling', 'missing'])
  t.match(lookAt(place(join(root, 'short')), root), { status: undefined, record: undefined })
  t.match(lookAt(place(join(root, 'odd')), root), { runFault: { type: 'notAFile' }, supervision: 'never', log: undefined })
})

t.test('lookAt: a reason is about the last end, or is not there', async (t) => {
  const root = t.testdir({ web: { supervise: { status: packStatus(down(1)), 'state.json': record, reason: 'cause - cure\n' } } })
  const reason = join(root, 'web/supervise/reason')
  const at = ago(1)
  const ended = Number(at.tai - 2n ** 62n - 10n)
  fs.utimesSync(reason, ended + 5, ended + 5)
  t.same(lookAt(place(join(root, 'web')), root).reason, { cause: 'cause', cure: 'cure' })
  fs.utimesSync(reason, ended - 5, ended - 5)
  t.equal(lookAt(place(join(root, 'web')), root).reason, undefined)
})
