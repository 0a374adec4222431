/**
 * Service directories that others made, for runit, daemontools and svscan, as Debian's packages install them or their generators write them: each is
 * run unchanged by our svscan, on a machine of its own with a loopback interface. What the administrator adds is in `furnish`.
 *
 * Not tested: what the services do for their clients; bcron (it excludes cron), tinydyndns-conf (it wants djbdns' own tinydns-conf, which Debian lacks).
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Machine } from '../fetchmail/support/machine.ts'
import { ours, unlessAble } from '../support/implementation.ts'
import { isAlive, type Process } from '../support/process.ts'
import { until } from '../support/until.ts'

interface Client {
  /** The service's name. */
  name: string
  /** The Debian package, and a file of it. */
  from: string
  file: string
  /** In place of /etc/sv/NAME: run by sh as NAME, with the folder for service directories as $1 and that for logs as $2. */
  generator?: string
  /** What is in its log once it is up. Svlogd's file is /var/log/runit/NAME/current if nothing else is said. */
  says: RegExp
  log?: string
  /** Who takes svc -h for an order, and goes on. Svlogd does, multilog ends. */
  hears?: 'service' | 'logger'
}

const clients: readonly Client[] = [
  { name: 'tinydns', from: 'tinydns', file: '/etc/sv/tinydns/run', says: /starting tinydns/ },
  { name: 'dnscache', from: 'dnscache', file: '/etc/sv/dnscache/run', says: /starting/ },
  { name: 'axfrdns', from: 'axfrdns', file: '/etc/sv/axfrdns/run', says: /tcpserver: status: 0\// },
  { name: 'rbldns', from: 'rbldns', file: '/etc/sv/rbldns/run', says: /starting rbldns/ },
  { name: 'walldns', from: 'walldns', file: '/etc/sv/walldns/run', says: /starting walldns/ },
  { name: 'git-daemon', from: 'git-daemon-run', file: '/etc/sv/git-daemon/run', says: /Ready to rumble/, log: '/var/log/git-daemon/current' },
  { name: 'mini-httpd', from: 'mini-httpd-run', file: '/etc/sv/mini-httpd/run', says: /logfile is not within the chroot tree/ },
  { name: 'socklog-inet', from: 'socklog', file: '/usr/sbin/socklog-conf', generator: 'socklog-conf inet nobody nobody "$1" "$2/socklog-inet"', says: /listening on 0\.0\.0\.0:514/, log: '/var/log/socklog-inet/main/current' },
  { name: 'chatter', from: 'svtools', file: '/usr/sbin/svsetup', generator: 'SVDIR="$1" svsetup -u nobody -l nobody -e "$1/chatter" -L "$2/chatter" CREATE chatter', says: /^@[0-9a-f]{24} chatter runs$/m, log: '/var/log/chatter/current', hears: 'service' },
]

/** Its folder has the machine's /etc/sv (a copy), /etc/default, /var/log and /run. */
const furnish = `
set -e
cd "$1"
cp -a /etc/sv sv; mkdir -p default log run/runit/supervise bin service; chmod 755 . bin log
cp /etc/default/runit /etc/default/mini-httpd default 2>/dev/null || true
for name in $(ls sv); do mkdir -p run/runit/supervise/$name run/runit/supervise/$name.log log/runit/$name; done
chmod 755 log/runit
# Debian leaves the addresses to the administrator.
address() { echo "IP=$2 ROOT=/etc/sv/$1/root BASE=example.net DATALIMIT=4000000 CACHESIZE=1000000 IPSEND=0.0.0.0" >default/$1; }
address tinydns 127.0.0.1; address axfrdns 127.0.0.1; address dnscache 127.0.0.2; address rbldns 127.0.0.3; address walldns 127.0.0.4
sed -i 's,/etc/sv/axfrdns/root,/etc/sv/tinydns/root,' default/axfrdns
mkdir -p sv/walldns/root
for bind in sv:/etc/sv default:/etc/default log:/var/log run:/run; do mkdir -p "\${bind#*:}"; mount --bind "\${bind%%:*}" "\${bind#*:}"; done
# Debian's invoke-run would first stop the same service of sysvinit, by means of one more package.
mount -t tmpfs tmpfs /etc/init.d
# Otherwise the services of packages are forbidden to start on a machine that forbids it while it installs them.
[ ! -e /usr/sbin/policy-rc.d ] || mount --bind /dev/null /usr/sbin/policy-rc.d
[ ! -d sv/axfrdns ] || (cd sv/axfrdns; tcprules tcp.cdb tcp.tmp <tcp)
[ ! -d sv/tinydns ] || (cd sv/tinydns/root; echo '.example.net:127.0.0.1:a' >data; tinydns-data)
[ ! -d sv/rbldns ] || (cd sv/rbldns/root; echo ':127.0.0.2:see example.net' >data; rbldns-data)
printf '#!/bin/sh\\ntrap : HUP\\necho chatter runs\\nwhile :; do sleep 1000 & wait; done\\n' >bin/chatter; chmod 755 bin/chatter
`

class House {
  readonly machine: Machine
  readonly svscan: Process
  readonly path: string

  static async create(t: Test): Promise<House> {
    const machine = await Machine.create(t, { passwd: [], group: [] })
    const { code, stderr } = await machine.run('sh', '-c', furnish, 'sh', machine.folder)
    if (code !== 0) throw new Error(`not furnished: ${stderr}`)
    return new House(machine)
  }

  private constructor(machine: Machine) {
    this.machine = machine
    this.path = `PATH=${ours.folder}:${machine.folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin`
    this.svscan = machine.start('env', '-i', this.path, `${ours.folder}/svscan`, join(machine.folder, 'service'))
  }

  link(name: string): string {
    return join(this.machine.folder, 'service', name)
  }

  run(...argv: string[]) {
    return this.machine.run('env', this.path, ...argv)
  }

  async svstat(...dirs: string[]): Promise<string> {
    return (await this.run('svstat', ...dirs)).stdout
  }

  /** Until svstat's line for the directory matches; gives what is in its parentheses. */
  async stat(dir: string, wanted: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const line = await this.svstat(dir)
      const match = line.startsWith(`${dir}: `) && wanted.exec(line.slice(dir.length + 2))
      if (match) return match
      seen.last = `${line}${this.svscan.stderr}`
    }
  }

  log(path: string): string {
    return readText(join(this.machine.folder, 'log', path.replace('/var/log/', '')))
  }
}

/** For the message when a test runs out of time. */
const seen = { last: '' }
const up = /^up \(pid (\d+)\) \d+ seconds\n$/
const down = /^down \d+ seconds, normally up\n$/

t.test('service directories of others', { ...able() }, async (t) => {
  const house = await House.create(t)
  t.teardown(() => t.passing() || t.comment(seen.last))
  await until('svscan is at work', () => house.svscan.running)
  const present = clients.filter(({ file }) => fs.existsSync(file))
  for (const client of present) await install(house, client)
  t.jobs = 3
  for (const client of clients) {
    const skip = present.includes(client) ? false : `needs ${client.file}: apt-get install ${client.from}`
    t.test(`${client.name} of ${client.from}: runs, logs, is controlled, is removed`, { skip }, (t) => lead(t, house, client))
  }
})

async function install(house: House, { name, generator }: Client): Promise<void> {
  const { folder } = house.machine
  if (generator !== undefined) {
    const { code, stderr } = await house.run('sh', '-c', generator, name, '/etc/sv', '/var/log')
    if (code !== 0) throw new Error(`${name}: ${stderr}`)
  }
  fs.symlinkSync(`/etc/sv/${name}`, join(folder, 'service', name))
}

/** One service's life. */
async function lead(t: Test, house: House, { name, log = `/var/log/runit/${name}/current`, says, hears = 'logger' }: Client): Promise<void> {
  const dir = house.link(name)
  const heard = (): number => house.log(log).split('\n').filter((line) => says.test(line)).length
  const [, first] = await house.stat(dir, up)
  const [, logger] = await house.stat(`${dir}/log`, up)
  await until(`${name} is heard`, () => heard() > 0, () => `${house.log(log)}${house.svscan.stderr}`)

  await house.run('svc', '-h', hears === 'logger' ? `${dir}/log` : dir)
  // What it was started anew for would be another process by the time that these two letters are obeyed.
  await house.run('svc', '-pc', hears === 'logger' ? `${dir}/log` : dir)
  t.equal((await house.stat(dir, up))[1], first, '-h is no reason to end')

  const before = heard()
  await house.run('svc', '-t', dir)
  await until(`${name} has ended`, () => !isAlive(Number(first)))
  const [, second] = await house.stat(dir, up)
  t.not(second, first, 'another after -t')
  await until(`${name} is heard again`, () => heard() > before)
  t.equal((await house.stat(`${dir}/log`, up))[1], logger, 'the logger is the same')

  await house.run('svc', '-d', dir)
  await house.stat(dir, down)
  await house.run('svc', '-u', dir)
  const [, third] = await house.stat(dir, up)
  t.ok(isAlive(Number(third)), 'and another after -u')

  fs.unlinkSync(dir)
  await house.run('svc', '-dx', `/etc/sv/${name}`, `/etc/sv/${name}/log`)
  await until('all of it has ended', () => [third, logger].every((pid) => !isAlive(Number(pid))))
  for (;;) if ((await house.run('svok', `/etc/sv/${name}`)).code === 100) break
  t.equal(await house.svstat(`/etc/sv/${name}`), `/etc/sv/${name}: supervise not running\n`, 'svstat says so')
}

function able(): { skip: string | false } {
  const { skip } = unlessAble({ root: true, ours: ['svscan', 'svc', 'svok', 'svstat'], files: ['/usr/bin/chpst', '/usr/bin/svlogd', '/usr/bin/nsenter'] })
  if (skip !== false) return { skip }
  if (!clients.some(({ file }) => fs.existsSync(file))) return { skip: `needs one of ${clients.map(({ from }) => from).join(', ')}` }
  try {
    execFileSync('unshare', ['--mount', '--net', 'mount', '-t', 'tmpfs', 'tmpfs', '/var/spool'], { stdio: 'ignore' })
  } catch {
    return { skip: 'needs leave to make mount and network namespaces' }
  }
  return { skip: false }
}

function readText(path: string): string {
  return fs.existsSync(path) ? fs.readFileSync(path, 'latin1') : ''
}
