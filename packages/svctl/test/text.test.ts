import fc from 'fast-check'
import t from 'tap'
import { pad, truncate, widthOf, wrap } from '../src/text.ts'

t.test('truncate: never wider, and whole if it fits', async (t) => {
  t.equal(truncate('hello', 5), 'hello')
  t.equal(truncate('hello', 4), 'hel…')
  t.equal(truncate('日本語', 5), '日本…')
  t.equal(truncate('日本語', 4), '日…')
  t.equal(truncate('x', 0), '')
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, width) => widthOf(truncate(text, width)) <= width))
})

t.test('pad: to the columns that it takes', async (t) => {
  t.equal(pad('日', 4), '日  ')
  t.equal(pad('a', 3, 'right'), '  a')
  t.equal(pad('abc', 2), 'abc')
})

t.test('wrap: no word is lost', async (t) => {
  t.same(wrap('one two three', 7), ['one two', 'three'])
  t.same(wrap('unbreakable', 3), ['unbreakable'])
  const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 })
  fc.assert(fc.property(words, fc.integer({ min: 8, max: 40 }), (all, width) => wrap(all.join(' '), width).join(' ') === all.join(' ') && wrap(all.join(' '), width).every((line) => line.length <= width)))
})
