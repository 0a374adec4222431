/** What each kind of fault does. The delays are a round's; what may follow from it goes into scene.expected. */
import * as fs from 'node:fs'
import { kill } from '../support/process.ts'
import { until } from '../support/until.ts'
import type { Kind } from './kind.ts'
import type { Scene } from './scene.ts'
import { killKeeper, newKeeper, removeExtra, restart, whileFull, whileStopped } from './step.ts'

export interface Fault {
  perform(scene: Scene): Promise<void> | void
  /** Another step, when everything has settled; then it must settle again. */
  after?(scene: Scene): Promise<void> | void
}

export const faults: Readonly<Record<Exclude<Kind, 'clock step'>, Fault>> = {
  'kill supervisor': { perform: restart },
  'kill supervisor twice': {
    perform: async (scene) => {
      await restart(scene)
      scene.pause(1, 300)
      await restart(scene, 2)
    },
  },
  'kill svscan alone': {
    perform: async (scene) => {
      await scene.killSupervisor(false)
      scene.startSupervisor(0)
    },
  },
  'kill service': { perform: (scene) => scene.killWatchedService() },
  'kill logger': { perform: (scene) => scene.killLogger() },
  'term service': {
    perform: (scene) => {
      scene.command(scene.target.main, 't')
      scene.expected.starts(scene.target.main)
    },
  },
  'term logger': {
    perform: (scene) => {
      scene.command(scene.target.log, 't')
      scene.expected.starts(scene.target.log)
    },
  },
  'stop service': {
    perform: (scene) => {
      scene.signal(scene.target.main, 'SIGSTOP')
      scene.pause(0, 500)
      scene.signal(scene.target.main, 'SIGCONT')
    },
  },
  'stop logger': {
    perform: (scene) => {
      scene.signal(scene.target.log, 'SIGSTOP')
      scene.pause(0, 500)
      scene.signal(scene.target.log, 'SIGCONT')
    },
  },
  'stop supervisor': { perform: (scene) => whileStopped(scene, () => undefined) },
  'stop supervisor, kill service': { perform: (scene) => whileStopped(scene, () => scene.killWatchedService()) },
  'kill supervisor, kill service': {
    perform: async (scene) => {
      await scene.killSupervisor()
      scene.pause(1, 100)
      scene.killService()
      scene.startSupervisor(0)
    },
  },
  'kill supervisor, kill logger': {
    perform: async (scene) => {
      await scene.killSupervisor()
      scene.pause(1, 100)
      scene.killLogger()
      scene.startSupervisor(0)
    },
  },
  'kill supervisor with service': {
    perform: async (scene) => {
      if (scene.coin(1)) scene.killService()
      const dead = scene.killSupervisor()
      if (!scene.coin(1)) scene.killService()
      await dead
      scene.startSupervisor(0)
    },
  },
  'kill service, then supervisor': {
    perform: async (scene) => {
      scene.killService()
      scene.pauseBriefly(1, 60)
      await restart(scene)
    },
  },
  'kill logger, then supervisor': {
    perform: async (scene) => {
      scene.killLogger()
      scene.pauseBriefly(1, 60)
      await restart(scene)
    },
  },
  'kill supervisor while pacing': {
    perform: async (scene) => {
      const { starts } = scene.target.main
      const before = starts.count().starts
      scene.killService()
      await until('the service is started again', () => starts.count().starts > before && scene.target.main.status()?.pid === starts.pids().at(-1))
      scene.killService()
      scene.pause(1, 900)
      await restart(scene)
    },
  },
  'link, then kill supervisor': {
    perform: async (scene) => {
      const { tree, expected } = scene
      tree.link(tree.extra)
      tree.peer.rescan?.(tree.links)
      scene.pauseBriefly(1, 60)
      await restart(scene)
      expected.extra = tree.extra
      for (const unit of tree.extra.units) expected.starts(unit)
    },
    after: removeExtra,
  },
  'down across kill': {
    perform: async (scene) => {
      const { main } = scene.target
      scene.command(main, 'd')
      await until(`${main.name} is down`, () => main.status()?.pid === 0)
      scene.expected.isDown(main, true)
      await restart(scene)
    },
    after: (scene) => {
      scene.command(scene.target.main, 'u')
      scene.expected.isDown(scene.target.main, false)
      scene.expected.starts(scene.target.main)
    },
  },
  'full disk': { perform: (scene) => whileFull(scene, () => scene.pause(1, 500)) },
  'full disk, kill supervisor': {
    perform: (scene) => {
      const { starts } = scene.target.main
      const before = starts.count().starts
      return whileFull(scene, async () => {
        await until('the service is started again', () => starts.count().starts > before)
        scene.pause(1, 100)
        await restart(scene, 2)
      })
    },
  },
  'rename directory': {
    perform: (scene) => {
      const { dir } = scene.target
      const isKilled = scene.coin(2)
      if (isKilled) scene.killWatchedService()
      fs.renameSync(dir, `${dir}.away`)
      scene.pause(0, 300)
      fs.renameSync(`${dir}.away`, dir)
      scene.expected.words.push(new RegExp(`unable to stat ${scene.target.name}: `))
    },
  },
  'link away and back': {
    perform: (scene) => {
      scene.tree.unlink(scene.target)
      scene.pause(0, 500)
      scene.tree.link(scene.target)
    },
  },
  garbage: {
    perform: (scene) => {
      const { main } = scene.target
      // no letter and no digit: none of the family gives the rest a meaning, but for - + = of encore
      const meaningless = [...Array(256).keys()].filter((byte) => !/[a-z0-9+=-]/i.test(String.fromCharCode(byte)))
      const bytes = Array.from({ length: 20_000 }, (_, n) => meaningless[(n * 7 + scene.number(0, 1000)) % meaningless.length]!)
      scene.command(main, Buffer.from(bytes))
    },
  },
  'letters p and c': { perform: (scene) => scene.command(scene.target.main, 'pc'.repeat(100)) },
  upgrade: { perform: (scene) => scene.upgrade() },
  'upgrade, kill service': {
    perform: (scene) => {
      scene.upgrade()
      scene.pauseBriefly(0, 300)
      scene.killWatchedService()
    },
  },
  'upgrade, kill logger': {
    perform: (scene) => {
      scene.upgrade()
      scene.pauseBriefly(0, 300)
      scene.killLogger()
    },
  },
  'upgrade, then kill supervisor': {
    perform: async (scene) => {
      scene.upgrade()
      scene.pause(1, 300)
      await restart(scene)
      scene.expected.executionBefore = undefined
    },
  },
  'kill supervisor with new keeper': {
    perform: async (scene) => {
      await restart(scene)
      newKeeper(scene)
      await restart(scene, 2)
    },
  },
  'kill keeper': { perform: killKeeper },
  'kill keeper with supervisor': {
    perform: async (scene) => {
      const dead = scene.killSupervisor()
      killKeeper(scene)
      await dead
      scene.startSupervisor(0)
    },
  },
  'quit supervisor': {
    perform: async (scene) => {
      kill(scene.tree.top, 'SIGQUIT')
      await scene.supervisorEnds(0)
      scene.startSupervisor(0)
    },
  },
  'stop all': {
    perform: async (scene) => {
      kill(scene.tree.top, 'SIGTERM')
      await scene.supervisorEnds(0)
      for (const unit of scene.tree.units) scene.expected.starts(unit)
      scene.startSupervisor(0)
    },
  },
}
