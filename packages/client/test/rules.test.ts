import { fromUnix } from '@daemontools-ts/tai64'
import t from 'tap'
import { diagnose } from '../src/diagnosis.ts'
import type { Facts } from '../src/facts.ts'
import { rules } from '../src/rules.ts'
import { ago, down, exit, foreign, healthy, now, ours, started, up } from './model.ts'

/** In the future. */
const inSeconds = (seconds: number) => fromUnix(Math.floor(now / 1000) + seconds, 0)

type Case = [rule: string, facts: Facts, short: string, cause: string, command?: string, advice?: string]

const cases: Case[] = [
  ['missing', healthy({ presence: 'missing' }), 'no such directory', 'there is no directory /service/web', 'svctl ls'],
  ['dangling', healthy({ presence: 'dangling', target: '/var/web', supervision: 'never' }), 'the link leads nowhere: /var/web', '/service/web is a link to /var/web, which is not there', 'rm /service/web', 'make that directory, or take the link away'],
  ['not-a-directory', healthy({ presence: 'file', supervision: 'never' }), 'not a directory', '/service/web is a file; a service is a directory with a program run in it'],
  ['denied', healthy({ supervision: 'denied', status: undefined }), 'only its owner and root may look', '/service/web/supervise is closed to you; it is open to its owner and root', 'sudo svctl why web'],
  ['denied', healthy({ presence: 'denied', supervision: 'denied' }), 'only its owner and root may look', '/service/web is closed to you; it is open to its owner and root', 'sudo svctl why web'],
  ['no-svscan', healthy({ supervision: 'absent', svscan: null }), 'no svscan runs', 'no svscan watches /service, so nobody supervises it; its program runs on, pid 42, and the next supervisor takes it up', 'svscan /service &'],
  ['not-linked', healthy({ supervision: 'never', isInRoot: false, path: '/var/a web', status: undefined }), 'not linked into /service', 'it is not in /service, where svscan would see it, and nobody supervises it', "ln -s '/var/a web' /service/"],
  ['left', ours(down(3), { phase: 'left' }, { supervision: 'absent' }), 'its supervisor was told to leave (x)', 'its supervisor has left, as svc -x told it to; svscan looks every five seconds whether to supervise it again', 'svctl wait --up web'],
  ['unsupervised', healthy({ supervision: 'never', status: undefined, record: undefined }), 'never supervised', 'svscan (pid 1) does not supervise it, and never has; it looks every five seconds, and says on its standard error what is in the way', 'ps axww | grep readproctitle', 'read what svscan says: with svscanboot, that is in the name of the process readproctitle'],
  ['no-status', healthy({ status: undefined, record: undefined }), 'supervise/status is gone', 'it is supervised, but /service/web/supervise/status cannot be read', 'svctl cont web', 'a command that changes something makes its supervisor write it again'],
  ['failed', ours(down(60, { want: 'once' }), { failed: true, lastExit: exit(3, 60) }), 'exited 3; finish gave up', 'it exited 3, and its finish said (exit 125) that starting it again is no use', 'svctl up web', 'when its cause is gone, start it'],
  ['failed', ours(down(60, { want: 'once' }), { failed: true, lastExit: exit(3, 60) }, { reason: { cause: 'wrong password', cure: 'edit the password file' } }), 'wrong password', 'wrong password: it exited 3, and its finish said (exit 125) that starting it again is no use', 'svctl up web', 'edit the password file'],
  ['failed', ours(down(60, { want: 'once' }), { failed: true, lastExit: exit(3, 60) }, { reason: { cause: 'wrong password', cure: 'vi x && svc -u /service/web' } }), 'wrong password', 'wrong password: it exited 3, and its finish said (exit 125) that starting it again is no use', undefined, 'vi x && svc -u /service/web'],
  ['run-fault', ours(down(0.5), { lastExit: exit(111, 0.5), restarts: 9 }, { runFault: { type: 'missing' } }), 'run is missing', 'there is no /service/web/run', 'vi /service/web/run && chmod +x /service/web/run'],
  ['run-fault', ours(down(0.5), {}, { runFault: { type: 'notExecutable' } }), 'run is not executable', '/service/web/run is not executable', 'chmod +x /service/web/run'],
  ['run-fault', ours(down(0.5), {}, { runFault: { type: 'interpreter', interpreter: '/bin/zork' } }), 'run names a program that is not there', 'the first line of /service/web/run names /bin/zork, which is not there', 'vi /service/web/run && chmod +x /service/web/run'],
  ['run-fault', ours(down(0.5), {}, { runFault: { type: 'carriageReturn' } }), 'run has lines as in Windows', 'the lines of /service/web/run end as in Windows, so its first line names a program that is not there', "sed -i 's/\\r$//' /service/web/run"],
  ['run-fault', ours(down(0.5), {}, { runFault: { type: 'notAFile' } }), 'run is not a file', '/service/web/run is not a file', 'ls -ld /service/web/run'],
  ['run-fault', foreign(up(0.5), { runFault: { type: 'notExecutable' } }), 'run is not executable', '/service/web/run is not executable', 'chmod +x /service/web/run'],
  ['crash-loop', ours(down(0.5), { lastExit: exit(3, 0.5), restarts: 14, monotonic: started(0.6) }), 'keeps ending: exited 3', 'it ends again and again: exited 3, within a second of its start, restarted 14 times so far', 'cd /service/web && ./run; echo $?'],
  ['crash-loop', ours(down(2), { lastExit: exit(0, 2), restarts: 2, monotonic: started(5), nextStart: inSeconds(12) }), 'keeps ending: exited 0', 'it ends again and again: exited 0 (success), 3s after its start, restarted twice so far; next start in 12s', 'vi /service/web/run', 'a program that exits 0 at once has put itself into the background, or is done: let run stay in the foreground (or put fghack before it)'],
  ['crash-loop', ours(up(1), { lastExit: exit(127, 1), restarts: 30 }, { recentEnds: 20 }), 'keeps ending: exited 127', 'it ends again and again: exited 127 (the shell did not find the program), restarted 30 times so far, 20 ends in the last minute', 'vi /service/web/run', 'a command in run is not on the PATH of svscan: write it with its whole path'],
  ['crash-loop', foreign(up(0.2), { startsSeen: 3 }), 'keeps ending: ended, its supervisor does not keep how', 'it ends again and again: ended, its supervisor does not keep how, 3 more starts while it was watched', 'cd /service/web && ./run; echo $?'],
  ['crash-loop', ours(down(0.5), { lastExit: exit(5, 0.5), restarts: 14, monotonic: started(0.6) }, { reason: { cause: 'no such mailbox', cure: 'edit fetchmail.conf' } }), 'no such mailbox', 'no such mailbox: it ends again and again: exited 5, within a second of its start, restarted 14 times so far', 'cd /service/web && ./run; echo $?', 'edit fetchmail.conf'],
  ['waiting', ours(down(3), { lastExit: exit(1, 3), restarts: 1, monotonic: started(500), nextStart: inSeconds(7) }), 'exited 1; starts again', 'it is down and wanted up: it exited 1; next start in 7s', 'cd /service/web && ./run; echo $?'],
  ['waiting', foreign(down(0.1)), 'about to start', 'it is down and wanted up', 'svctl up web'],
  ['waiting', foreign(up(0.5), { processState: 'Z' }), 'ended within a second', 'it has ended within a second of its start, and is to be started again: it ended, its supervisor does not keep how', 'cd /service/web && ./run; echo $?'],
  ['finishing', ours(down(4), { phase: 'finishing', lastExit: { ending: { signal: 11 }, at: ago(4) } }), 'killed by SIGSEGV; finish runs', 'it was killed by SIGSEGV (bad memory access, or a limit on memory), and its finish runs, since 4s'],
  ['once-ended', ours(down(90, { want: 'once' }), { lastExit: exit(0, 90) }), 'ran once: exited 0', 'it was to run once (svc -o), and exited 0 (success)', 'svctl up web'],
  ['once-ended', foreign(down(90, { want: 'once' })), 'ran once', 'it was to run once (svc -o), and has ended', 'svctl up web'],
  ['down-file', ours(down(90, { want: 'down' }), {}, { files: new Map([['down', '']]) }), 'has a file down', 'it is not started by itself: there is a file /service/web/down', 'svctl up web', 'start it now; to have it started always: rm /service/web/down'],
  ['taken-down', ours(down(90, { want: 'down' }), { lastExit: { ending: { signal: 15 }, at: ago(90) } }), 'taken down 1m 30s ago', 'it was taken down (svc -d), 1m 30s ago: it was killed by SIGTERM (asked to end)', 'svctl up web'],
  ['taken-down', foreign(down(90, { want: 'down' })), 'taken down 1m 30s ago', 'it was taken down (svc -d), 1m 30s ago', 'svctl up web'],
  ['stopping', ours(up(90, { want: 'down' })), 'asked to end, still runs', 'it was asked to end (svc -d), and still runs; nothing kills it, without a file timeout-kill', 'svctl kill web'],
  ['stopping', ours(up(90, { want: 'down' }), {}, { files: new Map([['timeout-kill', '5000']]) }), 'asked to end, still runs', 'it was asked to end (svc -d), and still runs; it is killed after timeout-kill', 'svctl kill web'],
  ['paused', ours(up(90, { paused: true })), 'paused (svc -p)', 'it is stopped where it was, by svc -p', 'svctl cont web'],
  ['stopped', healthy({ processState: 'T' }), 'stopped by a signal', 'its process is stopped by STOP, or by a debugger; not by svc -p', 'svctl cont web'],
  ['next-start-fails', healthy({ runFault: { type: 'notExecutable' } }), 'cannot start again: run is not executable', 'it runs, but could not be started again: /service/web/run is not executable', 'chmod +x /service/web/run'],
  ['not-ready', healthy({ files: new Map([['notification-fd', '3']]) }), 'not ready after 1h', 'it is up since 1h, and has not said that it is ready (nothing came on its notification-fd)'],
  ['not-ready', healthy({ files: new Map([['check', '']]) }), 'not ready after 1h', 'it is up since 1h, and has not said that it is ready (check fails)', 'cd /service/web && ./check; echo $?'],
  ['just-restarted', ours(up(2), { lastExit: exit(3, 2.5), restarts: 2 }), 'exited 3 2s ago', 'it runs since 2s, and before that it exited 3; it was restarted twice so far', 'cd /service/web && ./run; echo $?'],
  ['recently-ended', ours(up(120), { lastExit: exit(3, 121), restarts: 1 }), 'exited 3 2m 1s ago', 'it runs since 2m, and before that it exited 3; it was restarted once so far', 'cd /service/web && ./run; echo $?'],
  ['normally-down', healthy({ files: new Map([['down', '']]) }), '', 'it runs since 1h; a file /service/web/down keeps it from being started by itself next time'],
  ['fine', healthy(), '', 'nothing is wrong: it runs since 1h'],
  ['fine', ours(up(3600), { ready: ago(3599) }, { files: new Map([['check', '']]) }), '', 'nothing is wrong: it is ready, and runs since 1h'],
  ['fine', ours(up(400), { lastExit: exit(3, 400), restarts: 1 }), '', 'nothing is wrong: it runs since 6m 40s'],
  ['fine', ours(up(2), { lastExit: { ending: { signal: 15 }, at: ago(2) }, restarts: 5 }), '', 'nothing is wrong: it runs since 2s'],
]

for (const [rule, facts, short, cause, command, advice] of cases) {
  t.test(`${rule}: ${cause}`, async (t) => {
    const [own, ...more] = diagnose(facts)
    t.match(own, { rule, short, cause })
    t.equal(own!.command, command)
    t.equal(own!.advice, advice)
    t.equal(more.length, 0)
  })
}

t.test('each rule has a case, and a name of its own', async (t) => {
  t.same([...new Set(cases.map(([rule]) => rule))].sort(), rules.map(({ name }) => name).sort())
})
