// svscan is played by small scripts here; tour.test.ts has the real one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startTree } from '../src/tree.ts'

/** A folder with a program `svscan` in it, and an environment that finds it. */
function stageFor(t: Test, script: string): { folder: string; environment: NodeJS.ProcessEnv } {
  const folder = mkdtempSync(join(tmpdir(), 'demo-tree-'))
  const bin = t.testdir({ svscan: '#!/bin/sh\n' + script })
  chmodSync(join(bin, 'svscan'), 0o755)
  mkdirSync(join(folder, 'service'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, environment: { PATH: `${bin}:${process.env['PATH']}` } }
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await delay(5)
}

const obedient = 'echo $$ > "$PWD/pid.new"; mv pid.new pid; exec sleep 1000\n'

t.test('svscan runs in the folder until stop, which removes the folder and leaves nothing', async (t) => {
  const { folder, environment } = stageFor(t, obedient)
  const tree = await startTree(folder, environment, 2)
  await until(() => existsSync(join(folder, 'pid')))
  t.equal(readFileSync(join(folder, 'pid'), 'utf8'), `${tree.pid}\n`)
  t.equal(tree.ended(), undefined)
  t.same(await tree.stop(), [])
  t.notOk(isAlive(tree.pid))
  t.notOk(existsSync(folder))
})

t.test('what svscan leaves running is killed and named', async (t) => {
  const { folder, environment } = stageFor(t, 'sleep 1000 & echo $! > "$PWD/pid.new"; mv pid.new pid; exec sleep 1000\n')
  const tree = await startTree(folder, environment, 2)
  await until(() => existsSync(join(folder, 'pid')))
  const left = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  t.same(await tree.stop(), [`sleep (pid ${left})`])
  t.notOk(isAlive(left))
})

t.test('an svscan that ends by itself is noticed', async (t) => {
  const { folder, environment } = stageFor(t, 'exit 111\n')
  const tree = await startTree(folder, environment, 2)
  t.equal(await tree.whenEnded, 111)
  t.equal(tree.ended(), 111)
  t.same(await tree.stop(), [])
})

t.test('when we are killed, svscan is ended and the folder is removed all the same', async (t) => {
  const { folder, environment } = stageFor(t, obedient)
  const program = join(t.testdir(), 'start.mjs')
  writeFileSync(program, `import { startTree } from ${JSON.stringify(new URL('../src/tree.js', import.meta.url).href)}
const tree = await startTree(${JSON.stringify(folder)}, process.env, 2)
console.log(tree.pid)
setInterval(() => {}, 1000)
`)
  const child = spawn(process.execPath, [program], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(String((await once(child.stdout, 'data'))[0]))
  t.ok(isAlive(pid))
  child.kill('SIGKILL')
  await until(() => !isAlive(pid) && !existsSync(folder))
})
