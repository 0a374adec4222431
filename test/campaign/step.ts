/** Steps that several kinds of fault have in common. */
import { isSame, kill } from '../support/process.ts'
import { until } from '../support/until.ts'
import { argumentsOf, childrenOf } from './census.ts'
import type { Scene } from './scene.ts'

export async function restart(scene: Scene, which: 0 | 2 = 0): Promise<void> {
  await scene.killSupervisor()
  scene.startSupervisor(which)
}

export function killKeeper({ tree }: Scene): void {
  for (const one of tree.census()) if (one.role === 'keeper' && isSame(one)) kill(one.pid)
}

/** Waits without giving way, at most half a second, until the supervisor that was just started has a keeper. */
export function newKeeper({ tree }: Scene): void {
  const began = performance.now()
  while (performance.now() - began < 500) {
    if (childrenOf(tree.top).some((pid) => argumentsOf(pid).includes('keep'))) return
  }
}

export function whileStopped(scene: Scene, meanwhile: () => void): void {
  scene.signalSupervisor('SIGSTOP')
  scene.pause(0, 300)
  meanwhile()
  scene.pause(1, 200)
  scene.signalSupervisor('SIGCONT')
}

/** A service dies on a full disk. */
export async function whileFull(scene: Scene, meanwhile: () => Promise<void> | void): Promise<void> {
  const { disk } = scene.tree
  disk.fill()
  try {
    scene.pause(0, 500)
    scene.killService()
    await meanwhile()
  } finally {
    disk.free()
  }
  scene.expected.words.push(/^(supervise|multilog|svlogd|runsv|s6-).*: warning: /)
}

/** `svc -dx`, and `svc -dx log` when everything is logged; nothing of it where the supervisor does that by itself. */
export async function removeExtra(scene: Scene): Promise<void> {
  const { tree, expected } = scene
  const { extra, peer } = tree
  tree.unlink(extra)
  if (peer.stopsUnlinked !== true) scene.command(extra.main, 'dx')
  peer.rescan?.(tree.links)
  await until('the extra service is down', () => !isLiving(scene, extra.main.name))
  const { run, count } = extra.written.last()
  const findings = extra.verify()
  await until('its last line is logged', () => (findings.push(...extra.verify()), extra.hasLogged({ run, number: count })), () => extra.progress)
  if (findings.length > 0) throw new Error(`the log of the extra service: ${findings[0]!.what}: ${findings[0]!.text}`)
  if (peer.stopsUnlinked !== true) scene.command(extra.log, 'dx')
  await until('its logger is down', () => !isLiving(scene, extra.log.name))
  expected.extra = undefined
}

function isLiving({ tree }: Scene, name: string): boolean {
  return tree.census().some(({ unit, state }) => unit === name && state !== 'Z')
}
