import t from 'tap'
import { documentOf } from '../src/document.ts'

t.test('documentOf: one line, dates in UTC, nothing left out', async (t) => {
  t.equal(documentOf('x/1', { a: undefined, at: new Date(0), deep: [{ b: undefined }] }, new Date(1000)), '{"schema":"x/1","time":"1970-01-01T00:00:01.000Z","a":null,"at":"1970-01-01T00:00:00.000Z","deep":[{"b":null}]}')
})
