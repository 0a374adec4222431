/** The file system and the accounts as the planner sees them, and what a step makes of them. */
import type { Step } from '../src/step.ts'
import type { Account, Entry, System, Templates } from '../src/system.ts'

export const templates: Templates = {
  run: { content: '#!/bin/sh\nrun\n', source: '/share/run' },
  finish: { content: '#!/bin/sh\nfinish\n', source: '/share/finish' },
  deliver: { content: '#!/bin/sh\ndeliver\n', source: '/share/deliver' },
  'log/run': { content: '#!/bin/sh\nexec multilog t /var/multilog/fetchmail\n', source: '/share/log/run' },
  'fetchmail.conf.example': { content: 'poll example\n', source: '/share/fetchmail.conf.example' },
  'env/INTERVAL': { content: '551\n', source: '/share/env/INTERVAL' },
}

export const directory = '/var/svc.d/fetchmail'

export function makeSystem(system: Partial<System> = {}): System {
  const entries = new Map<string, Entry>([['/var', { kind: 'directory', mode: 0o755, uid: 0 }], ...(system.entries ?? [])])
  return { entries, groups: system.groups ?? new Set(), accounts: system.accounts ?? new Map() }
}

/** Throws, as the system would, if the step cannot be done. */
export function after(system: System, step: Step): System {
  const entries = new Map(system.entries)
  const groups = new Set(system.groups)
  const accounts = new Map<string, Account>(system.accounts)
  const existing = (path: string): Entry => {
    const entry = entries.get(path)
    if (entry === undefined) throw new Error(`${path} does not exist`)
    return entry
  }
  const add = (path: string, entry: Entry): void => {
    if (entries.has(path)) throw new Error(`${path} exists`)
    const parent = path.slice(0, path.lastIndexOf('/'))
    if (parent !== '' && existing(parent).kind !== 'directory') throw new Error(`${path} has no directory`)
    entries.set(path, entry)
  }
  const remove = (path: string): void => {
    existing(path)
    entries.delete(path)
  }
  switch (step.do) {
    case 'add group':
      if (groups.has(step.group)) throw new Error(`group ${step.group} exists`)
      groups.add(step.group)
      break
    case 'add account':
      if (!groups.has(step.group) || accounts.has(step.account)) throw new Error(`${step.account} cannot be added`)
      accounts.set(step.account, { uid: 900 + accounts.size, gid: 900 })
      break
    case 'make directory':
      add(step.path, { kind: 'directory', mode: step.mode, uid: 0 })
      break
    case 'give':
      entries.set(step.path, { ...existing(step.path), uid: accounts.get(step.account)!.uid })
      break
    case 'write':
      entries.delete(step.path)
      add(step.path, { kind: 'file', mode: step.mode, uid: 0, content: step.content })
      break
    case 'keep':
      add(step.as, existing(step.path))
      break
    case 'replace':
      entries.set(step.path, existing(step.by))
      remove(step.by)
      break
    case 'create':
      add(step.path, existing(step.from))
      remove(step.from)
      break
    case 'link':
      add(step.path, { kind: 'directory', mode: 0o777, uid: 0, target: step.target })
      break
    case 'unlink':
      remove(step.path)
      break
    case 'stop':
      break
  }
  return { entries, groups, accounts }
}
