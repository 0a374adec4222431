import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { arrange, commandLineOf, parseStat, type Proc, readProcess, readProcesses, svscanOf, treeOf, usageOf } from '../src/processes.ts'

const make = (pid: number, parent: number, changes: Partial<Proc> = {}): Proc => ({ pid, parent, command: `p${pid}`, state: 'S', ticks: 0, startTime: 0, memoryBytes: 0, ...changes })
const all = (...processes: Proc[]) => arrange(processes)

t.test('parseStat: whatever is in the name', async (t) => {
  const stat = '12 (a) b (c) S 1 12 12 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 4000 1000000 25 184467'
  t.same(parseStat(stat), { pid: 12, parent: 1, command: 'a) b (c', state: 'S', ticks: 300, startTime: 4000, memoryBytes: 25 * 4096 })
})

t.test('readProcess: ourselves, and nobody', async (t) => {
  t.match(readProcess(process.pid), { pid: process.pid, parent: process.ppid })
  t.equal(readProcess(2 ** 30), undefined)
  t.ok(readProcesses().byPid.has(process.pid))
  t.same(commandLineOf(2 ** 30), [])
  t.equal(commandLineOf(process.pid)[0], process.argv0)
})

t.test('treeOf: all that descend, without end', async (t) => {
  const tree = treeOf(1, all(make(1, 0), make(2, 1), make(3, 2), make(4, 1), make(9, 8)))!
  t.same(tree.children.map(({ pid, children }) => [pid, children.map((child) => child.pid)]), [[2, [3]], [4, []]])
  t.equal(treeOf(7, all(make(1, 0))), undefined)
  t.equal(treeOf(1, all(make(1, 2), make(2, 1)))!.children[0]!.children.length, 0, 'a pid that was used again between two reads makes no circle')
})

t.test('usageOf: sums', async (t) => {
  const tree = treeOf(1, all(make(1, 0, { ticks: 100, startTime: 0, memoryBytes: 5 }), make(2, 1, { ticks: 500, startTime: 500, memoryBytes: 7 })))!
  t.same(usageOf(tree, 10), { processes: 2, cpuPercent: 110, memoryBytes: 12 })
  t.same(usageOf(tree, 0).cpuPercent, 0)
})

t.test('svscanOf: by its working directory; a dead one that is still in the table is none', async (t) => {
  const svscan = (pid: number) => all(make(pid, 1, { command: 'svscan' }))
  t.same(svscanOf('.', svscan(process.pid)), { pid: process.pid })
  t.equal(svscanOf('/', svscan(process.pid)), null)
  t.equal(svscanOf('.', all(make(process.pid, 1, { command: 'svscanboot' }))), null)
  t.equal(svscanOf('/nowhere', svscan(2 ** 30)), null, 'neither is there')
  // It ends when its parent has become a program that asks for no child.
  const parent = spawn('/bin/sh', ['-c', '(until grep -qx sleep /proc/$$/comm; do :; done) & echo $!; exec sleep 100'], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => parent.kill('SIGKILL'))
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const dead = Number(line.toString())
  for (let looks = 0; looks < 4000 && readProcess(dead)?.state !== 'Z'; looks++) await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal(readProcess(dead)?.state, 'Z')
  t.equal(svscanOf('.', svscan(dead)), null)
})
