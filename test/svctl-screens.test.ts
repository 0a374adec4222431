/**
 * svctl's screens in a real terminal, at 80 and at 200 columns, beside those that are recorded in test/screens/. What differs from one run to the
 * next (times, process numbers, sizes) is N there, and colours are words. UPDATE_SCREENS=1 records them anew: look at what has changed.
 *
 * Not tested: how a terminal shows them.
 */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn } from 'node-pty'
import t from 'tap'
import { forever, House } from './support/house.ts'
import { ours, unlessAble } from './support/implementation.ts'
import { readRecord } from './support/status.ts'
import { writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const recorded = join(dirname(fileURLToPath(import.meta.url)), '../screens')
const logged = '#!/bin/sh\nexec multilog t ./main\n'

/** Services in each state, none of which changes while it is looked at. Links are relative, so that no name on a screen is of this run. */
function furnish(house: House): void {
  const make = (name: string, service: Parameters<House['make']>[1]): string => {
    fs.symlinkSync(`../var/${name}`, house.dir(name))
    return house.make(name, service)
  }
  const web = make('web', { log: logged })
  writeProgram(join(web, 'run'), '#!/bin/sh\nexec 2>&1\necho "listening on a line that is much too long for a terminal of eighty columns, and is cut where that ends"\nsleep 100000 &\nexec sh -c "wait; sleep 100000" web --password=x\n')
  writeProgram(join(web, 'finish'), '#!/bin/sh\n')
  fs.writeFileSync(join(web, 'timeout-kill'), '5000\n')
  // Each pause is twice as long: the loop stands still for seconds.
  const mail = make('mail', { run: '#!/bin/sh\nexec 2>&1\necho cannot open the mailbox\nexit 3\n', log: logged })
  fs.writeFileSync(join(mail, 'restart-delay'), '500 86400000')
  const gaveUp = make('gaveup', { run: '#!/bin/sh\nexit 9\n' })
  writeProgram(join(gaveUp, 'finish'), '#!/bin/sh\necho "wrong password for bob - edit fetchmail.conf" >supervise/reason\nexit 125\n')
  make('a-service-with-quite-a-long-name', { run: forever, down: true })
  make('paused', { run: forever })
  fs.symlinkSync('../var/nowhere', house.dir('dangling'))
}

t.test('svctl\'s screens are those that are recorded', unlessAble({ ours: ['svctl', 'svscan', 'svc', 'multilog'] }), async (t) => {
  const house = new House(t, ours, furnish)
  await house.up('web', 'paused', 'mail/log')
  const record = (name: string) => readRecord<{ restarts: number; failed: boolean; paused: boolean; nextStart: string | null }>(house.dir(name))
  await show(house, 200, ['pause', 'paused'])
  await until('it is paused', () => record('paused')?.paused)
  await until('it has given up', () => record('gaveup')?.failed)
  await until('the log has a line', () => house.lines('web/log/main/current').length === 1)
  await until('the loop has been slowed', () => record('mail')!.restarts >= 4 && record('mail')!.nextStart !== null)
  const screens: [name: string, columns: number, args: string[]][] = [
    ['ls-80', 80, []],
    ['ls-200', 200, ['ls']],
    ['ls-plain-200', 200, ['ls', '--no-color']],
    ['status-mail-80', 80, ['status', 'mail', '-n', '1']],
    ['why-80', 80, ['why', 'mail', 'gaveup', 'paused', 'dangling']],
    ['why-200', 200, ['why', 'mail', 'gaveup', 'paused', 'dangling']],
  ]
  // At once: the next end of the loop is seconds away.
  const shown = await Promise.all([...screens, ['status-web-80', 80, ['status', 'web']] as const, ['status-web-200', 200, ['status', 'web']] as const].map(async ([name, columns, args]) => ({ name, columns, screen: await show(house, columns, [...args]) })))
  for (const { name, columns, screen } of shown) {
    for (const line of screen.split('\n')) {
      const isCommand = /^ {2}try: /.test(plain(line))
      if (!isCommand) t.ok(plain(line).length <= columns, `${name}: ${line}`)
    }
    compare(t, name, normalize(screen))
  }
})

function compare(t: { equal(one: unknown, other: unknown, name: string): unknown }, name: string, screen: string): void {
  const file = join(recorded, `${name}.txt`)
  if (process.env['UPDATE_SCREENS'] === '1') fs.writeFileSync(file, screen)
  t.equal(screen, fs.readFileSync(file, 'utf8'), `${name}: UPDATE_SCREENS=1 records it anew`)
}

/** What svctl prints on a terminal so wide. */
function show(house: House, columns: number, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const terminal = spawn(`${ours.folder}/svctl`, args, { cols: columns, rows: 50, cwd: join(house.folder, '..'), env: { PATH: '/usr/bin:/bin', TERM: 'xterm', SVCTL_ROOT: 'service', TZ: 'UTC' } })
    house.t.teardown(() => terminal.kill('SIGKILL'))
    let screen = ''
    terminal.onData((text) => void (screen += text))
    terminal.onExit(() => resolve(screen.replaceAll('\r\n', '\n')))
  })
}

/** What differs between two runs becomes N, with the blanks that its width has brought. */
function normalize(screen: string): string {
  return screen
    .replaceAll(/\x1b\[(\d+)m/g, (_, code: string) => ({ 0: '</>', 1: '<bold>', 2: '<dim>', 31: '<red>', 32: '<green>', 33: '<yellow>' })[code] ?? '<?>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?/g, 'TIME')
    .replaceAll(/(?<!exited |exit )\b\d+(\.\d+)?(?=[%KMs,) ]|m\b|$)/gm, 'N')
    .replaceAll(/^( {2,9}[│├└ ]*)\d+ /gm, '$1N ')
    .replaceAll(/ {2,}/g, '  ')
}

function plain(line: string): string {
  return line.replaceAll(/\x1b\[\d+m/g, '')
}
