/**
 * Command lines as they may be shown, copied and sent to others. ps shows them to everybody on this machine already; svctl's output
 * travels further. This is a net, no wall: a secret belongs into a file.
 */

/** Names of options and variables whose value is a secret. */
const secretName = /pass(w(or)?d|phrase)?$|secret|token|credential|api-?_?key|auth(orization)?$|private-?_?key|cookie|bearer/i
/** What stands in the place of a secret. */
const hidden = '***'

/** The arguments with the values of `--password=…`, `--token …`, `SECRET=…`, `Authorization: …` and `scheme://user:…@host` hidden. */
export function conceal(args: readonly string[]): string[] {
  let isSecret = false
  return args.map((arg, at) => {
    const isValue = isSecret && !arg.startsWith('-')
    isSecret = at > 0 && /^--?[\w-]+$/.test(arg) && secretName.test(arg)
    return isValue ? hidden : concealWord(arg)
  })
}

function concealWord(arg: string): string {
  const [, name, sign] = /^(-{0,2}[\w.-]+)(=|:\s?)/.exec(arg) ?? []
  if (name !== undefined && secretName.test(name)) return `${name}${sign}${hidden}`
  return arg
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^/\s:@]*):[^@/\s]+@/gi, `$1:${hidden}@`)
    .replace(/([?&;\s]([\w.-]+)=)([^&;\s]+)/g, (whole, head: string, name: string) => (secretName.test(name) ? `${head}${hidden}` : whole))
}
