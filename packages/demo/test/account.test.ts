// Not tested: a user without an entry in /etc/passwd.
import t from 'tap'
import { fetchmailsAccount } from '../src/account.ts'

t.test('root has an account for fetchmail, anyone else is his own', async (t) => {
  const account = fetchmailsAccount()
  if (process.getuid?.() !== 0) return void t.equal(account, undefined)
  t.match(account?.name, /^(fetchmail|nobody)$/)
  t.ok((account?.uid ?? 0) > 0)
})
