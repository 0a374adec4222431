import { constants } from 'node:os'
import t from 'tap'
import { errorText } from '../src/errorstr.ts'

t.test('errorText: djb\'s words, by the numbers of this system', async (t) => {
  const { errno } = constants
  t.equal(errorText(errno.ENOENT), 'file does not exist')
  t.equal(errorText(errno.EACCES), 'access denied')
  t.equal(errorText(errno.EPERM), 'permission denied')
  t.equal(errorText(errno.EAGAIN), 'temporary failure')
  t.equal(errorText(errno.ENXIO), 'device not configured')
  t.equal(errorText(errno.ENOSPC), 'out of disk space')
  t.equal(errorText(errno.ELOOP), 'symbolic link loop')
  t.equal(errorText(errno.ENAMETOOLONG), 'file name too long')
  t.equal(errorText(errno.ETIMEDOUT), 'timed out')
  t.equal(errorText(errno.ESTALE), 'stale NFS file handle')
  t.equal(errorText(errno.EPROTO), 'protocol error')
  t.equal(errorText(errno.EOVERFLOW), 'unknown error', 'not in his table')
  t.equal(errorText(0), 'no error')
})
