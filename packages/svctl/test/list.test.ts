import fc from 'fast-check'
import t from 'tap'
import { inOrder, listScreen } from '../src/list.ts'
import { widthOf } from '../src/text.ts'
import { mail, now, old, service, web } from './model.ts'

const screen = (width: number, color = false): string[] => listScreen([web, old, mail], { now, width, color })

t.test('inOrder: trouble first, then by name', async (t) => {
  t.same(inOrder([web, old, mail, service('a')]).map(({ name }) => name), ['mail', 'old', 'a', 'web'])
})

t.test('listScreen: everything where there is room', async (t) => {
  t.same(screen(Infinity), [
    'SERVICE  STATE    WHY                     UPTIME  RESTARTS  LAST-EXIT  PID   CPU   MEM  LOG',
    'mail     waiting  keeps ending: exited 3       -        14          3    -     -     -   0s',
    'old      down     taken down 5m ago            -         0       TERM    -     -     -    -',
    'web      up       -                           1h         0          -  812  0.4%  4.8M   1s',
  ])
})

t.test('listScreen: at 80 and at 40 columns', async (t) => {
  t.same(screen(80)[1], 'mail     waiting  keeps ending: exited 3       -        14          3    -   0s')
  t.same(screen(40), ['SERVICE  STATE    WHY', 'mail     waiting  keeps ending: exited 3', 'old      down     taken down 5m ago', 'web      up       -'])
})

t.test('listScreen: colours say nothing that words do not', async (t) => {
  t.same(screen(200, true).map((line) => line.replaceAll(/\x1b\[\d+m/g, '').trimEnd()), screen(200))
  t.ok(screen(200, true)[1]!.includes('\x1b[31mwaiting'))
})

t.test('listScreen: no line is wider than the terminal', async () => {
  const names = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { maxLength: 4 })
  fc.assert(fc.property(names, fc.integer({ min: 10, max: 200 }), (all, width) => listScreen(all.map((name) => service(name)), { now, width, color: false }).every((line) => widthOf(line) <= width)))
})
