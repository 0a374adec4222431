import t from 'tap'
import { finish } from '../src/finish.ts'
import type { Request } from '../src/request.ts'
import { plain } from './stopping.ts'

/** Runs finish against a directory of names, in memory. */
function run(names: string[], count: number, refuse: (request: Request) => number = () => 0): { names: string[]; requests: Request[] } {
  const files = new Set(names)
  const requests: Request[] = []
  let labels = 0
  const answer = (request: Request): unknown => {
    const errno = refuse(request)
    if (errno !== 0) return errno
    switch (request.do) {
      case 'stat':
        return files.has(request.name) ? { links: 1 } : undefined
      case 'label':
        return `@${`${++labels}`.padStart(24, '9')}`
      case 'link':
        files.add(request.to)
        return 0
      case 'unlink':
        return files.delete(request.name) ? 0 : 2
      case 'list':
        return [...files]
      default:
        return undefined
    }
  }
  const steps = finish({ ...plain, count }, 'previous', 's')
  for (let step = steps.next(); step.done !== true && requests.length < 100; step = steps.next(answer(step.value))) requests.push(step.value)
  return { names: [...files].sort(), requests }
}

const old = (number: number): string => `@${`${number}`.padStart(24, '0')}.s`

t.test('no file, nothing to do', async (t) => {
  t.strictSame(run([], 10).requests.map((request) => request.do), ['stat'])
})

t.test('count is current and all the old ones', async (t) => {
  t.strictSame(run(['previous', old(1), old(2), old(3)], 3).names, [old(3), `@${'1'.padStart(24, '9')}.s`])
})

t.test('what begins with @ and has 25 characters counts as old, nothing else', async (t) => {
  const kept = ['@short', 'notes', 'x' + old(1)]
  t.strictSame(run(['previous', `${old(1)}.gz`, old(2), ...kept], 2).names, [`@${'1'.padStart(24, '9')}.s`, ...kept].sort())
})

t.test('a label that is taken is tried again with the next', async (t) => {
  let refusals = 2
  const { names, requests } = run(['previous'], 10, (request) => (request.do === 'link' && refusals-- > 0 ? 17 : 0))
  t.strictSame(names, [`@${'3'.padStart(24, '9')}.s`])
  t.strictSame(requests.filter(({ do: what }) => what === 'pause')[0], {
    do: 'pause',
    warning: `unable to link to ./d/@${'1'.padStart(24, '9')}.s, pausing`,
    errno: 17,
  })
})

t.test('an old file that cannot be removed is said, with a pause; one that has gone is not', async (t) => {
  let refusals = 1
  const refused = run(['previous', old(1), old(2)], 2, (request) => (request.do === 'unlink' && request.name === old(1) && refusals-- > 0 ? 21 : 0))
  t.strictSame(refused.requests.filter(({ do: what }) => what === 'pause'), [{ do: 'pause', warning: `unable to remove ./d/${old(1)}, pausing`, errno: 21 }])
  t.equal(refused.names.length, 1)
  const gone = run(['previous', old(1), old(2)], 2, (request) => (request.do === 'unlink' && request.name === old(1) && refusals++ === -1 ? 2 : 0))
  t.strictSame(gone.requests.filter(({ do: what }) => what === 'pause'), [])
})
