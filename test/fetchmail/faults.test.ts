/**
 * The doctor, at services that have something wrong with them: dovecot, OpenSMTPD, fetchmail and servers of our own on loopback. What it says is
 * docs/fetchmail-faults.md; FAULTS=write writes that page.
 *
 * Not made: a hanging name server, a machine without /proc, exim's and postfix's own refusals.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixture, ours, unlessAble } from '../support/implementation.ts'
import { unlessEquipped } from './support/able.ts'
import { makeCertificates } from './support/certificates.ts'
import { Clinic, type Finding, type Patient } from './support/clinic.ts'
import { type Fault, faults } from './support/faults.ts'
import { Machine } from './support/machine.ts'
import { PostOffice } from './support/post-office.ts'
import { Provider } from './support/provider.ts'

const { skip } = unlessEquipped()
const able = skip === false ? unlessAble({ ours: ['svscan', 'svc', 'setuidgid', 'fetchmail-service'], files: ['/usr/bin/openssl', '/usr/lib/dovecot/imap'] }) : { skip }
const page = fixture('../../docs/fetchmail-faults.md')
const accounts = { passwd: ['multilog:x:64992:64991::/homeless:/usr/sbin/nologin'], group: ['nofiles:x:64991:'] }

t.setTimeout(580_000)
t.test('fetchmail-service doctor names the cause and the cure', { ...able, timeout: 580_000 }, async (t) => {
  const machine = await Machine.create(t, accounts)
  const certificates = makeCertificates(join(machine.folder, 'certificates'))
  const [provider] = await Promise.all([
    Provider.open(machine, { example: 'woolybooly', reader: 'woolybooly', second: 'woolybooly' }, certificates),
    PostOffice.open(machine, ['alice', 'carol', 'postmaster']),
  ])
  provider.receive('second', { subject: 'kept', to: 'alice@example.com' })
  const clinic = new Clinic(machine, certificates)

  await t.test('of a service that is well it says so', async (t) => {
    const patient = await clinic.admit('well')
    patient.start()
    await patient.sleeps()
    t.strictSame(await patient.doctor(), { code: 0, healthy: true, findings: [], service: patient.directory, unasked: null } as object)
    t.match(await patient.command('doctor'), { code: 0, stdout: 'all is well\n', stderr: '' })
    await patient.stop()
  })

  const rows: string[][] = []
  for (const [number, fault] of faults.entries()) {
    await t.test(fault.name, async (t) => {
      const [template, ...words] = fault.template ?? ['pop3s']
      const patient = await clinic.admit(`fault-${number}`, template, ...words)
      const undo = await fault.make(patient, clinic)
      try {
        const { code, healthy, findings } = await patient.doctor()
        rows.push([fault.name, ...rowOf(patient, findings[0])])
        if (fault.cause === undefined) return void t.strictSame({ code, healthy, findings }, { code: 0, healthy: true, findings: [] })
        if (!t.match(findings[0], { level: 'problem', cause: fault.cause }, JSON.stringify(findings))) t.comment(fs.readFileSync(join(patient.log, 'current'), 'latin1').slice(-3000))
        t.equal(code, 1)
        t.notMatch(JSON.stringify(findings), /woolybooly/)
        if (fault.cures === true) await cure(patient, fault, findings)
      } finally {
        await undo?.()
        if (fs.existsSync(patient.at('supervise/ok'))) await patient.stop()
      }

      async function cure(patient: Patient, { name }: Fault, findings: readonly Finding[]): Promise<void> {
        for (const { cure } of findings.filter(({ level }) => level === 'problem')) {
          // a cure of one problem may have been that of another
          await machine.run('sh', '-c', `PATH=${ours.folder}:$PATH; ${cure}`)
        }
        await patient.sleeps()
        t.match(await patient.doctor(), { code: 0, healthy: true }, `the cures of "${name}" work as they are printed`)
      }
    })
  }

  await t.test('docs/fetchmail-faults.md says the same', async (t) => {
    const text = pageOf(rows)
    if (process.env['FAULTS'] === 'write') fs.writeFileSync(page, text)
    t.equal(fs.readFileSync(page, 'utf8'), text)
  })
})

/** What the doctor says, as on a machine of its own. */
function rowOf(patient: Patient, finding: Finding | undefined): [cause: string, cure: string] {
  const plain = (text: string): string =>
    text.replaceAll(` --root ${patient.root}`, '').replaceAll(patient.root, '').replace(/process \d+/, 'process PID').replace(/kill \d+/, 'kill PID').replace(/systemctl start \w+/, 'systemctl start opensmtpd')
  return finding === undefined ? ['nothing: the service copes by itself', ''] : [plain(finding.cause), plain(finding.cure)]
}

function pageOf(rows: readonly (readonly string[])[]): string {
  const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``)
  return `# Faults, and what the doctor says

Each of these ${rows.length} faults was made on purpose, with fetchmail, dovecot and OpenSMTPD on the loopback interface, and \`fetchmail-service doctor\` named it (or the service
coped, as the table says): this is the first line of what it printed, and the cure below it. test/fetchmail/faults.test.ts does it all again and compares this page; it writes it with
\`FAULTS=write npm test -- fetchmail/faults\`.

| what is wrong | the doctor's cause | its cure |
|---|---|---|
${rows.map(([name, cause, cure]) => `| ${name} | ${cause!.replaceAll('|', '\\|')} | ${code(cure!)} |\n`).join('')}`
}
