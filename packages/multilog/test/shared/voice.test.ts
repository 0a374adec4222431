import t from 'tap'
import { Voice } from '../../src/shared/voice.ts'

t.test('Voice: a message at a time, the next when it has been shown, with all that was said meanwhile', async (t) => {
  const sent: string[] = []
  const voice = new Voice((message) => sent.push(message.toString('latin1')))
  t.equal(voice.silent, true)
  voice.say('one')
  t.strictSame([sent, voice.silent], [['Eone\n'], false])
  voice.say('two')
  voice.say('three')
  t.equal(sent.length, 1)
  let silences = 0
  voice.whenSilent(() => silences++)
  voice.shown()
  t.strictSame([sent.slice(1), silences], [['Etwo\nthree\n'], 0])
  voice.shown()
  t.strictSame([sent.length, voice.silent, silences], [2, true, 1])
  voice.whenSilent(() => silences++)
  t.equal(silences, 2, 'at once, if there is nothing to show')
  voice.say('four')
  t.strictSame([sent[2], silences], ['Efour\n', 2])
})
