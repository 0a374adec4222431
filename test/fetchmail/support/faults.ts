/** What can go wrong, made for real. docs/fetchmail-faults.md is this table with what the doctor says. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { writeProgram } from '../../support/tree.ts'
import { until } from '../../support/until.ts'
import type { Clinic, Patient } from './clinic.ts'

export interface Fault {
  name: string
  /** What the doctor has to name first. Undefined: the service copes by itself, and all is well. */
  cause: RegExp | undefined
  /** The words of install after --template; undefined: pop3s. */
  template?: readonly string[]
  /** Does the harm, and starts the service if it is to run. Returns what undoes more than the service's own. */
  make: (patient: Patient, clinic: Clinic) => Promise<(() => unknown) | void>
  /** The cures, run as they are printed, leave it healthy. */
  cures?: boolean
}

const running = (harm: (patient: Patient) => void) => async (patient: Patient): Promise<void> => {
  harm(patient)
  patient.start()
}

/** The service runs well, and then. */
const later = (harm: (patient: Patient, clinic: Clinic) => Promise<(() => unknown) | void> | void) => async (patient: Patient, clinic: Clinic): Promise<(() => unknown) | void> => {
  patient.start()
  await patient.sleeps()
  return await harm(patient, clinic)
}

/** The harm is there from the start, and run finds it. */
const refusing = (harm: (patient: Patient) => void) => async (patient: Patient): Promise<void> => {
  harm(patient)
  patient.start()
  await patient.givesUp()
}

/** A server in the machine, until the test ends: what it does with a connection, in JavaScript. */
async function serve(clinic: Clinic, port: number, connection: string): Promise<() => void> {
  const server = clinic.machine.start(process.execPath, '-e', `require('net').createServer((s) => { s.on('error', () => {}); ${connection} }).listen(${port}, '127.0.0.1')`)
  await clinic.machine.listening(port, server)
  return () => server.signal('SIGKILL')
}

async function fill(clinic: Clinic, folder: string): Promise<() => Promise<unknown>> {
  const { machine } = clinic
  const owner = fs.statSync(folder)
  await machine.run('mount', '-t', 'tmpfs', '-o', `size=256k,mode=700,uid=${owner.uid},gid=${owner.gid}`, 'tmpfs', folder)
  await machine.run('sh', '-c', 'dd if=/dev/zero of="$1/rubbish" bs=4k', 'sh', folder)
  return () => machine.run('umount', '-l', folder)
}

export const faults: readonly Fault[] = [
  { name: 'fetchmail is not installed', cause: /^fetchmail is not installed$/, make: later(async (_, { machine }) => {
    await machine.run('mount', '--bind', '/dev/null', '/usr/bin/fetchmail')
    return () => machine.run('umount', '/usr/bin/fetchmail')
  }) },
  { name: 'the account fetchmail is missing', cause: /^there is no account fetchmail$/, make: async (patient, { machine }) => {
    const path = join(machine.folder, 'passwd')
    const before = fs.readFileSync(path, 'utf8')
    fs.writeFileSync(path, before.replace(/^fetchmail:.*\n/m, ''))
    patient.start()
    await patient.givesUp()
    return () => fs.writeFileSync(path, before)
  } },
  { name: 'the account multilog is missing', cause: /^there is no account multilog$/, make: async (patient, { machine }) => {
    const path = join(machine.folder, 'passwd')
    const before = fs.readFileSync(path, 'utf8')
    fs.writeFileSync(path, before.replace(/^multilog:.*\n/m, ''))
    patient.start()
    return () => fs.writeFileSync(path, before)
  } },
  { name: 'fetchmail.conf has mode 0644', cause: /^fetchmail\.conf is open to others \(mode 0644\)/, cures: true, make: refusing((patient) => fs.chmodSync(patient.at('fetchmail.conf'), 0o644)) },
  { name: 'fetchmail.conf belongs to root', cause: /^fetchmail\.conf does not belong to fetchmail/, cures: true, make: refusing((patient) => fs.chownSync(patient.at('fetchmail.conf'), 0, 0)) },
  { name: 'fetchmail.conf is empty', cause: /^fetchmail\.conf is empty$/, make: refusing((patient) => fs.truncateSync(patient.at('fetchmail.conf'))) },
  { name: 'a syntax error in fetchmail.conf', cause: /^fetchmail\.conf, line \d+: syntax error at protto$/, make: refusing((patient) => patient.edit('proto', 'protto')) },
  { name: 'no password in fetchmail.conf', cause: /^there is no password for example at pop\.example\.net$/, make: refusing((patient) => patient.edit(' with password "woolybooly"', '')) },
  { name: 'IDLE for two mailboxes', cause: /^fetchmail refuses its configuration: Error: idle mode does not work for multiple folders or accounts!$/, template: ['imap-idle', '--recipient', 'alice'], make: refusing((patient) => fs.appendFileSync(patient.at('fetchmail.conf'), 'poll imap.example.net proto imap user "b" password "c" idle\n')) },
  { name: 'set syslog in fetchmail.conf', cause: /^`set syslog` sends all/, make: running((patient) => patient.edit('set no bouncemail', 'set no bouncemail\nset syslog')) },
  { name: 'INTERVAL is 0', cause: /^env\/INTERVAL is 0: fetchmail would poll once and end/, cures: true, make: refusing((patient) => fs.writeFileSync(patient.at('env/INTERVAL'), '0\n')) },
  { name: 'INTERVAL is junk', cause: /^env\/INTERVAL is no whole number of seconds: "5 minutes"$/, cures: true, make: refusing((patient) => fs.writeFileSync(patient.at('env/INTERVAL'), '5 minutes\n')) },
  { name: 'run has no x bit', cause: /^run may not be executed \(mode 0644\)$/, cures: true, make: refusing((patient) => fs.chmodSync(patient.at('run'), 0o644)) },
  { name: "fetchmail's home is missing", cause: /^the directory pid, fetchmail's home, is missing$/, cures: true, make: refusing((patient) => fs.rmSync(patient.at('pid'), { recursive: true })) },
  { name: "fetchmail's home belongs to root", cause: /^the directory pid does not belong to fetchmail/, cures: true, make: refusing((patient) => fs.chownSync(patient.at('pid'), 0, 0)) },
  { name: '.fetchids belongs to root', cause: /^pid\/\.fetchids does not belong to fetchmail alone/, cures: true, make: refusing((patient) => {
    fs.writeFileSync(patient.at('pid/.fetchids'), '', { mode: 0o600 })
    patient.edit('nodns', 'nodns uidl')
  }) },
  { name: 'a stale lock that names a dead process', cause: undefined, make: async (patient) => {
    fs.writeFileSync(patient.at('pid/fetchmail.pid'), '4194305\n551\n')
    patient.start()
    await patient.sleeps()
  } },
  { name: 'a stale lock that names a living process of the same account', cause: undefined, make: async (patient, { machine }) => {
    const innocent = machine.start('setpriv', '--reuid=fetchmail', '--clear-groups', 'sleep', '600')
    await until('it runs', () => fs.readFileSync(`/proc/${innocent.pid}/comm`, 'utf8') === 'sleep\n')
    fs.writeFileSync(patient.at('pid/fetchmail.pid'), `${innocent.pid}\n551\n`)
    patient.start()
    await patient.sleeps()
    return () => innocent.signal('SIGKILL')
  } },
  { name: 'another fetchmail of the same service, started by hand', cause: /^another fetchmail, process \d+, has the lock of .*, and no supervise knows it$/, cures: true, make: async (patient, { machine }) => {
    const home = patient.at('pid')
    const byHand = machine.start('sh', '-c', 'cd "$1" && exec env HOME="$2" FETCHMAILHOME="$2" setpriv --reuid=fetchmail --clear-groups fetchmail -f ./fetchmail.conf --nodetach --daemon 551', 'sh', patient.directory, home)
    await until('it has the lock', () => fs.existsSync(home + '/fetchmail.pid'), () => byHand.stderr)
    patient.start()
    await patient.givesUp()
    return () => byHand.signal('SIGKILL')
  } },
  { name: "the disk of fetchmail's home is full", cause: /^the disk is full: .*\/pid$/, make: async (patient, clinic) => {
    const clear = await fill(clinic, patient.at('pid'))
    patient.start()
    return clear
  } },
  { name: 'the disk of the log is full', cause: /^the disk is full: .*\/multilog\/fetchmail$/, make: async (patient, clinic) => {
    const clear = await fill(clinic, patient.log)
    patient.start()
    return clear
  } },
  { name: 'the log belongs to root', cause: /^multilog cannot write .*\/multilog\/fetchmail: it is not its own$/, cures: true, make: running((patient) => fs.chownSync(patient.log, 0, 0)) },
  { name: 'nobody supervises it', cause: /^nobody supervises /, make: async () => {} },
  { name: 'down, as svc -d left it', cause: /^the service is down, as it was told to be$/, cures: true, make: later(async (patient, { machine }) => {
    fs.writeFileSync(patient.at('supervise/control'), 'd')
    await until('it is down', () => patient.pid === 0)
    void machine
  }) },
  { name: 'a run that ends at once, again and again', cause: /^run ends again and again, and is started again each time; the last end was exit code 7$/, make: async (patient) => {
    writeProgram(patient.at('run'), '#!/bin/sh\nexec 2>&1\necho "*** Starting fetchmail service..."\nexit 7\n')
    patient.start()
    await patient.logged(/(Starting[^]*){3}/)
  } },
  { name: 'a wrong password', cause: /^pop\.example\.net refuses the password of example$/, make: running((patient) => patient.edit('woolybooly', 'guess')) },
  { name: 'an unknown host', cause: /^there is no host pop\.nosuch\.invalid, or no name server answers$/, make: running((patient) => patient.edit('pop.example.net', 'pop.nosuch.invalid')) },
  { name: 'the server refuses the connection', cause: /^nobody listens at pop\.example\.net port 2995: connection refused$/, template: ['pop3s', '--port', '2995'], make: running(() => {}) },
  { name: 'a server that accepts and says nothing', cause: /^pop\.example\.net port 2110 accepts the connection and says nothing$/, template: ['apop', '--port', '2110'], make: async (patient, clinic) => {
    const end = await serve(clinic, 2110, '')
    patient.start()
    return end
  } },
  { name: 'a server without APOP', cause: /^pop\.example\.net has no APOP: its greeting holds no timestamp$/, template: ['apop', '--port', '2111'], make: async (patient, clinic) => {
    const end = await serve(clinic, 2111, "s.write('+OK ready\\r\\n'); s.on('data', () => s.end('+OK\\r\\n'))")
    patient.start()
    return end
  } },
  { name: 'TLS with a port that speaks none', cause: /^pop\.example\.net: ssl is for port 995 or 993, and this is 110$/, template: ['pop3s', '--port', '110'], make: running(() => {}) },
  { name: 'no TLS with a port that speaks nothing else', cause: /^pop\.example\.net: port 995 speaks TLS from the first byte/, make: running((patient) => patient.edit(/ ssl sslcertck sslcertfile "[^"]*"/, '')) },
  { name: 'an expired certificate', cause: /^the certificate of expired\.example\.net port 995 has expired/, template: ['pop3s', '--server', 'expired.example.net'], make: running(() => {}) },
  { name: 'a self-signed certificate', cause: /^the certificate of selfsigned\.example\.net port 995 is self-signed/, template: ['pop3s', '--server', 'selfsigned.example.net'], make: running(() => {}) },
  { name: 'a certificate for another host', cause: /^the certificate of other\.example\.net port 995 is for another name than other\.example\.net: Server CommonName mismatch/, template: ['pop3s', '--server', 'other.example.net'], make: running(() => {}) },
  { name: 'a certificate by an unknown authority', cause: /^the certificate of pop\.example\.net port 995 is by an authority that this machine does not know/, make: running((patient) => patient.edit(/ sslcertfile "[^"]*"/, '')) },
  { name: 'the mailbox is locked by another session, and the server waits', cause: /^another session has the mailbox of reader at pop\.example\.net locked/, template: ['pop3s', '--user', 'reader'], make: async (patient, clinic) => {
    const reader = clinic.machine.start(process.execPath, '-e', "const s = require('net').connect(110, '127.0.0.1', () => s.write('USER reader\\r\\nPASS woolybooly\\r\\nSTAT\\r\\n')); s.pipe(process.stdout)")
    await until('it has the mailbox', () => /\+OK \d+ \d+/.test(reader.stdout), () => reader.stdout + reader.stderr)
    patient.start()
    return () => reader.signal('SIGKILL')
  } },
  { name: 'the mailbox is locked by another session, and the server says so', cause: /^another session has the mailbox of example at pop\.example\.net locked/, template: ['apop', '--port', '2112'], make: async (patient, clinic) => {
    const end = await serve(clinic, 2112, "s.write('+OK <1.2@pop>\\r\\n'); s.on('data', (b) => /^APOP/.test(b) ? s.write('-ERR [IN-USE] maildrop already locked\\r\\n') : s.end('+OK\\r\\n'))")
    patient.start()
    return end
  } },
  { name: 'no mail server here', cause: /^no mail server answers at localhost port 2525: connection refused/, template: ['pop3s', '--smtp', 'localhost/2525'], make: running(() => {}) },
  { name: 'our mail server refuses the recipient', cause: /^our mail server at localhost port 25 refuses nobodyhere@example\.com: 550 /, template: ['pop3s-keep', '--recipient', 'nobodyhere'], make: running(() => {}) },
  { name: 'our mail server refuses the postmaster', cause: /^our mail server at localhost port 25 refuses the postmaster webmaster@example\.com: 550 /, template: ['pop3s', '--postmaster', 'webmaster@example.com'], make: running(() => {}) },
  { name: 'the Maildir cannot be written', cause: /^of the last round's mail \d+ could not be delivered: MDA returned nonzero status/, template: ['maildir', '--user', 'second'], make: async (patient) => {
    fs.rmdirSync(patient.at('Maildir'))
    fs.writeFileSync(patient.at('Maildir'), '')
    patient.start()
    await patient.sleeps()
  } },
]
