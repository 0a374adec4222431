/** The tour: its steps, one after the other. Each says what it shows, what is typed, and what must come of it. */
import { type Delivery, field } from './delivery.ts'
import { isAsleep } from './fetchmail-log.ts'
import { fetchmailConf } from './house.ts'
import type { Stage } from './stage.ts'

export interface Step {
  title: string
  /** fetchmail has to be asleep first: a USR1 during a poll is lost, and a TERM during a poll delivers that poll's messages twice. */
  asleep?: boolean
  /** What a person would type, a line each. */
  commands(stage: Stage, before: Before): readonly string[]
  /** Does what a line says; /bin/sh does it if this is not here. */
  run?(stage: Stage, command: string): Promise<string>
  /** Waits for what must come of it, and says it. Throws Error if it does not come. */
  expect(stage: Stage, before: Before, output: string): Promise<readonly string[]>
  /** What is typed then, to look at it. */
  look?: string
}

/** How things were when a step began. */
export interface Before {
  /** In milliseconds. */
  now: number
  /** fetchmail's; 0 means down. */
  pid: number
  loggerPid: number
  deliveries: readonly Delivery[]
}

export const steps: readonly Step[] = [
  {
    title: 'svscan watches a folder; two small mail servers are linked into it',
    commands: () => ['svscan service &', 'ln -s ../sv/pop3 ../sv/smtp service/'],
    run: (stage, command) => (command === 'svscan service &' ? stage.open().then(() => '') : stage.shell(command)),
    expect: async (stage, before) => {
      const pop3 = await stage.until('the POP3 server answers', () => stage.answering('pop3'))
      const smtp = await stage.until('the SMTP server answers', () => stage.answering('smtp'))
      stage.furnish(fetchmailConf({ pop3, smtp }))
      return [`Both answer ${since(before.now)} later: POP3 on port ${pop3}, SMTP on port ${smtp}.`]
    },
    look: 'svstat service/*',
  },
  {
    title: 'fetchmail is a folder with a file named run; linking it starts it',
    commands: () => ['cat sv/fetchmail/run', 'ln -s ../sv/fetchmail service/'],
    expect: async (stage) => {
      const { pid, changed } = await stage.until('fetchmail is up', () => upWithout(stage, 0))
      await stage.until('its logger is up', () => (stage.status('fetchmail/log')?.pid ?? 0) || undefined)
      const after = Math.max(0, Math.round(changed - (await stage.linkedAt('fetchmail'))))
      return [`Up ${after} ms after the link was made, with pid ${pid}.`]
    },
    look: 'svstat service/fetchmail service/fetchmail/log',
  },
  {
    title: 'Its first poll fetches three letters; each one goes to the right person',
    commands: () => [],
    expect: async (stage) => {
      await stage.until('three letters are delivered', async () => {
        const deliveries = await stage.deliveries()
        return deliveries.length >= 3 ? deliveries : undefined
      })
      const deliveries = await stage.deliveries()
      if (deliveries.length !== 3) throw new Error(`${deliveries.length} letters were delivered, not 3`)
      return ['What the provider wrote on it      What fetchmail told our mail server', ...deliveries.map(transformation)]
    },
    look: "grep -h -e ^X-Envelope -e ^Delivered-To delivered/* | head -n 3",
  },
  {
    title: 'A new letter comes; svc -1 makes fetchmail look now, not in nine minutes',
    asleep: true,
    commands: (stage) => ['cp letters/dave maildrop/.dave && mv maildrop/.dave maildrop/dave', stage.pollNow],
    expect: async (stage, before) => {
      const [delivery] = await stage.until('the new letter is delivered', async () => {
        const fresh = (await stage.deliveries()).slice(before.deliveries.length)
        return fresh.length > 0 ? fresh : undefined
      })
      const took = since(before.now)
      if (delivery === undefined) throw new Error('no letter')
      return [`Delivered ${took} later:`, transformation(delivery)]
    },
  },
  {
    title: 'svc -t ends it; it is started again at once, with a new pid',
    asleep: true,
    commands: () => ['svc -t service/fetchmail'],
    expect: async (stage, before) => {
      const { pid } = await stage.until('fetchmail is up with another pid', () => upWithout(stage, before.pid))
      return [`Was pid ${before.pid}, is pid ${pid} now.`]
    },
    look: 'svstat service/fetchmail',
  },
  {
    title: 'It is killed, as by a crash; it comes back, and its logger never noticed',
    asleep: true,
    commands: (_, before) => [`kill -9 ${before.pid}`],
    expect: async (stage, before) => {
      const { pid } = await stage.until('fetchmail is back with another pid', () => upWithout(stage, before.pid))
      const logger = stage.status('fetchmail/log')?.pid
      if (logger !== before.loggerPid) throw new Error(`the logger was pid ${before.loggerPid} and is pid ${logger}`)
      return [`Was pid ${before.pid}, is pid ${pid} now. The logger still is pid ${logger}.`]
    },
    look: 'svstat service/fetchmail service/fetchmail/log',
  },
  {
    title: 'What fetchmail said all the while is in its log',
    asleep: true,
    commands: () => ['tail -n 16 service/fetchmail/log/main/current | tai64nlocal'],
    expect: async (stage, _, output) => {
      const lines = stage.log().trimEnd().split('\n')
      const stamped = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} /
      if (!output.trimEnd().split('\n').every((line) => stamped.test(line))) throw new Error('tai64nlocal gave lines without a time')
      const starts = lines.filter((line) => line.includes('*** Starting fetchmail')).length
      if (starts !== 3) throw new Error(`the log has ${starts} starts, not 3`)
      return [`${lines.length} lines so far, of three starts.`]
    },
  },
]

/** fetchmail's status, if it is up and its pid is not that one. */
function upWithout(stage: Stage, pid: number): { pid: number; changed: number } | undefined {
  const seen = stage.status('fetchmail')
  return seen !== undefined && seen.pid !== 0 && seen.pid !== pid ? seen : undefined
}

/** Waits until a signal would be heard: the log says that it sleeps, and the kernel says that it catches USR1. */
export async function untilAsleep(stage: Stage): Promise<void> {
  await stage.until('fetchmail sleeps until its next poll', () => {
    const pid = stage.status('fetchmail')?.pid ?? 0
    return pid !== 0 && isAsleep(stage.log()) && stage.hearsUsr1(pid) ? pid : undefined
  })
}

/** The envelope before and after. Throws Error if it is not the one that fetchmail.conf asks for. */
function transformation({ to, text }: Delivery): string {
  const was = field(text, 'Delivered-To') ?? ''
  const [recipient = '', ...others] = to
  if (was !== `example-${recipient}` || others.length > 0) throw new Error(`a letter for ${was} went to ${to.join(', ')}`)
  return `${was.padEnd(35)}RCPT TO:<${recipient}>`
}

function since(milliseconds: number): string {
  return `${Date.now() - milliseconds} ms`
}
