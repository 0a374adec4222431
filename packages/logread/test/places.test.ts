import * as fs from 'node:fs'
import t from 'tap'
import { findLogs, logsOf } from '../src/places.ts'
import { makeLog, scratch } from './logdir.ts'

t.test('places: services by name, by path, and all', async (t) => {
  const folder = fs.realpathSync(scratch(t))
  for (const name of ['a', 'b']) {
    makeLog(`${folder}/log-${name}`, { current: '' })
    makeLog(`${folder}/root/${name}`, { run: '' })
    makeLog(`${folder}/root/${name}/log`, { run: `exec multilog t ${folder}/log-${name}` })
  }
  makeLog(`${folder}/root/c`, { run: '' })
  const root = `${folder}/root`
  t.same(findLogs(root, []).logs.map(({ name, path }) => [name, path]), [['a', `${folder}/log-a`], ['b', `${folder}/log-b`]])
  t.same(findLogs(root, ['b', `${root}/a/`]).logs.map(({ name }) => name), ['b', `${root}/a`])
  t.same(findLogs(root, ['a', 'a']).logs.length, 1, 'once is enough')
  t.same(findLogs(root, ['c', 'd', `${folder}/log-a`]), {
    logs: [{ name: `${folder}/log-a`, path: `${folder}/log-a`, service: undefined }],
    missing: [{ name: 'c', why: 'it has no log' }, { name: 'd', why: 'file does not exist' }],
  })
  t.same(logsOf([`${folder}/log-b/`, folder]).logs.map(({ name }) => name), [`${folder}/log-b`])
  t.same(logsOf([folder]).missing.length, 1)
})
