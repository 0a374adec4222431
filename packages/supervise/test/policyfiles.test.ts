import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { defaultPolicy } from '@daemontools-ts/servicedir'
import { inDirectory, openDirectory } from '@daemontools-ts/unix'
import t from 'tap'
import type { Folder } from '../src/folder.ts'
import { PolicyFiles } from '../src/policyfiles.ts'
import { hear } from './hearing.ts'
import { makeFolder } from './scratch.ts'

function furnish(t: { teardown(undo: () => void): void }) {
  const path = makeFolder(t)
  const directory = openDirectory(path)
  t.teardown(() => fs.closeSync(directory))
  const folder = { dir: 'x', at: (name: string) => inDirectory(directory, name) }
  const heard = hear(t)
  return { files: new PolicyFiles(folder as unknown as Folder), heard, at: (name: string) => join(path, name) }
}

const complaint = (file: string, expected: string): string => `supervise: warning: x/${file} is ignored: expected ${expected}`
const milliseconds = 'milliseconds, at most a day'

t.test('read: what is there now; before, and without any, as in 0.76', async (t) => {
  const { files, heard, at } = furnish(t)
  t.strictSame(files.policy, defaultPolicy)
  fs.writeFileSync(at('run'), '')
  files.read()
  t.strictSame(files.policy, defaultPolicy)
  fs.writeFileSync(at('timeout-kill'), '500\n')
  fs.writeFileSync(at('finish'), 'x'.repeat(100_000))
  fs.symlinkSync('run', at('killpg'))
  files.read()
  t.strictSame(files.policy, { ...defaultPolicy, timeoutKill: 500, finish: true, killGroup: true })
  fs.rmSync(at('timeout-kill'))
  files.read()
  t.strictSame(files.policy, { ...defaultPolicy, finish: true, killGroup: true }, 'gone: as if it had never been there')
  t.strictSame(heard.lines, [])
})

t.test('read: what is wrong is said once, each file for itself, and again after it was right', async (t) => {
  const { files, heard, at } = furnish(t)
  fs.writeFileSync(at('timeout-kill'), 'soon')
  fs.writeFileSync(at('max-death-tally'), '7')
  for (let times = 0; times < 3; times++) files.read()
  t.strictSame(heard.lines, [complaint('timeout-kill', milliseconds)])
  t.strictSame(files.policy, { ...defaultPolicy, deathTally: 7 })
  fs.writeFileSync(at('timeout-finish'), '')
  files.read()
  t.strictSame(heard.lines.slice(1), [complaint('timeout-finish', milliseconds)], 'the other one is not said again')
  fs.writeFileSync(at('timeout-kill'), '1')
  files.read()
  fs.writeFileSync(at('timeout-kill'), 'x')
  files.read()
  t.strictSame(heard.lines.slice(2), [complaint('timeout-kill', milliseconds)])
})

t.test('read: what is no file is wrong, and hides nothing else', async (t) => {
  const { files, heard, at } = furnish(t)
  fs.mkdirSync(at('timeout-kill'))
  execFileSync('mkfifo', [at('timeout-finish')])
  fs.symlinkSync('restart-delay', at('restart-delay'))
  fs.symlinkSync('nowhere', at('notification-fd'))
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(at('down-signal'), resolve))
  t.teardown(() => server.close())
  fs.writeFileSync(at('max-death-tally'), '7')
  files.read()
  t.strictSame(files.policy, { ...defaultPolicy, deathTally: 7 })
  t.strictSame(heard.lines.sort(), [
    complaint('down-signal', 'the name or number of a signal'),
    complaint('restart-delay', 'one or two numbers of milliseconds, the smaller first'),
    complaint('timeout-finish', milliseconds),
    complaint('timeout-kill', milliseconds),
  ], 'a link to nothing is no file')
})

t.test('read: a directory that cannot be read leaves everything as it was', async (t) => {
  const { files, heard, at } = furnish(t)
  fs.writeFileSync(at('timeout-kill'), '500')
  files.read()
  const broken = new PolicyFiles({ dir: 'x', at: () => 'x'.repeat(5000) } as unknown as Folder)
  broken.policy = files.policy
  broken.read()
  broken.read()
  t.equal(broken.policy, files.policy)
  t.strictSame(heard.lines, ['supervise: warning: unable to read x, going on as before: file name too long'])
})
