/** A word of a script. Quotes are taken off; what the shell would put in for a variable or a command is left as it is written. */
export interface Word {
  text: string
  /** Nothing in it is filled in when the script runs: `text` is what the program gets. */
  isLiteral: boolean
  /** Counted from 1. */
  line: number
}

/** What a script is made of. `isQuoted`: not a reserved word, whatever it says. */
export type Token = ({ kind: 'word'; isQuoted: boolean } & Word) | { kind: 'operator'; text: string; line: number } | { kind: 'redirection'; text: string; line: number }

const operators = ['&&', '||', ';;', ';', '&', '|', '(', ')', '\n']
const redirections = ['&>>', '&>', '<<-', '<<', '<&', '<>', '<', '>>', '>&', '>|', '>']
const globs = '*?['

/**
 * Splits a script of the Bourne shell into words and operators. Here-documents are passed over. A quote that is never closed ends with the
 * script: whatever the text is, there is an answer.
 */
export function scan(script: string): Token[] {
  return new Scanner(script).scan()
}

class Scanner {
  readonly #script: string
  #at = 0
  #line = 1
  readonly #tokens: Token[] = []
  /** Delimiters of here-documents that begin at the next newline. */
  readonly #documents: { delimiter: string; stripTabs: boolean }[] = []

  constructor(script: string) {
    this.#script = script
  }

  scan(): Token[] {
    while (this.#at < this.#script.length) this.#next()
    return this.#tokens
  }

  #next(): void {
    const rest = this.#peek()
    if (rest === ' ' || rest === '\t' || rest === '\r') return void this.#at++
    if (this.#skipContinuation()) return
    if (rest === '#') return void (this.#at = this.#find('\n', this.#at))
    const redirection = this.#redirection()
    if (redirection !== undefined) return this.#pushRedirection(redirection)
    const operator = operators.find((each) => this.#script.startsWith(each, this.#at))
    if (operator === undefined) return this.#word()
    this.#tokens.push({ kind: 'operator', text: operator, line: this.#line })
    this.#advance(operator.length)
    if (operator === '\n') this.#skipDocuments()
  }

  /** With the number of a descriptor right before it. */
  #redirection(): string | undefined {
    const digits = /\d*/y
    digits.lastIndex = this.#at
    const [number] = digits.exec(this.#script)!
    const operator = redirections.find((each) => this.#script.startsWith(each, this.#at + number.length))
    return operator === undefined ? undefined : number + operator
  }

  #pushRedirection(text: string): void {
    this.#tokens.push({ kind: 'redirection', text, line: this.#line })
    this.#at += text.length
    if (!/<<-?$/.test(text)) return
    while (' \t'.includes(this.#peek()) && this.#peek() !== '') this.#at++
    this.#word()
    const delimiter = this.#tokens.at(-1)
    if (delimiter?.kind === 'word') this.#documents.push({ delimiter: delimiter.text, stripTabs: text.endsWith('-') })
  }

  #skipDocuments(): void {
    for (const { delimiter, stripTabs } of this.#documents.splice(0)) {
      while (this.#at < this.#script.length) {
        const end = this.#find('\n', this.#at)
        const line = this.#script.slice(this.#at, end)
        this.#advance(end + 1 - this.#at)
        if ((stripTabs ? line.replace(/^\t+/, '') : line) === delimiter) break
      }
    }
  }

  #word(): void {
    const { line } = { line: this.#line }
    const start = this.#at
    let text = ''
    let isLiteral = true
    let isQuoted = false
    for (; this.#at < this.#script.length; ) {
      const character = this.#peek()
      if (' \t\r\n;&|()<>'.includes(character)) break
      if (this.#skipContinuation()) continue
      if (character === "'") {
        const end = this.#find("'", this.#at + 1)
        text += this.#script.slice(this.#at + 1, end)
        this.#advance(end + 1 - this.#at)
        isQuoted = true
      } else if (character === '"') {
        const quoted = this.#doubleQuoted()
        text += quoted.text
        isLiteral &&= quoted.isLiteral
        isQuoted = true
      } else if (character === '\\') {
        text += this.#script[this.#at + 1] ?? ''
        this.#advance(2)
        isQuoted = true
      } else if (character === '$' || character === '`') {
        const expansion = this.#expansion()
        text += expansion
        isLiteral &&= expansion === '$'
      } else {
        if (globs.includes(character)) isLiteral = false
        text += character
        this.#at++
      }
    }
    if (this.#at === start) this.#advance(1) // a character that nobody claims
    else this.#tokens.push({ kind: 'word', text, isLiteral, isQuoted, line })
  }

  #doubleQuoted(): { text: string; isLiteral: boolean } {
    let text = ''
    let isLiteral = true
    this.#at++
    while (this.#at < this.#script.length && this.#peek() !== '"') {
      if (this.#skipContinuation()) continue
      const character = this.#peek()
      if (character === '\\' && '$`"\\'.includes(this.#script[this.#at + 1] ?? ' ')) {
        text += this.#script[this.#at + 1]
        this.#at += 2
      } else if (character === '$' || character === '`') {
        const expansion = this.#expansion()
        text += expansion
        isLiteral &&= expansion === '$'
      } else {
        text += character
        this.#advance(1)
      }
    }
    this.#at++
    return { text, isLiteral }
  }

  /** A variable or a command between its brackets, as it is written. */
  #expansion(): string {
    const start = this.#at
    if (this.#peek() === '`') this.#advance(this.#find('`', this.#at + 1) + 1 - this.#at)
    else if (this.#script[start + 1] === '(' || this.#script[start + 1] === '{') this.#brackets()
    else {
      const name = /\$(\w+|[@*#?$!-])?/y
      name.lastIndex = start
      this.#advance(name.exec(this.#script)![0].length)
    }
    return this.#script.slice(start, this.#at)
  }

  #brackets(): void {
    const [open, close] = this.#script[this.#at + 1] === '(' ? ['(', ')'] : ['{', '}']
    let depth = 0
    this.#at++
    while (this.#at < this.#script.length) {
      const character = this.#peek()
      if (character === "'" && open === '(') this.#advance(this.#find("'", this.#at + 1) - this.#at)
      else if (character === '\\') this.#advance(1)
      else if (character === open) depth++
      else if (character === close) depth--
      this.#advance(1)
      if (depth === 0) return
    }
  }

  #skipContinuation(): boolean {
    if (!this.#script.startsWith('\\\n', this.#at)) return false
    this.#advance(2)
    return true
  }

  #peek(): string {
    return this.#script[this.#at] ?? ''
  }

  /** Where the text is next, or the end. */
  #find(text: string, from: number): number {
    const found = this.#script.indexOf(text, from)
    return found === -1 ? this.#script.length : found
  }

  #advance(length: number): void {
    const end = Math.min(this.#at + length, this.#script.length)
    for (; this.#at < end; this.#at++) if (this.#script[this.#at] === '\n') this.#line++
  }
}
