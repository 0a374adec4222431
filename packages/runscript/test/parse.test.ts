import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseScript } from '../src/parse.ts'

const brief = (script: string): string[] => parseScript(script).commands.map(({ words, depth }) => `${depth} ${words.map(({ text }) => text).join(' ')}`)

t.test('parse: simple commands with their redirections and assignments', async (t) => {
  const [first, second] = parseScript('exec 2>&1\nA=1 B="$2" exec prog <f').commands
  t.same(first!.redirections.map(({ operator, target }) => [operator, target.text]), [['2>&', '1']])
  t.same(second!.assignments.map(({ name, value }) => [name, value.text, value.isLiteral]), [['A', '1', true], ['B', '$2', false]])
  t.same(second!.words.map(({ text }) => text), ['exec', 'prog'])
})

t.test('parse: how deep a command stands', async (t) => {
  t.same(brief('a\nif b; then c; elif d; then e; else f; fi\ng'), ['0 a', '1 b', '1 c', '1 d', '1 e', '1 f', '0 g'])
  t.same(brief('for i in x y; do a; done\nwhile ! b; do c & done; d'), ['1 a', '1 b', '1 c', '0 d'])
  t.same(brief('case $A in\n x | y) a ;;\n (z) if b; then c; fi ;;\n *)\n;;\nesac\nd'), ['1 a', '2 b', '2 c', '0 d'])
  t.same(brief('f() {\n a\n}\n(b; c)\nd'), ['1 a', '1 b', '1 c', '0 d'])
  t.same(brief("echo if 'for' fi"), ['0 echo if for fi'])
})

t.test('parse: what is behind and before a command', async (t) => {
  const [a, b, c, d, e] = parseScript('a && b\nc | d\ne &').commands
  t.same([a, b, c, d, e].map((each) => each!.isConditional), [false, true, false, false, false])
  t.same([a, b, c, d, e].map((each) => each!.isPiped), [false, false, true, true, false])
  t.same([a, b, c, d, e].map((each) => each!.isBackground), [false, false, false, false, true])
})

t.test('parse: the last thing that a script does', async (t) => {
  const last = (script: string): string | undefined => parseScript(script).last?.words.map(({ text }) => text).join(' ')
  t.equal(last('a\nexec b c\n\n# end\n'), 'exec b c')
  t.equal(last('a; while :; do b; done\n'), undefined)
  t.equal(last('a; { b; } >c\n'), undefined)
  t.equal(last(''), undefined)
})

t.test('parse: whatever the text is, there is an answer', async () => {
  const text = fc.array(fc.constantFrom('if', 'fi', 'case', 'esac', 'in', 'for', 'do', 'done', '(', ')', '{', '}', ';;', ';', '&', '|', '\n', ' ', 'a', '>', "'")).map((parts) => parts.join(' '))
  fc.assert(fc.property(text, (script) => parseScript(script).commands.forEach(({ depth }) => assert.ok(depth >= 0))))
})
