import t from 'tap'
import type { Request } from '../src/request.ts'
import { rotate } from '../src/rotate.ts'
import { plain } from './stopping.ts'

/** The requests that come, given answers by kind, in turn. */
function requestsOf(processor: string | undefined, answers: Partial<Record<Request['do'], unknown[]>>): Request[] {
  const requests: Request[] = []
  const steps = rotate({ ...plain, processor }, 5)
  for (let step = steps.next(); step.done !== true; ) {
    requests.push(step.value)
    const list = answers[step.value.do] ?? []
    step = steps.next(list.length > 1 ? list.shift() : list[0])
  }
  return requests
}

const file = { links: 1 }
const answers = { open: [7], stat: [file], link: [0], unlink: [0], list: [[]], label: ['@L'] }

t.test('without a processor: synced, renamed, a new current, then among the old', async (t) => {
  const requests = requestsOf(undefined, answers)
  t.strictSame(requests.map((request) => request.do), ['sync', 'close', 'rename', 'open', 'setMode', 'changeMode', 'stat', 'label', 'link', 'unlink', 'list'])
  t.match(requests[8], { from: 'previous', to: '@L.s' })
})

t.test('with a processor: what it made is on disk and marked whole before its source goes', async (t) => {
  const requests = requestsOf('cmd', { ...answers, process: [{ code: 0 }] })
  t.strictSame(requests.slice(6).map((request) => request.do), [
    'process', 'open', 'sync', 'setMode', 'close', 'open', 'sync', 'close', 'unlink', 'rename', 'stat', 'label', 'link', 'unlink', 'list',
  ])
  t.match(requests[14], { do: 'unlink', name: 'previous' })
  t.match(requests[18], { from: 'processed', to: '@L.s' })
})

t.test('a processor that fails or crashes is run again, after djb\'s words', async (t) => {
  const requests = requestsOf('cmd', { ...answers, process: [{ code: 3 }, { signal: 9 }, { code: 0 }] })
  t.strictSame(requests.slice(6, 12), [
    { do: 'process', command: 'cmd', unable: 'unable to fork for processor in ./d', refused: 'pausing' },
    { do: 'pause', warning: 'processor failed in ./d, pausing' },
    { do: 'process', command: 'cmd', unable: 'unable to fork for processor in ./d', refused: 'pausing' },
    { do: 'pause', warning: 'processor crashed in ./d, pausing', errno: 'stale' },
    { do: 'pause', warning: 'processor failed in ./d, pausing' },
    { do: 'process', command: 'cmd', unable: 'unable to fork for processor in ./d', refused: 'pausing' },
  ])
})

t.test('every refusal after the start has djb\'s words and is survived', async (t) => {
  const requests = requestsOf('cmd', { ...answers, process: [{ code: 0 }] })
  t.strictSame(requests.flatMap((request) => ('refused' in request && request.refused === 'pausing' ? [request.unable] : [])), [
    'unable to write ./d/current to disk',
    'unable to rename current to previous in directory ./d',
    'unable to create ./d/current',
    'unable to set mode of ./d/current',
    'unable to set mode of ./d/previous',
    'unable to fork for processor in ./d',
    'unable to create ./d/processed',
    'unable to write ./d/processed to disk',
    'unable to set mode of ./d/processed',
    'unable to create ./d/newstate',
    'unable to write ./d/newstate to disk',
    'unable to remove ./d/previous',
    'unable to rename newstate to state in directory ./d',
    'unable to stat ./d/processed',
    'unable to remove ./d/processed',
    'unable to read ./d',
  ])
  t.notOk(requests.some((request) => 'refused' in request && request.refused === 'fatal'))
})
