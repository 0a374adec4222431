import fc from 'fast-check'
import t from 'tap'
import { conceal } from '../src/conceal.ts'

t.test('conceal: the values of what is named like a secret', async (t) => {
  const cases: [string[], string[]][] = [
    [['prog', '--password=x', '-v'], ['prog', '--password=***', '-v']],
    [['prog', '--password', 'x', 'y'], ['prog', '--password', '***', 'y']],
    [['prog', '-passphrase', '-v'], ['prog', '-passphrase', '-v']],
    [['env', 'DB_PASSWORD=x', 'API_KEY=y', 'HOME=/root', 'prog'], ['env', 'DB_PASSWORD=***', 'API_KEY=***', 'HOME=/root', 'prog']],
    [['curl', '-H', 'Authorization: Bearer x', 'https://bob:secret@example.org/a?token=t&x=1'], ['curl', '-H', 'Authorization: ***', 'https://bob:***@example.org/a?token=***&x=1']],
    [['sh', '-c', 'exec prog PGPASSWORD=hunter2 x'], ['sh', '-c', 'exec prog PGPASSWORD=*** x']],
    [['fetchmail', '-f', 'fetchmail.conf', '--keyboard', 'us'], ['fetchmail', '-f', 'fetchmail.conf', '--keyboard', 'us']],
    [['password', 'x'], ['password', 'x']],
  ]
  for (const [args, shown] of cases) t.same(conceal(args), shown)
})

t.test('conceal: no argument is lost, and none that follows --token= is left', async () => {
  const names = fc.constantFrom('--token', '--client-secret', 'MYSQL_PASSWORD', '--api-key')
  fc.assert(
    fc.property(fc.array(fc.string()), names, fc.stringMatching(/^[a-z0-9]{8,20}$/), (args, name, secret) => {
      const shown = conceal(['prog', ...args, `${name}=${secret}`])
      return shown.length === args.length + 2 && !shown.at(-1)!.includes(secret)
    }),
  )
})
