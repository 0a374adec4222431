import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { packStatus } from '@daemontools-ts/servicedir'
import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { findLogDirectories } from '../src/logger.ts'
import { makeLog, scratch, until } from './logdir.ts'

t.test('logger: the directory that log/run names, as long as nobody runs', async (t) => {
  const folder = fs.realpathSync(scratch(t))
  makeLog(`${folder}/main`, { current: '' })
  makeLog(`${folder}/service/log`, { run: `#!/bin/sh\nexec multilog t ${folder}/main\n` })
  t.same(findLogDirectories(`${folder}/service`), [`${folder}/main`])
  makeLog(`${folder}/service/log`, { run: `#!/bin/sh\ncd ${folder}\nexec multilog t ./main\n` })
  t.same(findLogDirectories(`${folder}/service`), [`${folder}/main`])
  makeLog(`${folder}/service/log`, { run: '#!/bin/sh\nexec multilog t "$MAIN"\n' })
  t.same(findLogDirectories(`${folder}/service`), [])
  t.same(findLogDirectories(`${folder}/none`), [])
})

t.test('logger: the directory that the running logger has open is the true one', async (t) => {
  const folder = fs.realpathSync(scratch(t))
  makeLog(`${folder}/other`, { current: '' })
  const main = makeLog(`${folder}/main`, { current: '' })
  const log = makeLog(`${folder}/service/log`, { run: `#!/bin/sh\nexec multilog t ${folder}/other\n` })
  const logger = spawn('/bin/sh', ['-c', 'exec 3>>"$1/current"; echo; read forever; :', 'sh', main], { stdio: ['pipe', 'pipe', 'ignore'] })
  t.teardown(() => logger.kill('SIGKILL'))
  let isReady = false
  logger.stdout.once('data', () => (isReady = true))
  await until('it has opened its log', () => isReady)
  makeLog(`${log}/supervise`, { status: packStatus({ changed: fromUnix(0, 0), pid: logger.pid!, paused: false, want: 'up' }) })
  t.same(findLogDirectories(`${folder}/service`), [main])
})
