import t from 'tap'
import { faultOf, plan, type Wish } from '../src/plan.ts'

const wish: Wish = { name: 'web', directory: '/s/web', program: ['/bin/serve', "it's"], user: 'www', logUser: 'log', log: '/l/web', root: '/service' }
const contentOf = (path: string, change: Partial<Wish> = {}): string | undefined => {
  const item = plan({ ...wish, ...change }).items.find((each) => each.path === path)
  return item?.make === 'file' ? item.content : undefined
}

t.test('plan: run and log/run, each with exec, as their accounts', async (t) => {
  t.equal(contentOf('/s/web/run'), "#!/bin/sh\n# web/run: /bin/serve in the foreground, as the account www.\nexec 2>&1\nexec setuidgid www /bin/serve 'it'\\''s'\n")
  t.equal(contentOf('/s/web/log/run'), '#!/bin/sh\n# web/log/run: what web says, each line with its time.\nexec setuidgid log multilog t /l/web\n')
  t.match(contentOf('/s/web/run', { user: undefined }), /\nexec \/bin\/serve /)
  t.match(contentOf('/s/web/log/run', { logUser: undefined }), /\nexec multilog t /)
  t.match(contentOf('/s/web/run', { program: ['a\nrm -r /'] }), "# web/run: a?rm -r / in the foreground, as the account www.\nexec 2>&1\nexec setuidgid www 'a\nrm -r /'\n", 'a name cannot leave its comment')
})

t.test('plan: run comes last, so that what svscan finds is whole', async (t) => {
  t.equal(plan(wish).items.at(-1)!.path, '/s/web/run')
})

t.test('plan: a template, with its logs elsewhere', async (t) => {
  const template = new Map([['run', { content: 'r', mode: 0o755 }], ['log/run', { content: 'exec multilog t /l/old -x /l/old-short', mode: 0o755 }], ['x.conf.example', { content: 'c', mode: 0o644 }]])
  const { items } = plan({ ...wish, template, templateLog: '/l/old' })
  t.same(items.map(({ path }) => path), ['/s/web', '/s/web/log', '/s/web/pid', '/l/web', '/l/web-short', '/s/web/x.conf.example', '/s/web/x.conf', '/s/web/log/run', '/s/web/run'])
  t.equal(contentOf('/s/web/log/run', { template, templateLog: '/l/old' }), 'exec multilog t /l/web -x /l/web-short')
})

t.test('faultOf: names', async (t) => {
  for (const name of ['web', 'fetchmail@bob', 'a.b']) t.equal(faultOf(name), undefined)
  for (const name of ['', '.x', '-x', 'a/b', 'a b', 'a\n', '$x', 'x'.repeat(300)]) t.ok(faultOf(name), name)
})
