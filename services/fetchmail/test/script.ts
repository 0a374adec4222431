/** Runs the service's scripts with programs of our own in place of setuidgid, fetchmail and sleep. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
export const serviceFolder = join(here, '../../service')
export const fixtures = join(here, '../../test/fixtures')

/** Shells of the machine that scripts have to be right for. */
export const shells = ['dash', 'bash', 'busybox'].filter((shell) => spawnSync(shell, ['--help']).error === undefined)
export const hasFetchmail = spawnSync('fetchmail', ['--help']).error === undefined

const programs = {
  setuidgid: '#!/bin/sh\n[ "$1" = "$ACCOUNT" ] || { echo "setuidgid: fatal: unknown account $1" >&2; exit 111; }\nshift\nexec "$@"\n',
  sleep: '#!/bin/sh\necho "would sleep $*"\n',
  fetchmail: `#!/bin/sh
case " $* " in *" --configdump "*) echo "password woolybooly"; [ -z "$SAYS" ] || echo "$SAYS" >&2; exit "\${TRIAL:-0}" ;; esac
printf 'arg %s\\n' "$@"
echo "complaint of fetchmail" >&2
echo "pid $$"
echo "cwd $(pwd -P)"
[ -e pid/fetchmail.pid ] && echo "stale pid file"
env | sed 's/^/env /'
`,
}

export type Fixture = { [name: string]: Fixture | string }

/** A service directory and, beside it, bin/ with the programs. For t.testdir(). */
export function serviceFixture(service: Fixture, real: readonly (keyof typeof programs)[] = []): Fixture {
  const bin = Object.fromEntries(Object.entries(programs).filter(([name]) => !real.includes(name as keyof typeof programs)))
  return { bin, service }
}

export interface Outcome {
  pid: number
  status: number | null
  stdout: string
  stderr: string
  /** What the fake fetchmail printed with this word before it. */
  said: (word: string) => string[]
}

/** Starts a program as supervise would: in the service directory, with little in the environment. */
export async function start(directory: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  for (const name of Object.keys(programs)) {
    try {
      chmodSync(join(directory, 'bin', name), 0o755)
    } catch {
      // this one is the machine's own
    }
  }
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    cwd: join(directory, 'service'),
    env: { PATH: `${directory}/bin:/usr/sbin:/usr/bin:/sbin:/bin`, ACCOUNT: 'fetchmail', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('latin1').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('latin1').on('data', (text: string) => (stderr += text))
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const said = (word: string): string[] => stdout.split('\n').flatMap((line) => (line.startsWith(word + ' ') ? [line.slice(word.length + 1)] : []))
  return { pid: child.pid!, status, stdout, stderr, said }
}
