import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { scan } from '../src/scan.ts'

const brief = (script: string): string[] => scan(script).map((token) => (token.kind === 'word' && !token.isLiteral ? `~${token.text}` : token.text))

t.test('scan: words, operators and redirections', async (t) => {
  t.same(brief('exec 2>&1\n'), ['exec', '2>&', '1', '\n'])
  t.same(brief('a && b||c;d&e | f'), ['a', '&&', 'b', '||', 'c', ';', 'd', '&', 'e', '|', 'f'])
  t.same(brief('echo x2>f 3>>g &>h'), ['echo', 'x2', '>', 'f', '3>>', 'g', '&>', 'h'])
  t.same(brief('#!/bin/sh\na#b # c\n'), ['\n', 'a#b', '\n'])
})

t.test('scan: quotes come off, and a word that is filled in is known', async (t) => {
  t.same(brief(`'a b' "c $D" e\\ f $G "\${H:-a b}" $(i "j k") \`l m\` *.n "*"`), ['a b', '~c $D', 'e f', '~$G', '~${H:-a b}', '~$(i "j k")', '~`l m`', '~*.n', '*'])
  t.same(brief(`"a\\"b" 'c'"d"e`), ['a"b', 'cde'])
  t.equal(scan(`'if'`).every((token) => token.kind === 'word' && token.isQuoted), true)
})

t.test('scan: lines are counted through quotes, continuations and here-documents', async (t) => {
  const lines = (script: string): string[] => scan(script).filter(({ kind }) => kind === 'word').map(({ text, line }) => `${line} ${text.replaceAll('\n', ' ')}`)
  t.same(lines('a \\\n b\nc'), ['1 a', '2 b', '3 c'])
  t.same(lines("'a\nb'\nc"), ['1 a b', '3 c'])
  t.same(lines('cat <<E <<-"F"\nrm x\nE\nrm y\n\tF\nd'), ['1 cat', '1 E', '1 F', '6 d'])
})

t.test('scan: whatever the text is, it comes to an end', async () => {
  const text = fc.array(fc.constantFrom("'", '"', '\\', '\n', '$(', '${', '`', ')', '}', ' ', 'a', '<<', '2>', '&', ';', '#')).map((parts) => parts.join(''))
  fc.assert(fc.property(text, (script) => assert.ok(Array.isArray(scan(script)))))
})
