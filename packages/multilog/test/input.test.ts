import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { Feed } from './feed.ts'
import { makeFolder } from './programs.ts'

const inputFile = fileURLToPath(new URL('../src/input.js', import.meta.url))

/** Runs a piece of code with `input` on a pipe that holds some text, and gives what it prints. */
function withInput(t: { teardown(undo: () => void): void }, text: string, code: string): { printed: string; rest: string } {
  const feed = new Feed(join(makeFolder(t), 'feed'))
  t.teardown(() => feed.close())
  feed.writeSome(Buffer.from(text))
  const program = `import { Input } from ${JSON.stringify(inputFile)}; const input = new Input(0); const print = (x) => process.stdout.write(String(x) + ' '); ${code}`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { stdio: [feed.reading, 'pipe', 2], encoding: 'latin1', env: {} })
  return { printed: stdout, rest: feed.rest() }
}

t.test('reads no more than it is asked for, and knows whether a line has ended', async (t) => {
  const { printed, rest } = withInput(t, 'ab\ncd', 'for (const n of [1, 2]) { print(input.atLineStart); print(JSON.stringify(String(input.read(n)))) } print(input.atLineStart); print(input.ready)')
  t.equal(printed, 'true "a" false "b\\n" true true ')
  t.equal(rest, 'cd')
})

t.test('waiting reads nothing', async (t) => {
  const { printed, rest } = withInput(t, 'ab', 'await input.wait(); print("there")')
  t.equal(printed, 'there ')
  t.equal(rest, 'ab')
})

t.test('two waits are one', async (t) => {
  t.equal(withInput(t, 'ab', 'print(input.wait() === input.wait())').printed, 'true ')
})
