/** Where the service lives. It can be moved below another root as a whole, and works there. */
export interface Layout {
  /** '' for the machine itself, else an absolute path without a trailing slash. */
  root: string
  /** The service directory. */
  directory: string
  /** What multilog writes. */
  log: string
  /** What makes svscan run the service. */
  link: string
}

const logDirectory = '/var/multilog/fetchmail'

/**
 * The 2003 page's paths, below a root.
 * @param root '' or an absolute path without '.' and '..'; '/' is the machine itself.
 */
export function layoutBelow(root: string): Layout {
  const above = root === '/' ? '' : root
  return {
    root: above,
    directory: above + '/var/svc.d/fetchmail',
    log: above + logDirectory,
    link: above + '/service/fetchmail',
  }
}

/** log/run for this layout: its path to the log is the only absolute one in the service's files. */
export function logRunFor(layout: Layout, logRun: string): string {
  return logRun.replaceAll(logDirectory, () => shellWord(layout.log))
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
