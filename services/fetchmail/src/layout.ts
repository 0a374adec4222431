/** Where the service lives. It can be moved below another root as a whole, and works there. */
export interface Layout {
  /** '' for the machine itself, else an absolute path without a trailing slash. */
  root: string
  /** `fetchmail`, or `fetchmail@INSTANCE`. */
  name: string
  /** The service directory. */
  directory: string
  /** What multilog writes: all of it. */
  log: string
  /** What multilog writes: what a person wants to know later. */
  summary: string
  /** What makes svscan run the service. */
  link: string
}

const logDirectories = /\/var\/multilog\/fetchmail(-summary)?/g

/**
 * The 2003 page's paths, below a root.
 * @param root '' or an absolute path without '.' and '..'; '/' is the machine itself.
 * @param instance One of several services, each with an account of its own at a provider; '' for the only one.
 */
export function layoutBelow(root: string, instance = ''): Layout {
  const above = root === '/' ? '' : root
  const name = instance === '' ? 'fetchmail' : `fetchmail@${instance}`
  const log = `${above}/var/multilog/${name}`
  return { root: above, name, directory: `${above}/var/svc.d/${name}`, log, summary: log + '-summary', link: `${above}/service/${name}` }
}

/** Whether this can be an instance: part of a file's name, and a word for every shell. */
export function isInstance(text: string): boolean {
  return /^[A-Za-z0-9_][\w.-]*$/.test(text)
}

/** log/run for this layout: its paths to the logs are the only absolute ones in the service's files. */
export function logRunFor(layout: Layout, logRun: string): string {
  return logRun.replaceAll(logDirectories, (_, isSummary) => shellWord(isSummary ? layout.summary : layout.log))
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** The directories that lead to an absolute path, the uppermost first. */
export function ancestorsOf(path: string): string[] {
  const slashes = [...path.matchAll(/\//g)].map((match) => match.index)
  return slashes.slice(1).map((at) => path.slice(0, at))
}

/** A word as sh reads it: quoted if sh could take anything in it for its own. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
