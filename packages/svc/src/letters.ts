import { getopt } from '@daemontools-ts/command'
import { controls } from '@daemontools-ts/servicedir'

const usage = 'svc options: ' + [...controls].map(([letter, { word }]) => `${letter} ${word}`).join(', ')

export type Request = { letters: string; directories: string[] } | { complaints: string[] }

/** What svc's command line asks for: its letters in the order of their first appearance, once each, and the directories. */
export function parseRequest(args: readonly string[]): Request {
  const parsed = getopt(args, [...controls.keys()].join(''))
  if ('complaint' in parsed) return { complaints: [parsed.complaint, usage] }
  const letters = [...new Set(parsed.options.map(({ letter }) => letter))].join('')
  return { letters, directories: parsed.operands }
}
