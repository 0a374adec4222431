import { fromUnix } from '@daemontools-ts/tai64'
import fc from 'fast-check'
import t from 'tap'
import { diagnose, mainDiagnosis, severityOf } from '../src/diagnosis.ts'
import type { Facts, LogFacts } from '../src/facts.ts'
import type { ProgramFault } from '../src/program.ts'
import { stateOf } from '../src/situation.ts'
import { down, exit, foreign, healthy, now, ours, started, up } from './model.ts'

const log = (service: Facts, changes: Partial<LogFacts> = {}): LogFacts => ({ service: { ...service, name: 'web/log', path: '/service/web/log' }, directory: '/var/log/web', fault: undefined, lastLineAt: now, ...changes })
const looping = ours(down(0.5), { lastExit: exit(111, 0.5), restarts: 14, monotonic: started(0.6) })

t.test('diagnose: a log in trouble is named beside the service', async (t) => {
  const [own, logger] = diagnose(healthy({ log: log(looping) }))
  t.equal(own!.rule, 'fine')
  t.match(logger, { rule: 'log-crash-loop', severity: 'trouble', short: 'log: keeps ending: exited 111', command: 'cd /service/web/log && ./run; echo $?' })
  t.match(logger!.cause, /^its log: it ends again and again: exited 111/)
})

t.test('diagnose: what is in the way of the log\'s directory is the cause of its logger\'s end', async (t) => {
  const fault = { type: 'owner', path: '/var/log/web', account: 'multilog' } as const
  t.match(diagnose(healthy({ log: log(looping, { fault }) })).slice(1), [{ rule: 'log-owner', severity: 'trouble', cause: 'the log\'s directory /var/log/web does not belong to multilog, under which its logger runs', command: 'chown -R multilog /var/log/web' }])
  t.match(diagnose(healthy({ log: log(healthy(), { fault }) })).slice(1), [{ rule: 'log-owner', severity: 'notice' }], 'a logger that runs has it open')
  t.match(diagnose(healthy({ log: log(healthy(), { fault: { type: 'full', path: '/var/log/web' } }) })).slice(1), [{ rule: 'log-full', severity: 'trouble', command: 'df -h /var/log/web' }])
  t.match(diagnose(healthy({ log: log(looping, { fault: { type: 'missing', path: '/var/log/web' } }) })).slice(1), [{ rule: 'log-missing', command: 'mkdir -p /var/log/web && svctl up web/log' }])
  t.equal(diagnose(healthy({ log: log(healthy(), { fault: { type: 'missing', path: '/var/log/web' } }) })).length, 1, 'a logger that runs writes somewhere')
})

t.test('diagnose: a log without a supervisor is no news beside a service without one', async (t) => {
  const unsupervised = healthy({ supervision: 'absent', svscan: null })
  t.same(diagnose({ ...unsupervised, log: log(unsupervised) }).map(({ rule }) => rule), ['no-svscan'])
  t.same(diagnose(healthy({ log: log(healthy({ supervision: 'never', svscan: undefined })) })).map(({ rule }) => rule), ['fine', 'log-unsupervised'])
})

t.test('severityOf, mainDiagnosis: the worst', async (t) => {
  const both = diagnose(healthy({ log: log(looping) }))
  t.equal(severityOf(both), 'trouble')
  t.equal(mainDiagnosis(both).rule, 'log-crash-loop')
  t.equal(severityOf(diagnose(healthy())), 'fine')
})

const faults: (ProgramFault | undefined)[] = [undefined, { type: 'missing' }, { type: 'notExecutable' }, { type: 'interpreter', interpreter: '/bin/zork' }, { type: 'carriageReturn' }, { type: 'notAFile' }]
const statuses = fc.record({ seconds: fc.double({ min: -5, max: 1e6, noNaN: true }), pid: fc.constantFrom(0, 42), paused: fc.boolean(), want: fc.constantFrom('up' as const, 'down' as const, 'once' as const) })
const endings = fc.oneof(fc.constant('unknown' as const), fc.record({ code: fc.nat(255) }), fc.record({ signal: fc.integer({ min: 1, max: 64 }) }))
const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    status: fc.option(statuses, { nil: undefined }),
    hasRecord: fc.boolean(),
    changes: fc.record({
      presence: fc.constantFrom('directory', 'directory', 'missing', 'dangling', 'file', 'denied'),
      supervision: fc.constantFrom('running', 'running', 'absent', 'never', 'denied'),
      runFault: fc.constantFrom(...faults),
      files: fc.subarray(['down', 'check', 'notification-fd', 'finish', 'timeout-kill']).map((names) => new Map(names.map((name) => [name, '']))),
      reason: fc.constantFrom(undefined, { cause: 'cause', cure: undefined }, { cause: 'cause', cure: 'cure' }),
      recentEnds: fc.option(fc.nat(100), { nil: undefined }),
      processState: fc.constantFrom(undefined, 'S', 'T', 'Z'),
      svscan: fc.constantFrom(undefined, null, { pid: 1 }),
      startsSeen: fc.option(fc.nat(5), { nil: undefined }),
      isInRoot: fc.boolean(),
    }),
    record: fc.record({
      phase: fc.constantFrom('down', 'up', 'finishing', 'left'),
      failed: fc.boolean(),
      restarts: fc.nat(1000),
      lastExit: fc.option(fc.record({ ending: endings, at: fc.integer({ min: 0, max: now / 1000 }).map((seconds) => fromUnix(seconds, 0)) }), { nil: undefined }),
      nextStart: fc.option(fc.integer({ min: 0, max: 2 ** 33 }).map((seconds) => fromUnix(seconds, 0)), { nil: undefined }),
      ready: fc.option(fc.constant(fromUnix(1, 0)), { nil: undefined }),
    }),
  })
  .map(({ status, hasRecord, changes, record }) => {
    const made = status === undefined ? undefined : { ...(status.pid === 0 ? down(status.seconds) : up(status.seconds)), paused: status.paused, want: status.want }
    if (made === undefined) return { ...healthy({ status: undefined, record: undefined }), ...changes } as Facts
    return { ...(hasRecord ? ours(made, record as never) : foreign(made)), ...changes } as Facts
  })

t.test('diagnose: whatever there is, there is one cause, in whole words, and something to do about trouble', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const [own, ...more] = diagnose(facts)
      const texts = [own!.short, own!.cause, own!.advice ?? '', own!.command ?? '']
      const isWhole = texts.every((text) => !/undefined|null|NaN|\[object|Infinity/.test(text)) && own!.cause !== ''
      const isCured = own!.severity !== 'trouble' || own!.advice !== undefined || own!.command !== undefined || ['not-a-directory', 'not-ready'].includes(own!.rule)
      return more.length === 0 && isWhole && isCured
    }),
  )
})

t.test('diagnose: nothing is fine that does not run', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const [own] = diagnose(facts)
      return own!.severity !== 'fine' || ['up', 'ready', 'starting'].includes(stateOf(facts))
    }),
  )
})
