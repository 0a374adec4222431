import t from 'tap'
import { completionScript, shells } from '../src/completion.ts'

const words = { commands: [{ name: 'why', describe: "what's wrong: the cause" }], options: [{ name: '--json', describe: 'as JSON' }], letters: [{ letter: 'u', word: 'up' }] }

t.test('completionScript: has every word, and explains svc\'s letters', async (t) => {
  for (const shell of shells) {
    const script = completionScript(shell, words)
    for (const word of ['why', 'json', 'svstat', 'SVCTL_ROOT', '/service', 'up']) t.ok(script.includes(word), `${shell}: ${word}`)
  }
  t.ok(completionScript('zsh', words).includes(`'why:what'\\''s wrong\\: the cause'`), 'what zsh would take for the end of a word')
  t.ok(completionScript('fish', words).includes(`-d 'what\\'s wrong: the cause'`))
})
