import type { Setting } from '@daemontools-ts/unix'

/**
 * The variable that a file stands for (envdir.c): the value is its first line without trailing blanks, NUL standing for a newline; an empty file
 * unsets it.
 * @param name The file's name. @param text What is in it, one character a byte.
 */
export function variableOf(name: string, text: string): Setting {
  if (text === '') return { name }
  const end = text.indexOf('\n')
  const line = end === -1 ? text : text.slice(0, end)
  let length = line.length
  while (length > 0 && (line[length - 1] === ' ' || line[length - 1] === '\t')) length--
  return { name, value: line.slice(0, length).replaceAll('\0', '\n') }
}
