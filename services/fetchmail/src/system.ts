/** What the planner is told about the system: everything that its plan depends on. */

export interface Account {
  uid: number
  gid: number
}

/** What a path leads to. */
export interface Entry {
  /** `other`: a device, or a link that leads nowhere. */
  kind: 'file' | 'directory' | 'other'
  /** Permission bits. */
  mode: number
  uid: number
  /** Where the path itself points, if it is a symbolic link. */
  target?: string
  /** Of a file that the plan compares, if we may read it. */
  content?: string
}

export interface System {
  /** By path; what does not exist is not in it. */
  entries: ReadonlyMap<string, Entry>
  groups: ReadonlySet<string>
  accounts: ReadonlyMap<string, Account>
}

/** A file as it is delivered. */
export interface Template {
  content: string
  /** Where the same bytes can be copied from, if anywhere. */
  source?: string
  /** What people may see of it: the same with the password left out. */
  shown?: string
}

export const templateNames = ['run', 'finish', 'deliver', 'log/run', 'fetchmail.conf.example', 'env/INTERVAL'] as const

/** By path in the service directory. */
export type Templates = Readonly<Record<(typeof templateNames)[number], Template>>
