/**
 * "A program at the end of a chain prints everything it inherited": behind the C program and behind ours, no difference.
 *
 * Not tested: the controlling terminal; namespaces and seccomp, which no one of ours touches; hard limits of memory that the runtime cannot
 * live under and root may not raise (without CAP_SYS_RESOURCE).
 */
import * as fs from 'node:fs'
import t from 'tap'
import { compile } from './support/compile.ts'
import { play } from './support/golden.ts'
import { both, type Implementation, unlessAble } from './support/implementation.ts'
import { isAlive, Process } from './support/process.ts'
import { isSupervised, readStatus, writeControl } from './support/status.ts'
import { makeService, scratch } from './support/tree.ts'
import { until } from './support/until.ts'

/** How a program is surrounded: words of fixtures/surround, and shell commands before it. */
interface Surroundings {
  words?: string
  shell?: string
  args?: string
}

const surroundings: Record<string, Surroundings> = {
  'nothing special': {},
  'HUP, PIPE and XFSZ ignored': { words: 'ignore=1 ignore=13 ignore=25' },
  'every signal that can be ignored': { words: 'ignore=1 ignore=2 ignore=3 ignore=10 ignore=12 ignore=14 ignore=15 ignore=17 ignore=18 ignore=20 ignore=28 ignore=40' },
  nohup: { shell: 'trap "" HUP' },
  'TERM, HUP and CHLD blocked': { words: 'block=15 block=1 block=17' },
  'PIPE, USR1 and a real-time signal blocked': { words: 'block=13 block=10 block=35' },
  'a soft limit of 50 open files': { words: 'soft=7:50' },
  'a hard limit of 50 open files': { words: 'hard=7:50' },
  'a hard limit of 50 open files, and descriptor 200 open': { words: 'open=200:/dev/null hard=7:50' },
  'a soft limit of 1,000 MB of address space': { words: 'soft=9:1000000000' },
  'a soft limit of 30 MB of address space': { words: 'soft=9:30000000' },
  'soft limits of 3 MB, as softlimit -m sets them': { words: 'soft=2:3000000 soft=3:3000000 soft=8:3000000 soft=9:3000000' },
  'a soft limit of 300,000 bytes of data': { words: 'soft=2:300000' },
  'an odd number of bytes': { words: 'soft=2:30000001 soft=9:1000000007' },
  'a soft limit of 200,000 bytes of stack': { words: 'soft=3:200000' },
  'a soft limit of 100 processes': { words: 'soft=6:100' },
  'a soft limit of 100,000 bytes of file': { words: 'soft=1:100000' },
  'limits of 3 s of CPU, no core, nothing locked': { words: 'soft=0:3 soft=4:0 soft=8:0' },
  'every other limit': { words: 'soft=5:1000000 soft=10:100 soft=11:100 soft=12:1000 soft=13:0 soft=14:0 soft=15:100000' },
  'descriptors 3, 5 and 200': { words: 'open=3:three open=5:five open=200:two-hundred' },
  'descriptors 9 and 10, one open file': { words: 'open=9:nine dup=10:9' },
  'descriptors 3 to 40': { words: Array.from({ length: 38 }, (_, n) => `open=${n + 3}:/dev/null`).join(' ') },
  'a pipe on descriptor 7': { words: 'pipe=7' },
  '0 closed': { words: 'close=0' },
  '1 closed': { words: 'close=1' },
  '2 closed': { words: 'close=2' },
  '0, 1 and 2 closed': { words: 'close=0 close=1 close=2' },
  '0 closed, 3 open': { words: 'open=3:three close=0' },
  '1 and 2 one open file, read and write': { words: 'open=1:both dup=2:1' },
  'umask 077': { shell: 'umask 077' },
  'umask 0': { shell: 'umask 0' },
  'no environment': { words: 'clear' },
  'no PATH': { words: 'clear env=A=b' },
  'names with dots, dashes and nothing': { words: 'env=a.b=1 env=c-d=2 env==3 env=nothing env=e= env=HOME=/nowhere' },
  'duplicates in the environment': { words: 'clear env=A=1 env=B=2 env=A=3 env=PATH=/bin env=PATH=/usr/bin env=A=1' },
  'variables that steer the runtime': {
    words: 'env=NODE_OPTIONS=--bad env=NODE_PATH=/nowhere env=NODE_DEBUG=fs env=NODE_V8_COVERAGE=cover env=NODE_PENDING_DEPRECATION=1 env=BUN_OPTIONS=--bad env=BUN_BE_BUN=1 env=NODE_EXTRA_CA_CERTS=/nowhere env=UV_THREADPOOL_SIZE=x env=SSL_CERT_FILE=/nowhere env=NODE_CHANNEL_FD=0 env=OPENSSL_CONF=/nowhere',
  },
  'variables that steer the loader': { words: 'env=LD_BIND_NOW=1 env=MALLOC_ARENA_MAX=1 env=LC_ALL=xx_XX env=LANG=de_DE env=TZ=US/Pacific env=LD_LIBRARY_PATH=/nowhere' },
  'values that are not UTF-8': { words: 'env=BAD=%ff%fe%80 env=NEWLINE=a%0ab env=%c3%28=name env=LONG=' + 'x'.repeat(5000) },
  'arguments that are not UTF-8': { args: '%ff%fe "" a%0ab %c3%a9 -- -x "two words" %25' },
  'hundreds of arguments': { args: Array.from({ length: 300 }, (_, n) => `argument${n}`).join(' ') },
  'an alarm that runs': { words: 'alarm=1000' },
  'nice 5': { words: 'nice=5' },
  'a parent death signal': { words: 'death=15' },
  'a working directory that is gone': { shell: 'mkdir gone; cd gone; rmdir ../gone' },
  'in a session of its own': { shell: 'cd /' },
}

/** How many pairs of programs are compared at the same time. */
const atOnce = 8

const able = unlessAble({ root: true, theirs: ['setuidgid', 'supervise'], ours: ['setuidgid', 'supervise'], files: ['/usr/bin/cc'] })

t.test('behind setuidgid: no difference', { ...able }, async (t) => {
  const programs = scratch(t)
  const [print, surround] = [compile(programs, 'print-inherited'), compile(programs, 'surround')]
  const compare = async ([name, { words = '', shell = '', args = '' }]: [string, Surroundings]): Promise<void> => {
    const outcomes = await play(t, {
      // the output is there already: nobody may not make it
      script: `F=$PWD\n: >out; chmod 666 out; chmod 711 .\n${shell}\nexec ${surround} ${words} -- $BIN/setuidgid games ${print} "$F/out" ${args}`,
      output: 'out',
      inOurSession: name !== 'in a session of its own',
    })
    const { theirs, ours } = { theirs: withoutPid(outcomes.theirs), ours: withoutPid(outcomes.ours) }
    t.match(theirs.output + theirs.stdout, /Uid:\t5\t/, `${name}: the C one printed`)
    t.same(ours, theirs, name)
  }
  const rest = Object.entries(surroundings)
  while (rest.length > 0) await Promise.all(rest.splice(0, atOnce).map(compare))
})

t.test('setuidgid keeps its pid', { ...able }, async (t) => {
  const print = compile(scratch(t), 'print-inherited')
  for (const { name, folder } of both) {
    const child = new Process(t, `${folder}/setuidgid`, ['nobody', print])
    t.match((await child.ended).stdout, `\npid: ${child.pid}\n`, name)
  }
})

t.test("a service's run behind supervise: no difference", { ...able }, async (t) => {
  const programs = scratch(t)
  const [print, surround] = [compile(programs, 'print-inherited'), compile(programs, 'surround')]
  const inherit = async ({ folder }: Implementation, { words = '', shell = '' }: Surroundings): Promise<string> => {
    const scene = scratch(t)
    const dir = makeService(scene, 'sv', {})
    // not a script: a shell would change what it prints
    fs.symlinkSync(print, `${dir}/run`)
    const script = `${shell}\nexec ${surround} ${words} -- ${folder}/supervise ${dir}`
    const supervise = new Process(t, '/bin/sh', ['-c', script], { cwd: scene, stdio: ['ignore', fs.openSync(`${scene}/out`, 'w+'), 'ignore'] })
    const text = await until('run has printed', () => /^out of memory:.*$/m.test(read(`${scene}/out`)) && read(`${scene}/out`)).catch(String)
    await until('supervise listens', () => isSupervised(dir))
    writeControl(dir, 'dx')
    await supervise.exited
    // ./run is started again and again: the first print is compared
    return plain(text.slice(0, text.indexOf('\n', text.indexOf('out of memory'))), scene, supervise.pid)
  }
  const compare = async (name: string): Promise<void> => {
    const [theirs, ours] = await Promise.all(both.map((implementation) => inherit(implementation, surroundings[name]!)))
    t.same(ours!.split('\n'), theirs!.split('\n'), name)
  }
  // what a program prints to must be there
  const names = Object.keys(surroundings).filter((name) => !/^1 closed|1 and 2 |is gone|arguments/.test(name))
  while (names.length > 0) await Promise.all(names.splice(0, atOnce).map(compare))
})

t.test('a service with a log, and the logger, behind svscan', unlessAble({ root: true, theirs: ['svscan'], ours: ['svscan'], files: ['/usr/bin/cc'] }), async (t) => {
  const print = compile(scratch(t), 'print-inherited')
  const inherit = async ({ folder }: Implementation): Promise<string[]> => {
    const scene = scratch(t)
    const services = `${scene}/service`
    // Each program is executed by a shell, which opens nothing of its own; both stay alive, so that each is printed once.
    const script = (out: string): string => `#!/bin/sh\n[ -e ${scene}/${out} ] && exec sleep 1000\nexec ${print} ${scene}/${out}\n`
    makeService(services, 'sv', { run: script('main'), log: script('logger') })
    const svscan = new Process(t, `${folder}/svscan`, [services], { cwd: scene, env: { PATH: `${folder}:/usr/bin:/bin` } })
    const texts = await Promise.all(['main', 'logger'].map((out) => until(`${out} has printed`, () => /^out of memory/m.test(read(`${scene}/${out}`)) && read(`${scene}/${out}`))))
    const both = await until('both are up for good', () => {
      const pids = [`${services}/sv`, `${services}/sv/log`].map((dir) => readStatus(dir)?.pid ?? 0)
      return pids.every((pid) => pid !== 0 && isAlive(pid) && fs.readFileSync(`/proc/${pid}/comm`, 'latin1') === 'sleep\n') && pids
    })
    // the two ends are of one pipe
    const ends = [fs.statSync(`/proc/${both[0]}/fd/1`), fs.statSync(`/proc/${both[1]}/fd/0`)].map(({ dev, ino }) => `${dev}:${ino}`)
    t.equal(ends[0], ends[1], `${folder}: the service writes where the logger reads`)
    return texts.map((text) => plain(text, scene, svscan.pid))
  }
  const [theirs, ours] = await Promise.all(both.map(inherit))
  t.match(theirs![0], /^descriptor 1 flags 1 marked 0 offset -1 type 10000/m, 'C: stdout is the write end of a pipe, blocking')
  for (const [index, what] of ['service', 'logger'].entries()) t.same(ours![index]!.split('\n'), theirs![index]!.split('\n'), what)
})

/** What differs between any two runs, replaced. The process group is that of supervise or svscan. */
function plain(text: string, scene: string, group: number): string {
  return (
    text
      .replaceAll(scene, 'SCENE')
      // Where the log pipe has a name, and whether it is a large file to open(2), a program cannot notice.
      .replace(/flags 10000([0-2]) (.*type 10000 ): .*$/gm, 'flags $1 $2: pipe:[N]')
      .replace(/(socket|pipe):\[\d+\]/g, '$1:[N]')
      .replace(/^(pid|parent): .*$/gm, '$1')
      .replace(new RegExp(`^(group|session): ${group}$`, 'gm'), '$1: that of the supervisor')
      .replace(/^argument: \/.*$/gm, 'argument')
      .replace(/^environment: PATH=.*$/gm, 'environment: PATH')
  )
}

function withoutPid<T extends { output: string; stdout: string }>(outcome: T): T {
  const plain = (text: string): string => text.replace(/^pid: (\d+)$[^]*/m, (rest, pid: string) => rest.replaceAll(` ${pid}\n`, ' ITSELF\n'))
  return { ...outcome, output: plain(outcome.output), stdout: plain(outcome.stdout) }
}

function read(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'latin1') : ''
}
