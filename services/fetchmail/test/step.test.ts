import t from 'tap'
import { complaint, shellCommand, type Step } from '../src/step.ts'

t.test('each step has its shell command and its complaint', async (t) => {
  const cases: [Step, string, string][] = [
    [{ do: 'add group', group: 'g' }, 'groupadd --system g', 'unable to add group g'],
    [{ do: 'make directory', path: '/a b', mode: 0o700 }, "mkdir -m 0700 '/a b'", 'unable to create /a b'],
    [{ do: 'give', path: '/a', account: 'u' }, 'chown u: /a', 'unable to change owner of /a'],
    [{ do: 'write', path: '/a', mode: 0o600, content: 'x\n', source: '/s' }, 'install -m 0600 /s /a', 'unable to create /a'],
    [{ do: 'write', path: '/a', mode: 0o755, content: 'x $y\n' }, "cat >/a <<'EOF'\nx $y\nEOF\nchmod 0755 /a", 'unable to create /a'],
    [{ do: 'keep', path: '/a', as: '/a.old' }, 'ln /a /a.old', 'unable to keep /a as /a.old'],
    [{ do: 'replace', path: '/a', by: '/b' }, 'mv -f /b /a', 'unable to replace /a'],
    [{ do: 'create', path: '/a', from: '/b' }, 'ln /b /a && rm /b', 'unable to create /a'],
    [{ do: 'link', path: '/a', target: '/t' }, 'ln -s /t /a', 'unable to link /a to /t'],
    [{ do: 'unlink', path: '/a' }, 'rm /a', 'unable to remove /a'],
    [{ do: 'stop', directories: ['/a', '/a/log'] }, 'svc -dx /a /a/log', 'unable to stop the service'],
  ]
  for (const [step, command, words] of cases) {
    t.equal(shellCommand(step), command)
    t.equal(complaint(step), words)
  }
})
