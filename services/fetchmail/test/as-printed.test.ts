/** The service as our copy of the 2003 page prints it: no `#!`, no INTERVAL, no HOME. What it does today, and why ours differs. */
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixtures, hasFetchmail, serviceFixture, start } from './script.ts'

const run = join(fixtures, 'as-printed/run')
const skip = !hasFetchmail && 'fetchmail is not installed'
const service = { pid: {}, 'fetchmail.conf': 'poll pop.example.net proto apop\n user example with pass woolybooly\n' }

t.test('as printed, no script says which shell it is for: only a caller with the fallback of execvp(3) can start it', async (t) => {
  for (const name of ['run', 'log-run']) t.notMatch(readFileSync(join(fixtures, 'as-printed', name), 'latin1'), /^#!/)
})

t.test('as printed, INTERVAL is nowhere set, and --daemon is left without an argument', async (t) => {
  const { said } = await start(t.testdir(serviceFixture(service)), ['sh', run])
  t.same(said('arg'), ['-v', '-f', './fetchmail.conf', '--nodetach', '--daemon'])
})

t.test('as printed, fetchmail answers with its usage text at each start', { skip }, async (t) => {
  const directory = t.testdir(serviceFixture(service, ['fetchmail']))
  const { stdout } = await start(directory, ['sh', run], { HOME: directory })
  t.match(stdout, /^\*\*\* Starting fetchmail service\.\.\.\n(.*discouraged\.\n)?fetchmail: option '--daemon' requires an argument\nusage: {2}fetchmail/m)
})

t.test('as printed with INTERVAL set, fetchmail does not start in a home that does not exist, although FETCHMAILHOME does', { skip }, async (t) => {
  const directory = t.testdir(serviceFixture(service, ['fetchmail']))
  chmodSync(directory + '/service/fetchmail.conf', 0o600)
  const { status, stdout } = await start(directory, ['sh', run], { HOME: '/homeless', INTERVAL: '551' })
  t.match(stdout, /fetchmail: Cannot find absolute path for user's home directory\.\n$/)
  t.equal(status, 23)
})
