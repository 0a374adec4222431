/** The C declarations of native.ts, read: which machine words a function takes. */

export type Type = 'i32' | 'u32' | 'i64' | 'u64' | 'i64_fast' | 'ptr' | 'void'

export interface Declaration {
  returns: Type
  /** `kind`: what the caller gives for it. */
  parameters: { type: Type; kind: 'number' | 'bytes' | 'pointers' | 'ints' | 'pollfds' | 'tm' | 'int64' }[]
  symbol: string
}

/** Of what native.ts declares: `int pipe2(_Out_ int *ends, int flags)`. */
export function parseDeclaration(text: string): Declaration {
  const match = /^(.*?)(\w+)\((.*)\)$/.exec(text)!
  const [, returns, symbol, list] = match
  const parameters = list === 'void' || list === '' ? [] : list!.split(',').map((parameter) => parameterOf(parameter.trim()))
  return { returns: returns!.includes('*') ? 'ptr' : wordOf(returns!.trim()), parameters, symbol: symbol! }
}

function parameterOf(text: string): Declaration['parameters'][number] {
  if (!text.includes('*')) return { type: wordOf(text.replace(/\w+$/, '').trim()), kind: 'number' }
  if (text.includes('**')) return { type: 'ptr', kind: 'pointers' }
  if (/_Out_ int \*/.test(text)) return { type: 'ptr', kind: 'ints' }
  if (/pollfd \*/.test(text)) return { type: 'ptr', kind: 'pollfds' }
  if (/ tm \*/.test(text)) return { type: 'ptr', kind: 'tm' }
  if (/int64_t \*/.test(text)) return { type: 'ptr', kind: 'int64' }
  return { type: 'ptr', kind: 'bytes' }
}

function wordOf(type: string): Type {
  const words: Record<string, Type> = { void: 'void', short: 'i32', int: 'i32', 'unsigned int': 'u32', long: 'i64_fast', 'unsigned long': 'u64' }
  const word = words[type]
  if (word === undefined) throw new Error(`no word for the type ${type}`)
  return word
}
