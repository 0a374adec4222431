import t from 'tap'
import { hasColors, paint } from '../src/color.ts'

const given = (variables: Record<string, string>) => (name: string) => variables[name]

t.test('hasColors: a terminal has, unless somebody objects', async (t) => {
  t.ok(hasColors(true, given({ TERM: 'xterm' })))
  t.notOk(hasColors(false, given({ TERM: 'xterm' })))
  t.notOk(hasColors(true, given({ TERM: 'dumb' })))
  t.notOk(hasColors(true, given({ NO_COLOR: '1' })))
  t.ok(hasColors(true, given({ NO_COLOR: '' })), 'https://no-color.org: not empty')
  t.ok(hasColors(false, given({ NO_COLOR: '1', FORCE_COLOR: '1' })))
  t.notOk(hasColors(true, given({ FORCE_COLOR: '0' })))
})

t.test('paint: plain where there are none', async (t) => {
  t.equal(paint('x', 'red', false), 'x')
  t.equal(paint('', 'red', true), '')
  t.equal(paint('x', undefined, true), 'x')
  t.equal(paint('x', 'red', true), '\x1b[31mx\x1b[0m')
})
