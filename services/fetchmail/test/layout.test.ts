import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { ancestorsOf, isInstance, layoutBelow, logRunFor, parentOf, shellWord } from '../src/layout.ts'

t.test('layoutBelow puts the paths of the page below a root', async (t) => {
  t.same(layoutBelow(''), {
    root: '', name: 'fetchmail', directory: '/var/svc.d/fetchmail', log: '/var/multilog/fetchmail', summary: '/var/multilog/fetchmail-summary', link: '/service/fetchmail',
  })
  t.same(layoutBelow('/'), layoutBelow(''))
  t.equal(layoutBelow('/scratch').log, '/scratch/var/multilog/fetchmail')
})

t.test('layoutBelow gives each instance paths of its own', async (t) => {
  t.match(layoutBelow('/r', 'me'), { name: 'fetchmail@me', directory: '/r/var/svc.d/fetchmail@me', log: '/r/var/multilog/fetchmail@me', summary: '/r/var/multilog/fetchmail@me-summary', link: '/r/service/fetchmail@me' })
  for (const good of ['me', 'a.b', 'A-1_x', '0']) t.ok(isInstance(good), good)
  for (const bad of ['', '.', '..', '-x', 'a/b', 'a b', 'a\nb', "a'b"]) t.notOk(isInstance(bad), bad)
})

t.test('ancestorsOf names every directory on the way, the uppermost first', async (t) => {
  t.same(ancestorsOf('/a/b/c'), ['/a', '/a/b'])
  t.same(ancestorsOf('/a'), [])
  t.equal(parentOf('/a/b'), '/a')
})

t.test('logRunFor writes the log where the layout has it, and leaves the file alone on the machine itself', async (t) => {
  const script = '#!/bin/sh\nexec multilog t /var/multilog/fetchmail /var/multilog/fetchmail-summary\n'
  t.equal(logRunFor(layoutBelow(''), script), script)
  t.equal(logRunFor(layoutBelow('/my $& root'), script), "#!/bin/sh\nexec multilog t '/my $& root/var/multilog/fetchmail' '/my $& root/var/multilog/fetchmail-summary'\n")
  t.match(logRunFor(layoutBelow('', 'me'), script), ' /var/multilog/fetchmail@me /var/multilog/fetchmail@me-summary\n')
})

t.test('shellWord is one word to sh, whatever is in it', async () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '/', ' ', "'", '"', '$', '`', '\\', '\n', '*', '&', ';', '~', '#', '!'), minLength: 1, maxLength: 12 })
  fc.assert(fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${texts.map(shellWord).join(' ')}`], { encoding: 'latin1' })
    return printed === texts.map((text) => text + '\0').join('')
  }), { numRuns: 40 })
})
