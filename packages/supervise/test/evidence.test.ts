import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fromUnix } from '@daemontools-ts/tai64'
import { findProcess, spawnLaunch, waitForChild } from '@daemontools-ts/unix'
import * as fs from 'node:fs'
import t from 'tap'
import { findByStatus, isRunning } from '../src/evidence.ts'

const identityOf = (pid: number) => ({ pid, startTime: findProcess(pid)!.startTime })

/** Starts a program that waits, and ends it after the test. */
function wait(t: { teardown(undo: () => void): void }, script: string): ChildProcess {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

/** A status that was written so many milliseconds from now. */
function status(pid: number, milliseconds: number) {
  const moment = Date.now() + milliseconds
  return { pid, want: 'up', paused: false, changed: fromUnix(Math.floor(moment / 1000), (moment % 1000) * 1e6) } as const
}

t.test('isRunning: that very process', async (t) => {
  const identity = identityOf(wait(t, 'exec sleep 60').pid!)
  t.ok(isRunning(identity))
  t.notOk(isRunning({ ...identity, startTime: identity.startTime - 1 }), 'its number was another\'s before')
  t.notOk(isRunning({ pid: 2 ** 22 + 1, startTime: identity.startTime }))
})

t.test('isRunning: a zombie, if it is ours to reap', async (t) => {
  const program = fs.openSync('/bin/sh', 'r')
  const ours = spawnLaunch({ program }, { args: ['sh', '-c', 'exit 3'], keep: [] })
  while (findProcess(ours)?.isZombie === false);
  t.ok(isRunning(identityOf(ours)), 'then we are told how it ended')
  t.equal(findByStatus(status(ours, 0)), undefined)
  t.strictSame(waitForChild(ours), { code: 3 })
  fs.closeSync(program)

  const parent = wait(t, 'sleep 0 & echo $!; exec sleep 60')
  const theirs = Number(await once(parent.stdout!, 'data'))
  while (findProcess(theirs)?.isZombie === false);
  t.notOk(isRunning(identityOf(theirs)))
})

t.test('findByStatus: the process of that number that started when the status was written, give or take a second and a half', async (t) => {
  const { pid } = wait(t, 'exec sleep 60')
  const identity = identityOf(pid!)
  for (const milliseconds of [0, 1000, -1000]) t.strictSame(findByStatus(status(pid!, milliseconds)), identity, `${milliseconds}`)
  for (const milliseconds of [2200, -2200, 1e9, -1e9]) t.equal(findByStatus(status(pid!, milliseconds)), undefined, `${milliseconds}`)
  t.equal(findByStatus(status(0, 0)), undefined)
  t.equal(findByStatus(status(2 ** 32 - 1, 0)), undefined)
})
