import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchmailsAccount } from './account.ts'
import { furnish } from './furnish.ts'
import { furniture } from './house.ts'
import type { Narrator } from './narrator.ts'
import { type Before, type Step, steps, untilAsleep } from './scenario.ts'
import { openTheatre, shellLines, type Stage, type Theatre } from './stage.ts'

export interface TourOptions {
  /** The folder of svscan, svc and the others. */
  commands: string
  /** End after the last step; otherwise run until the interruption. */
  once: boolean
  narrator: Narrator
  /** Ends the tour wherever it is. */
  interruption: AbortSignal
  /** Called when the last step is done. */
  onReady?: () => void
  /** How long a step may take. */
  stepMilliseconds?: number
}

/** Leads through the demonstration, and leaves no process and no file behind. Throws Error, naming the step, if a step did not come off. */
export async function tour({ commands, once, narrator, interruption, onReady, stepMilliseconds = 20_000 }: TourOptions): Promise<void> {
  const account = fetchmailsAccount()
  const folder = mkdtempSync(join(tmpdir(), 'daemontools-'))
  let theatre: Theatre | undefined
  try {
    chmodSync(folder, 0o755) // as root: fetchmail, as somebody else, passes through it
    furnish(folder, furniture({ node: process.execPath, pop3Program: program('demo-pop3'), smtpProgram: program('demo-smtp'), account: account?.name }), account)
    theatre = await openTheatre(folder, environmentOf(commands), account)
    narrator.title('daemontools: a tour. All of it is in one new folder, which goes away at the end.')
    for (const line of shellLines(theatre)) narrator.command(line)
    const began = Date.now()
    for (const [index, step] of steps.entries()) await take(theatre, step, index + 1, { narrator, interruption, stepMilliseconds })
    narrator.title(`That was all: ${steps.length} steps in ${((Date.now() - began) / 1000).toFixed(1)} seconds.`)
    onReady?.()
    if (!once) await stay(theatre, narrator, interruption)
  } finally {
    await close(folder, theatre, narrator)
  }
}

/** Takes one step, and says what happens as it happens. */
async function take(
  theatre: Theatre,
  step: Step,
  number: number,
  { narrator, interruption, stepMilliseconds }: Required<Pick<TourOptions, 'narrator' | 'interruption' | 'stepMilliseconds'>>,
): Promise<void> {
  narrator.title(`${number}. ${step.title}`)
  // Not AbortSignal.any and AbortSignal.timeout: Node 20 may collect them as garbage, and then they never fire.
  const end = new AbortController()
  const abort = (): void => end.abort()
  const timer = setTimeout(abort, stepMilliseconds)
  interruption.addEventListener('abort', abort)
  const stage = theatre.stage(end.signal)
  try {
    interruption.throwIfAborted()
    if (step.asleep === true) await untilAsleep(stage)
    const before = await howThingsAre(stage)
    let output = ''
    for (const command of step.commands(stage, before)) {
      narrator.command(command)
      output = await (step.run?.(stage, command) ?? stage.shell(command))
      narrator.output(output)
    }
    narrator.result(await step.expect(stage, before, output))
    if (step.look === undefined) return
    narrator.command(step.look)
    narrator.output(await stage.shell(step.look))
  } catch (error) {
    interruption.throwIfAborted()
    tellTrouble(theatre, stage, narrator)
    const why = error instanceof Error && error.name !== 'AbortError' ? error.message : `not done within ${stepMilliseconds / 1000} seconds`
    throw new Error(`step ${number}, "${step.title}", failed: ${why}`, { cause: error })
  } finally {
    clearTimeout(timer)
    interruption.removeEventListener('abort', abort)
  }
}

async function howThingsAre(stage: Stage): Promise<Before> {
  return {
    pid: stage.status('fetchmail')?.pid ?? 0,
    loggerPid: stage.status('fetchmail/log')?.pid ?? 0,
    deliveries: await stage.deliveries(),
    now: Date.now(),
  }
}

/** What a person would look at first. */
function tellTrouble(theatre: Theatre, stage: Stage, narrator: Narrator): void {
  const places: readonly (readonly [string, string])[] = [['svscan says:', theatre.errors()], ["The end of fetchmail's log:", stage.log()]]
  for (const [what, text] of places) {
    if (text === '') continue
    narrator.plain(what)
    narrator.output(text.trimEnd().split('\n').slice(-15).join('\n') + '\n')
  }
}

/** Tells what can be tried, and waits to be interrupted. */
async function stay(theatre: Theatre, narrator: Narrator, interruption: AbortSignal): Promise<void> {
  narrator.plain('It all runs on. What you can try, in another terminal:\n')
  const { pollNow } = theatre.stage(interruption)
  const lines = [
    ...shellLines(theatre),
    '',
    'svstat service/* service/*/log',
    'tail -F service/fetchmail/log/main/current | tai64nlocal',
    `cp letters/erin maildrop/ && ${pollNow}`,
    'ls delivered',
    'svc -d service/fetchmail     # down, and it stays down',
    'svc -u service/fetchmail     # up again',
    'svc -dx service/smtp service/smtp/log; rm service/smtp     # and it is gone',
  ]
  for (const line of lines) narrator.plain(line === '' ? '' : `   ${line}`)
  narrator.plain('\nCtrl-C ends it: every process stops, and the folder is removed.')
  // A promise alone keeps no process alive.
  const alive = setInterval(() => {}, 60_000)
  const ended = await new Promise<number | undefined>((resolve) => {
    interruption.addEventListener('abort', () => resolve(undefined), { once: true })
    if (interruption.aborted) resolve(undefined)
    theatre.tree()?.whenEnded.then(resolve)
  })
  clearInterval(alive)
  if (ended !== undefined) throw new Error(`svscan has ended with ${ended}`)
}

async function close(folder: string, theatre: Theatre | undefined, narrator: Narrator): Promise<void> {
  const tree = theatre?.tree()
  if (tree !== undefined && tree.ended() === undefined) narrator.title('svscan is told to end: the services stop, then their loggers, then svscan.')
  const killed = (await tree?.stop()) ?? []
  rmSync(folder, { recursive: true, force: true })
  if (killed.length > 0) throw new Error(`had to kill what svscan left running: ${killed.join(', ')}`)
  if (tree !== undefined) narrator.result(['No process is left, and the folder is gone.'])
}

/** Little, so that what it shows depends on nothing else. TZ is tai64nlocal's. */
function environmentOf(commands: string): NodeJS.ProcessEnv {
  const { PATH = '/usr/bin:/bin', TZ } = process.env
  return { PATH: `${commands}:${PATH}`, ...(TZ === undefined ? {} : { TZ }) }
}

function program(name: string): string {
  return fileURLToPath(new URL(`programs/${name}.js`, import.meta.url))
}
