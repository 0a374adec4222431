import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { faultOf, interpreterOf } from '../src/program.ts'

t.test('faultOf: what is in the way of executing it', async (t) => {
  const folder = t.testdir({ good: '#!/bin/sh\n', plain: 'exec x\n', mode: '#!/bin/sh\n', zork: '#! /bin/zork -x\n', windows: '#!/bin/sh\r\n', folder: {} })
  for (const name of ['good', 'plain', 'zork', 'windows']) fs.chmodSync(join(folder, name), 0o755)
  fs.chmodSync(join(folder, 'mode'), 0o644)
  const fault = (name: string) => faultOf(join(folder, name))
  t.equal(fault('good'), undefined)
  t.equal(fault('plain'), undefined, 'a run without #! is run by /bin/sh')
  t.same(fault('mode'), { type: 'notExecutable' })
  t.same(fault('zork'), { type: 'interpreter', interpreter: '/bin/zork' })
  t.same(fault('windows'), { type: 'carriageReturn' })
  t.same(fault('folder'), { type: 'notAFile' })
  t.same(fault('nothing'), { type: 'missing' })
})

t.test('interpreterOf: the first word of the first line', async (t) => {
  t.equal(interpreterOf('#!/usr/bin/env node\n'), '/usr/bin/env')
  t.equal(interpreterOf('#! \t/bin/sh'), '/bin/sh')
  t.equal(interpreterOf('#!sh'), undefined)
  t.equal(interpreterOf('exec'), undefined)
})
