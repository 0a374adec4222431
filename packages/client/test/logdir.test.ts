import { join } from 'node:path'
import t from 'tap'
import { accountOf, directoriesOf, findLogDirectory } from '../src/logdir.ts'

t.test('directoriesOf: the words of a logger that are directories', async (t) => {
  t.same(directoriesOf('#!/bin/sh\nexec setuidgid multilog multilog t s1000000 n20 /var/multilog/web\n'), ['/var/multilog/web'])
  t.same(directoriesOf('#!/bin/sh\n# multilog ./old\nexec multilog t ./main \'-*\' +x ./second\n'), ['./main', './second'])
  t.same(directoriesOf('exec \\\n  multilog t \\\n  "/var/log/a"\n'), ['/var/log/a'])
  t.same(directoriesOf('exec multilog t "$DIR" /var/$NAME'), [], 'a variable is nobody\'s to know')
  t.same(directoriesOf('exec svlogd -tt ./main'), ['./main'])
  t.same(directoriesOf('cd /var/log/web || exit\nexec multilog t ./main'), ['/var/log/web/main'])
  t.same(directoriesOf('exec logger -t web'), [])
})

t.test('accountOf: who runs the logger', async (t) => {
  t.equal(accountOf('exec setuidgid multilog multilog t ./main'), 'multilog')
  t.equal(accountOf('# setuidgid other x\nexec s6-setuidgid logger s6-log ./main'), 'logger')
  t.equal(accountOf('exec setuidgid $WHO multilog t ./main'), undefined)
  t.equal(accountOf('exec softlimit -o 9 setuidgid log multilog t ./main'), 'log')
  t.equal(accountOf('exec multilog t ./main'), undefined)
})

t.test('findLogDirectory: relative to the log directory', async (t) => {
  const folder = t.testdir({ run: 'exec multilog t ./main', main: { current: '' } })
  t.equal(findLogDirectory(folder, 0), join(folder, 'main'))
  t.equal(findLogDirectory(join(folder, 'main'), 0), undefined)
})
