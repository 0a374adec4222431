import type { ProcessTree } from '@daemontools-ts/client'
import t from 'tap'
import { treeLines } from '../src/tree.ts'

const node = (pid: number, ...children: ProcessTree[]): ProcessTree => ({ pid, parent: 0, command: `p${pid}`, state: 'S', ticks: 0, startTime: 0, memoryBytes: 0, children })

t.test('treeLines: who started whom', async (t) => {
  const tree = node(1, node(2, node(3), node(4)), node(5, node(6)))
  t.same(treeLines(tree, ({ command }) => command), ['1 p1', '├─ 2 p2', '│  ├─ 3 p3', '│  └─ 4 p4', '└─ 5 p5', '   └─ 6 p6'])
  t.same(treeLines(tree, ({ command }) => command, 3), ['1 p1', '├─ 2 p2', '… and 4 more'])
})
