/** A service directory for a program, as values: what is to be made, before anything is. */

/** In the order in which they are made. */
export interface Plan {
  items: Item[]
  /** What the person does next, as commands; `#` begins a remark. */
  next: string[]
}

export type Item =
  | { make: 'directory'; path: string; mode: number; owner?: string | undefined }
  | { make: 'file'; path: string; mode: number; content: string; owner?: string | undefined }

export interface Wish {
  name: string
  /** The service directory, absolute. */
  directory: string
  /** The program and its arguments. */
  program: readonly string[]
  /** Runs the program; undefined: whoever runs svscan. */
  user: string | undefined
  /** Runs the logger; undefined: whoever runs svscan. */
  logUser: string | undefined
  /** The log directory, absolute. */
  log: string
  /** The service folder. */
  root: string
  /** A folder of files to begin with, instead of a program: content and mode by path. */
  template?: ReadonlyMap<string, { content: string; mode: number }>
  /** The template's own log directory, to be replaced. */
  templateLog?: string
}

/** A run, a log/run and what they need. Pure. */
export function plan(wish: Wish): Plan {
  return wish.template === undefined ? planProgram(wish) : planTemplate(wish, wish.template)
}

function planProgram(wish: Wish): Plan {
  const { name, directory, program, user, root } = wish
  const chain = [...(user === undefined ? [] : ['setuidgid', user]), ...program]
  return {
    items: [
      { make: 'directory', path: directory, mode: 0o755 },
      { make: 'directory', path: `${directory}/log`, mode: 0o755 },
      logDirectory(wish),
      { make: 'file', path: `${directory}/log/run`, mode: 0o755, content: logRun(wish) },
      {
        make: 'file',
        path: `${directory}/run`,
        mode: 0o755,
        content: `#!/bin/sh\n# ${name}/run: ${comment(program[0]!)} in the foreground${user === undefined ? '' : `, as the account ${user}`}.\nexec 2>&1\nexec ${chain.map(shellWord).join(' ')}\n`,
      },
    ],
    next: [`svctl check ${shellWord(directory)}`, `ln -s ${shellWord(directory)} ${shellWord(`${root}/${name}`)}`, `svctl logs -f ${shellWord(name)}`],
  }
}

function planTemplate(wish: Wish, template: NonNullable<Wish['template']>): Plan {
  const { name, directory, user, root } = wish
  const folders = [...new Set([...template.keys()].flatMap((path) => (path.includes('/') ? [path.slice(0, path.lastIndexOf('/'))] : [])))]
  const example = [...template.keys()].find((path) => path.endsWith('.conf.example'))
  const configuration = example?.replace(/\.example$/, '')
  const items: Item[] = [
    { make: 'directory', path: directory, mode: 0o755 },
    ...folders.map((folder): Item => ({ make: 'directory', path: `${directory}/${folder}`, mode: 0o755 })),
    // fetchmail's home: its pid file and the ids of what it has seen
    { make: 'directory', path: `${directory}/pid`, mode: 0o700, owner: user },
    logDirectory(wish),
    ...[...template].filter(([path]) => path !== 'run' && path !== 'log/run').map(([path, { content, mode }]): Item => ({ make: 'file', path: `${directory}/${path}`, mode, content })),
    ...(configuration === undefined ? [] : [{ make: 'file' as const, path: `${directory}/${configuration}`, mode: 0o600, content: template.get(example!)!.content, owner: user }]),
    { make: 'file', path: `${directory}/log/run`, mode: 0o755, content: template.has('log/run') ? adapt(template.get('log/run')!.content, wish) : logRun(wish) },
    { make: 'file', path: `${directory}/run`, mode: 0o755, content: template.get('run')!.content },
  ]
  return {
    items,
    next: [
      ...(configuration === undefined ? [] : [`vi ${shellWord(`${directory}/${configuration}`)}  # server, user, password`]),
      `svctl check ${shellWord(directory)}`,
      `ln -s ${shellWord(directory)} ${shellWord(`${root}/${name}`)}`,
      `svctl logs -f ${shellWord(name)}`,
    ],
  }
}

function adapt(content: string, { log, templateLog }: Wish): string {
  return templateLog === undefined ? content : content.replaceAll(templateLog, () => shellWord(log))
}

function logDirectory({ log, logUser }: Wish): Item {
  return { make: 'directory', path: log, mode: 0o700, owner: logUser }
}

function logRun({ name, log, logUser }: Wish): string {
  const chain = [...(logUser === undefined ? [] : ['setuidgid', logUser]), 'multilog', 't', log]
  return `#!/bin/sh\n# ${name}/log/run: what ${comment(name)} says, each line with its time.\nexec ${chain.map(shellWord).join(' ')}\n`
}

/** Nothing in it may end a comment. */
function comment(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?')
}

/** Why a name is none for a service, undefined if it is one. */
export function faultOf(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.startsWith('.')) return 'svscan passes over names that begin with a dot'
  if (name.startsWith('-')) return 'it would be taken for an option'
  if (name.includes('/')) return 'it has a slash in it; --dir says where'
  if (/[\s\x00-\x1f\x7f*?[\]'"\\$`]/.test(name)) return 'it has blanks or characters that a shell takes for its own'
  return name.length > 250 ? 'it is too long' : undefined
}

/** A word as sh reads it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
