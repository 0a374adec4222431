/**
 * ptybandage: lines come as they are written, not a byte is lost or changed, and signals and exit codes go through.
 *
 * Not tested: STOP (it stops the copying only), a system without pseudo-terminals, programs that ask whether standard input is a terminal.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { compile } from './support/compile.ts'
import { fixture, ours, unlessAble } from './support/implementation.ts'
import { identify, isAlive, isSame, kill, Process, run, type StartOptions } from './support/process.ts'
import { readStatus } from './support/status.ts'
import { makeService, scratch, writeProgram } from './support/tree.ts'
import { until } from './support/until.ts'

const able = unlessAble({ ours: ['ptybandage', 'svscan', 'supervise', 'svc'] })
const ptybandage = join(ours.folder, 'ptybandage')
const env = { PATH: `${ours.folder}:/usr/bin:/bin` }
t.jobs = 4

/** Runs a line of sh in which ptybandage is on the PATH. */
function shell(t: Test, line: string, options: StartOptions = {}) {
  return run(t, '/bin/sh', ['-c', line], { env, ...options })
}

/** Every byte value, in an order that is not that of a counter. */
function allBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index++) bytes[index] = (index * 167 + (index >> 8) * 13) & 0xff
  return bytes
}

t.test('ptybandage: a program that buffers writes line by line, and to a pipe only at its end', { ...able }, async (t) => {
  const folder = scratch(t)
  const program = compile(folder, 'print-lines')
  for (const [name, command] of [['pipe', []], ['terminal', [ptybandage]]] as const) {
    const [waiting, fifo] = [join(folder, `${name}.waiting`), join(folder, `${name}.fifo`)]
    execFileSync('mkfifo', [fifo])
    const [file, ...args] = [...command, program, waiting, fifo]
    const printing = new Process(t, file!, args, { env })
    await until('the first line is printed', () => fs.existsSync(waiting))
    if (name === 'terminal') await until('it is there', () => printing.stdout === 'first\n')
    else t.equal(printing.stdout, '', 'nothing through a pipe')
    fs.closeSync(fs.openSync(fifo, 'w'))
    const { code, stdout } = await printing.ended
    t.same([code, stdout], [0, 'first\nsecond\n'], name)
  }
})

t.test('ptybandage: all byte values pass, from a file and from standard input', { ...able }, async (t) => {
  const folder = scratch(t)
  const input = allBytes(1 << 20)
  fs.writeFileSync(join(folder, 'input'), input)
  for (const [name, line] of [['from a file', 'ptybandage cat input'], ['from standard input', 'ptybandage cat'], ['twice', 'ptybandage ptybandage cat | ptybandage cat']] as const) {
    const { code, stdout, stderr } = await shell(t, line, { cwd: folder, input })
    t.ok(Buffer.from(stdout, 'latin1').equals(input), `${name}: ${stdout.length} bytes`)
    t.same([code, stderr], [0, ''])
  }
})

t.test('ptybandage: nothing of a short run is lost', { ...able }, async (t) => {
  const long = 'x'.repeat(3000)
  for (let round = 0; round < 8; round++) {
    const runs = Array.from({ length: 8 }, (_, index) => run(t, ptybandage, ['sh', '-c', `echo first; printf %s ${long}; echo "last ${index}"`], { env }))
    for (const [index, { stdout }] of (await Promise.all(runs)).entries()) {
      if (stdout !== `first\n${long}last ${index}\n`) t.fail(`run ${round}.${index}: ${stdout.length} bytes`)
    }
  }
  t.pass()
})

t.test('ptybandage: the terminal is raw, 80 by 24, for standard output and error; standard input is ours', { ...able }, async (t) => {
  const { stdout, stderr } = await shell(t, 'ptybandage sh -c \'stty -a <&1; stty size <&2; readlink /proc/self/fd/0; tty <&1; echo error >&2; cat\'', { input: 'not echoed\n' })
  const modes = stdout.split(/[\s;]+/)
  for (const mode of ['-echo', '-opost', '-isig', '-icanon', '-ixon', '-icrnl', 'cs8']) t.ok(modes.includes(mode), mode)
  t.match(stdout, /\n24 80\n(pipe|socket):\[\d+\]\n\/dev\/pts\/\d+\nerror\nnot echoed\n$/)
  t.equal(stderr, '')
})

t.test('ptybandage: the window is as large as ours, and follows it', { ...able }, async (t) => {
  const folder = scratch(t)
  writeProgram(join(folder, 'inner'), '#!/bin/sh\nmkfifo wait; exec 3<>wait; trap "stty size <&1" WINCH\nstty size <&1\nwhile :; do read -r _ <&3; done\n')
  const outer = new Process(t, ptybandage, ['sh', '-c', 'tty <&1; stty rows 50 columns 132 <&1; exec ptybandage ./inner'], { cwd: folder, env })
  await until('the size is known', () => outer.stdout.includes('\n50 132\n'), () => outer.stdout)
  execFileSync('stty', ['-F', outer.stdout.split('\n')[0]!, 'rows', '60', 'columns', '100'])
  await until('it has followed', () => outer.stdout.includes('\n60 100\n'), () => outer.stdout)
})

t.test('ptybandage: exit codes, and the signals that end a program', { ...able }, async (t) => {
  const codes = await Promise.all([0, 1, 42, 100, 111, 255].map(async (code) => [code, (await run(t, ptybandage, ['sh', '-c', `exit ${code}`], { env })).code]))
  for (const [wanted, got] of codes) t.equal(got, wanted)
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGPIPE', 'SIGQUIT', 'SIGUSR2', 'SIGXFSZ'] as const) {
    const ended = await run(t, ptybandage, ['sh', '-c', `echo last; kill -${signal.slice(3)} $$`], { env, cwd: scratch(t) })
    t.same([ended.stdout, ended.signal], ['last\n', signal])
  }
})

t.test('ptybandage: words', { ...able, skip: able.skip || (process.getuid!() !== 0 && 'needs root') }, async (t) => {
  const folder = scratch(t)
  fs.writeFileSync(join(folder, 'closed'), '', { mode: 0o600 })
  fs.writeFileSync(join(folder, 'bare'), 'echo', { mode: 0o755 })
  const table = [
    ['ptybandage', 100, 'ptybandage: usage: ptybandage child\n'],
    ['ptybandage missing 2', 111, 'ptybandage: fatal: unable to run missing: file does not exist\n'],
    ['ptybandage ./closed', 111, 'ptybandage: fatal: unable to run ./closed: access denied\n'],
    ['ptybandage ./bare', 111, 'ptybandage: fatal: unable to run ./bare: exec format error\n'],
    ['ptybandage echo >/dev/full', 111, 'ptybandage: fatal: unable to write output: out of disk space\n'],
    ['ptybandage echo >&-', 111, 'ptybandage: fatal: unable to write output: file descriptor not open\n'],
    ['trap "" PIPE; (ptybandage yes; echo $? >code) | true; exit $(cat code)', 111, 'ptybandage: fatal: unable to write output: broken pipe\n'],
    ['ptybandage missing 2>&-', 111, ''],
    ['ptybandage true <&- >&-', 0, ''],
  ] as const
  for (const [line, code, words] of table) {
    const ended = await shell(t, line, { cwd: folder })
    t.same([ended.code, ended.stderr, ended.stdout], [code, words, ''], line)
  }
  const { stdout } = await shell(t, 'ptybandage printf %s "$(printf "\\377\\376é")"')
  t.equal(Buffer.from(stdout, 'latin1').toString('hex'), 'fffec3a9', 'arguments are bytes')
})

t.test('ptybandage: signals are for the program', { ...able }, async (t) => {
  const folder = scratch(t)
  const bandage = new Process(t, ptybandage, ['sh', '-c', 'echo $$; exec "$0"', fixture('print-signals')], { cwd: folder, env })
  await until('it is ready', () => bandage.stdout.endsWith('ready\n'), () => bandage.stdout + bandage.stderr)
  // It is in a session of its own, and survives that its terminal hangs up.
  const program = identify(parseInt(bandage.stdout))!
  t.teardown(() => isSame(program) && kill(program.pid))
  let expected = bandage.stdout
  for (const name of ['HUP', 'ALRM', 'INT', 'TERM', 'QUIT', 'USR1', 'USR2', 'CONT']) {
    bandage.signal(`SIG${name}` as NodeJS.Signals)
    expected += `${name}\n`
    await until(`${name} has arrived`, () => bandage.stdout === expected, () => bandage.stdout)
  }
  bandage.signal('SIGKILL')
  await bandage.exited
  t.equal(bandage.stdout, expected)
})

t.test('ptybandage: killed, it takes the program along', { ...able }, async (t) => {
  const folder = scratch(t)
  const bandage = new Process(t, ptybandage, ['sh', '-c', 'echo $$; exec sleep 100000'], { cwd: folder, env })
  const pid = await until('the program runs', () => Number(bandage.stdout) || undefined)
  bandage.signal('SIGKILL')
  await until('the program has ended', () => !isAlive(pid))
})

t.test('ptybandage: while nobody reads, the program waits, signals arrive, and nothing is dropped', { ...able }, async (t) => {
  const folder = scratch(t)
  writeProgram(join(folder, 'flood'), '#!/bin/sh\ntrap "echo TERM >term; exit 3" TERM\necho >started\nwhile :; do echo 0123456789; echo x >>count; done\n')
  const fifo = join(folder, 'output')
  execFileSync('mkfifo', [fifo])
  const output = fs.openSync(fifo, fs.constants.O_RDWR)
  const input = fs.openSync(fifo, 'r')
  const bandage = new Process(t, ptybandage, ['./flood'], { cwd: folder, env, stdio: ['ignore', output, 'pipe'] })
  // The pipe takes 64 KiB, and there are two of these bytes for each line of eleven; how much the terminal holds is its own affair.
  const sizes: number[] = []
  await until('the pipe is full', () => {
    sizes.push(fs.statSync(join(folder, 'count'), { throwIfNoEntry: false })?.size ?? 0)
    return sizes.at(-1)! > 10_000 && sizes.slice(-30).every((size) => size === sizes.at(-1)) && sizes.length > 30
  })
  bandage.signal('SIGTERM')
  const reader = new Process(t, 'cat', [], { stdio: [input, 'pipe', 'pipe'] })
  fs.closeSync(input)
  await until('the program has it', () => fs.existsSync(join(folder, 'term')))
  const { code } = await bandage.ended
  fs.closeSync(output)
  const { stdout } = await reader.ended
  const lines = stdout.split('\n').slice(0, -1)
  const counted = fs.statSync(join(folder, 'count')).size / 2
  t.equal(code, 3)
  t.ok(lines.length === counted || lines.length === counted + 1, `${lines.length} of ${counted} lines`)
  t.ok(lines.every((line) => line === '0123456789'))
})

t.test('ptybandage: what the program inherits is what it would inherit without, but for its terminal and session', { ...able }, async (t) => {
  const folder = scratch(t)
  const program = compile(folder, 'print-inherited')
  const surroundings = 'trap "" HUP USR1 XFSZ; ulimit -S -n 77; ulimit -S -s 4000; umask 027; exec 7</dev/null; export ODD="$(printf "\\377")" NODE_OPTIONS=--bad'
  const seen = await Promise.all(
    ['', 'ptybandage '].map(async (command) => {
      const { stdout } = await shell(t, `${surroundings}; ${command}${program} /nowhere/file | cat`, { cwd: folder, inOurSession: true })
      return stdout.replaceAll('\r', '').split('\n').filter((line) => !/^(descriptor [12] |(pid|parent|group|session): |environment: _=)/.test(line))
    }),
  )
  t.ok(seen[0]!.length > 50)
  t.same(seen[1], seen[0])
})

t.test('ptybandage: as a service with a log: lines arrive at once, svc -t reaches the program, -d waits for its last line', { ...able }, async (t) => {
  const folder = scratch(t)
  const program = '#!/bin/sh\n[ -p wait ] || mkfifo wait; exec 3<>wait; trap "echo TERM; exit 0" TERM\necho "start $$"\nwhile :; do read -r _ <&3; done\n'
  const dir = makeService(folder, 'service/one', { run: '#!/bin/sh\nexec ptybandage ./program\n', log: '#!/bin/sh\nexec cat >>lines\n' })
  writeProgram(join(dir, 'program'), program)
  const svscan = new Process(t, `${ours.folder}/svscan`, [join(folder, 'service')], { env })
  const lines = (): string[] => (fs.existsSync(join(dir, 'log/lines')) ? fs.readFileSync(join(dir, 'log/lines'), 'latin1').split('\n').slice(0, -1) : [])
  const svc = (option: string) => run(t, `${ours.folder}/svc`, [option, dir])
  await until('the first line', () => lines().length === 1, () => svscan.stderr)
  const first = readStatus(dir)!.pid
  await svc('-t')
  await until('it has started again', () => lines().length === 3, () => lines().join())
  t.match(lines()[1], 'TERM')
  t.not(readStatus(dir)!.pid, first)
  await svc('-d')
  await until('it is down', () => readStatus(dir)?.pid === 0)
  t.equal(lines().at(-1), 'TERM')
})
