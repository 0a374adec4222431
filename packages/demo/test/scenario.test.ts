// Each step against a stage that shows it what it wants to see, or something else. The real one is in tour.test.ts.
import t from 'tap'
import { type Before, steps, untilAsleep } from '../src/scenario.ts'
import type { Seen, Stage } from '../src/stage.ts'

const before: Before = { now: Date.now(), pid: 10, loggerPid: 20, deliveries: [] }

/** A stage on which everything has happened that is given here. */
function played(scene: Partial<Stage> & { statuses?: Record<string, Seen> }): Stage {
  return {
    open: async () => {},
    shell: async () => '',
    until: async (what, look) => {
      const seen = await look()
      if (seen === undefined) throw new Error(`${what}: it did not happen`)
      return seen
    },
    furnish: () => {},
    status: (service) => scene.statuses?.[service],
    answering: async () => 9110,
    linkedAt: async () => 1000,
    log: () => '',
    deliveries: async () => [],
    pollNow: 'svc -1 service/fetchmail',
    hearsUsr1: () => true,
    ...scene,
  }
}

function step(title: RegExp): (typeof steps)[number] {
  const found = steps.find((step) => title.test(step.title))
  if (found === undefined) throw new Error(`no step is called ${title}`)
  return found
}

function deliveryTo(name: string, recipient = `${name}@example.com`) {
  return { from: '', to: [recipient], text: `Delivered-To: example-${name}@example.com\n\n` }
}

t.test('a link brings fetchmail and its logger up', async (t) => {
  const { expect } = step(/linking it starts it/)
  const statuses = { fetchmail: { pid: 10, changed: 1009.4 }, 'fetchmail/log': { pid: 20, changed: 1010 } }
  t.same(await expect(played({ statuses }), before, ''), ['Up 9 ms after the link was made, with pid 10.'])
  await t.rejects(expect(played({ statuses: { fetchmail: { pid: 0, changed: 0 } } }), before, ''), { message: 'fetchmail is up: it did not happen' })
})

t.test('three letters go to the right people, and not to others', async (t) => {
  const { expect } = step(/fetches three letters/)
  const right = ['alice', 'bob', 'carol'].map((name) => deliveryTo(name))
  t.match((await expect(played({ deliveries: async () => right }), before, ''))[1], /^example-alice@example.com +RCPT TO:<alice@example.com>$/)
  const wrong = [...right.slice(1), deliveryTo('alice', 'postmaster@example.com')]
  await t.rejects(expect(played({ deliveries: async () => wrong }), before, ''), { message: 'a letter for example-alice@example.com went to postmaster@example.com' })
  await t.rejects(expect(played({ deliveries: async () => [...right, ...right] }), before, ''), { message: '6 letters were delivered, not 3' })
})

t.test('a new letter is one that was not there before', async (t) => {
  const { expect } = step(/new letter/)
  const old = [deliveryTo('alice')]
  t.match((await expect(played({ deliveries: async () => [...old, deliveryTo('dave')] }), { ...before, deliveries: old }, ''))[1], 'example-dave')
  await t.rejects(expect(played({ deliveries: async () => old }), { ...before, deliveries: old }, ''))
})

t.test('a restart is another pid, and after a crash the logger is the same one', async (t) => {
  const again = { fetchmail: { pid: 11, changed: 0 }, 'fetchmail/log': { pid: 20, changed: 0 } }
  t.same(await step(/svc -t/).expect(played({ statuses: again }), before, ''), ['Was pid 10, is pid 11 now.'])
  await t.rejects(step(/svc -t/).expect(played({ statuses: { fetchmail: { pid: 10, changed: 0 } } }), before, ''))
  t.match(await step(/killed/).expect(played({ statuses: again }), before, ''), ['Was pid 10, is pid 11 now. The logger still is pid 20.'])
  await t.rejects(step(/killed/).expect(played({ statuses: again }), { ...before, loggerPid: 21 }, ''), { message: 'the logger was pid 21 and is pid 20' })
})

t.test('the log has a time on each line, and three starts', async (t) => {
  const { expect } = step(/in its log$/)
  const log = '*** Starting fetchmail\n'.repeat(3)
  const line = '2026-11-22 07:04:39.326318500 x\n'
  t.same(await expect(played({ log: () => log }), before, line), ['3 lines so far, of three starts.'])
  await t.rejects(expect(played({ log: () => log }), before, 'x\n'))
  await t.rejects(expect(played({ log: () => 'x\n' }), before, line))
})

t.test('what is done to fetchmail is done while it sleeps', async (t) => {
  t.same(steps.filter(({ asleep }) => asleep).map((step) => steps.indexOf(step)), [3, 4, 5, 6])
  const asleep = { statuses: { fetchmail: { pid: 10, changed: 0 } }, log: () => 'fetchmail: sleeping at \n' }
  await untilAsleep(played(asleep))
  await t.rejects(untilAsleep(played({ ...asleep, hearsUsr1: () => false })))
  await t.rejects(untilAsleep(played({ ...asleep, log: () => '' })))
})
