import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { serviceFolder, shells } from './script.ts'

for (const shell of shells) {
  const command = shell === 'busybox' ? [shell, 'sh'] : [shell]
  const deliver = (maildir: string, input: string) => spawnSync(command[0]!, [...command.slice(1), join(serviceFolder, 'deliver'), maildir], { input, encoding: 'latin1' })

  t.test(`deliver under ${shell} puts a message into a Maildir, for its owner alone`, async (t) => {
    const maildir = t.testdir({})
    for (const text of ['one\n', '\0\xff without an end', '']) t.match(deliver(maildir, text), { status: 0, stdout: '', stderr: '' })
    const names = readdirSync(maildir + '/new')
    t.equal(names.length, 3)
    t.same(names.map((name) => readFileSync(`${maildir}/new/${name}`, 'latin1')).sort(), ['', '\0\xff without an end', 'one\n'].sort())
    for (const name of names) t.equal(statSync(`${maildir}/new/${name}`).mode & 0o777, 0o600)
    t.same(readdirSync(maildir + '/tmp'), [])
    t.same(readdirSync(maildir + '/cur'), [])
  })

  t.test(`deliver under ${shell} says that it could not, and leaves nothing`, async (t) => {
    const folder = t.testdir({ full: { new: '' } })
    t.equal(deliver(folder + '/none', 'x').status, 111)
    t.equal(deliver(folder + '/full', 'x').status, 111)
    t.notOk(existsSync(folder + '/full/tmp') && readdirSync(folder + '/full/tmp').length > 0)
    writeFileSync(folder + '/file', '')
    t.equal(deliver(folder + '/file', 'x').status, 111)
  })
}
