/** Programs that leave the foreground. */
import { callsOf, pathIn, type Unit } from '../facts.ts'
import type { Rule } from '../finding.ts'

/** How a program is kept in the foreground; what is in `unless` keeps it there. */
interface Daemon {
  /** It goes into the background if this holds of its arguments. */
  forks(args: readonly string[]): boolean
  /** What to add or take away. */
  cure: string
}

const has = (args: readonly string[], ...wanted: string[]): boolean => args.some((arg) => wanted.some((each) => arg === each || arg.startsWith(`${each}=`)))
/** A letter among bundled short options. */
const hasLetter = (args: readonly string[], letter: string): boolean => args.some((arg) => new RegExp(`^-[A-Za-z]*${letter}`).test(arg))
const unless = (cure: string, ...words: string[]): Daemon => ({ forks: (args) => !has(args, ...words), cure: `add ${cure}` })
const unlessLetter = (...letters: string[]): Daemon => ({ forks: (args) => !letters.some((letter) => hasLetter(args, letter)), cure: `add -${letters[0]}` })
const ifWord = (...words: string[]): Daemon => ({ forks: (args) => has(args, ...words), cure: `take away ${words[0]}` })

const daemons: { [program: string]: Daemon } = {
  fetchmail: { forks: (args) => (hasLetter(args, 'd') || has(args, '--daemon')) && !has(args, '--nodetach') && !hasLetter(args, 'N'), cure: 'add --nodetach' },
  sshd: { forks: (args) => !['D', 'd', 'i', 't', 'T'].some((letter) => hasLetter(args, letter)), cure: 'add -D' },
  nginx: { forks: (args) => !args.some((arg) => /daemon\s+off/.test(arg)) && !hasLetter(args, 't'), cure: "add -g 'daemon off;'" },
  postfix: { forks: (args) => has(args, 'start'), cure: 'use start-fg in the place of start' },
  dovecot: unless('-F', '-F'),
  smtpd: unlessLetter('d', 'n', 'F'),
  named: unlessLetter('f', 'g'),
  ntpd: unlessLetter('n', 'd'),
  chronyd: unlessLetter('d', 'n', 'Q', 'q'),
  cron: unlessLetter('f'),
  crond: unlessLetter('f', 'n'),
  rsyslogd: unlessLetter('n', 'N'),
  apache2: { forks: (args) => !has(args, '-DFOREGROUND', 'FOREGROUND', '-DNO_DETACH', 'NO_DETACH') && !hasLetter(args, 'X'), cure: 'add -DFOREGROUND' },
  httpd: { forks: (args) => has(args, 'start', '-k'), cure: 'add -DFOREGROUND' },
  apachectl: { forks: (args) => has(args, 'start'), cure: 'add -DFOREGROUND' },
  'redis-server': { forks: (args) => args.some((arg, at) => arg === '--daemonize' && args[at + 1] !== 'no'), cure: 'use --daemonize no' },
  exim: { forks: (args) => has(args, '-bd'), cure: 'use -bdf in the place of -bd' },
  exim4: { forks: (args) => has(args, '-bd'), cure: 'use -bdf in the place of -bd' },
  dnsmasq: { forks: (args) => !has(args, '--keep-in-foreground', '--no-daemon') && !hasLetter(args, 'k') && !hasLetter(args, 'd'), cure: 'add --keep-in-foreground' },
  unbound: unlessLetter('d'),
  openvpn: ifWord('--daemon'),
  haproxy: { forks: (args) => has(args, '-D'), cure: 'take away -D' },
  memcached: { forks: (args) => hasLetter(args, 'd') || has(args, '--daemon'), cure: 'take away -d' },
  lighttpd: unlessLetter('D', 't'),
  'mini_httpd': unlessLetter('D'),
  thttpd: unlessLetter('D'),
  snmpd: unlessLetter('f'),
  smartd: { forks: (args) => !has(args, '-n', '--no-fork', '-d', '--debug'), cure: 'add --no-fork' },
  inetd: unlessLetter('d', 'i', 'f'),
  xinetd: { forks: (args) => !has(args, '-dontfork', '-d'), cure: 'add -dontfork' },
  'dbus-daemon': { forks: (args) => has(args, '--fork'), cure: 'use --nofork' },
  slapd: unlessLetter('d'),
  squid: unlessLetter('N'),
  avahi: ifWord('-D', '--daemonize'),
  'avahi-daemon': ifWord('-D', '--daemonize'),
  rsync: { forks: (args) => has(args, '--daemon') && !has(args, '--no-detach'), cure: 'add --no-detach' },
  gunicorn: { forks: (args) => has(args, '-D', '--daemon'), cure: 'take away --daemon' },
  uwsgi: ifWord('--daemonize', '-d'),
  'php-fpm': { forks: (args) => !has(args, '-F', '--nodaemonize', '-t') , cure: 'add -F' },
  mongod: { forks: (args) => has(args, '--fork'), cure: 'take away --fork' },
  pm2: { forks: (args) => has(args, 'start') && !has(args, '--no-daemon'), cure: 'use pm2-runtime, or run the program itself' },
  git: { forks: (args) => args[0] === 'daemon' && has(args, '--detach'), cure: 'take away --detach' },
  daemonize: { forks: () => true, cure: 'run the program itself' },
  'start-stop-daemon': { forks: (args) => has(args, '--background') || hasLetter(args, 'b'), cure: 'take away --background, or run the program itself' },
  service: { forks: () => true, cure: 'run the program itself, in the foreground' },
  systemctl: { forks: () => true, cure: 'run the program itself, in the foreground' },
}

export const daemonRules: readonly Rule<Unit>[] = [
  {
    id: 'daemonizes',
    severity: 'error',
    *check(unit) {
      for (const { script, call: { command, chain, last, isMain } } of callsOf(unit)) {
        const daemon = Object.hasOwn(daemons, last.program) ? daemons[last.program] : undefined
        if (daemon === undefined || script.name !== 'run' || !isMain || chain.some(({ program }) => program === 'fghack')) continue
        // Options may be in a variable, or come from the shell: then we do not know.
        const args = last.args.map(({ text }) => text)
        if (last.args.some(({ text, isLiteral }) => !isLiteral && /^["]?[$`]/.test(text)) || !daemon.forks(args)) continue
        yield { file: pathIn(unit, 'run'), line: command.line, what: `${last.program} puts itself into the background`, why: `run ends and is started again every second, while the first ${last.program} runs on, unsupervised: ${daemon.cure}` }
      }
    },
  },
  {
    id: 'nohup',
    severity: 'warning',
    *check(unit) {
      for (const { script, call: { command, chain } } of callsOf(unit)) {
        if (chain.some(({ program }) => program === 'nohup')) yield { file: pathIn(unit, script.name), line: command.line, what: 'nohup is in the way', why: 'there is no terminal to hang up, and svc -h does nothing any more' }
      }
    },
  },
]
