import t from 'tap'
import { type Details, statusScreen } from '../src/statusscreen.ts'
import { widthOf } from '../src/text.ts'
import { mail, now, service, web } from './model.ts'

const details = (changes: Partial<Details>): Details => ({ service: web, now, target: undefined, tree: [], files: [], tail: [], noTail: undefined, ...changes })
const localText = (milliseconds: number, digits = 0): string => new Date(milliseconds).toISOString().replace('T', ' ').slice(0, digits === 0 ? 19 : 20 + digits)
const view = { width: 100, color: false, localText }

t.test('statusScreen: a service that is well', async (t) => {
  const tree = ['812 httpd -f', '└─ 820 worker']
  const screen = statusScreen(details({ target: '/var/svc.d/web', tree, files: ['finish', 'timeout-kill 5000'], tail: [{ at: now - 1000, text: 'hello' }, { at: undefined, text: 'no label' }] }), view)
  t.same(screen, [
    'web: up, wanted up',
    '  directory: /service/web -> /var/svc.d/web',
    '   up since: 2026-11-27 17:00:00 (1h ago)',
    '   restarts: 0',
    '      files: finish, timeout-kill 5000',
    '      takes: 1 process, CPU 0.4%, memory 4.8M',
    '  processes: 812 httpd -f',
    '             └─ 820 worker',
    '        log: /var/multilog/web, logger up (pid 811), last line 1s ago',
    '',
    '2026-11-27 17:59:59.000 hello',
    'no label',
  ])
})

t.test('statusScreen: a service in trouble, with its cause', async (t) => {
  t.same(statusScreen(details({ service: mail, noTail: 'nothing is in /var/multilog/mail/current, or it is closed to you' }), view), [
    'mail: waiting, wanted up',
    '  directory: /service/mail',
    ' down since: 2026-11-27 17:59:59 (0s ago)',
    '   restarts: 14',
    '  last exit: exited 3, 2026-11-27 17:59:59 (0s ago)',
    ' next start: in 12s, 2026-11-27 18:00:12',
    '        log: /var/multilog/mail, logger up (pid 813), last line 0s ago',
    '',
    'why: it ends again and again: exited 3, within a second of its start, restarted 14 times so far',
    '  try: svctl status mail',
    '',
    'nothing is in /var/multilog/mail/current, or it is closed to you',
  ])
})

t.test('statusScreen: what is not known is not said', async (t) => {
  const bare = service('x', { state: 'unsupervised', want: null, pid: null, since: null, restarts: null, usage: null, normallyUp: false })
  t.same(statusScreen(details({ service: bare }), view), ['x: unsupervised', '  directory: /service/x', '    at boot: not started: there is a file down', '        log: none: what it prints goes where svscan prints'])
})

t.test('statusScreen: no line but a command is wider than the terminal', async (t) => {
  const long = 'x'.repeat(300)
  const screen = statusScreen(details({ service: mail, target: long, tree: [long], files: [long], tail: [{ at: now, text: long }] }), { ...view, width: 60 })
  for (const line of screen) t.ok(widthOf(line) <= 60, line)
})
