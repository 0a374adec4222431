import { attempt, label, list, pausing, stat, type Steps, told } from './request.ts'
import type { Directory } from './script.ts'

const ENOENT = 2
/** `@` and 24 digits. */
const labelLength = 25

/**
 * Puts a file, if there is one, among the old files: safe (it was written to disk, and processed if there is a processor) or
 * unsafe. Then removes the oldest until there is room for the next.
 */
export function* finish(directory: Directory, name: string, code: 's' | 'u'): Steps<void> {
  const { path } = directory
  const status = yield* stat(name, pausing(`unable to stat ${path}/${name}`))
  if (status === undefined) return
  // With a second link it has been here before, and was interrupted.
  if (status.links === 1) yield* linkToLabel(path, name, code)
  yield { do: 'unlink', name, ...pausing(`unable to remove ${path}/${name}`) }
  yield* prune(directory)
}

function* linkToLabel(path: string, name: string, code: string): Steps<void> {
  for (;;) {
    const to = `${yield* label()}.${code}`
    const errno = yield* attempt({ do: 'link', from: name, to, ...told })
    if (errno === 0) return
    yield { do: 'pause', warning: `unable to link to ${path}/${to}, pausing`, errno }
  }
}

function* prune(directory: Directory): Steps<void> {
  const { path, count } = directory
  for (let old = yield* listOld(directory); old.length >= count; ) {
    const name = old.reduce((oldest, each) => (each.slice(0, labelLength) < oldest.slice(0, labelLength) ? each : oldest))
    const errno = yield* attempt({ do: 'unlink', name, ...told })
    if (errno === 0) {
      old = old.filter((each) => each !== name)
      continue
    }
    // The C program does not say it and tries again at once, for ever.
    if (errno !== ENOENT) yield { do: 'pause', warning: `unable to remove ${path}/${name}, pausing`, errno }
    old = yield* listOld(directory)
  }
}

function* listOld({ path }: Directory): Steps<string[]> {
  return (yield* list(pausing(`unable to read ${path}`))).filter(isOld)
}

function isOld(name: string): boolean {
  return name[0] === '@' && name.length >= labelLength
}
