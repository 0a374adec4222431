import { scan, type Token, type Word } from './scan.ts'

/** A simple command: a program or a builtin with its arguments. */
export interface Command {
  line: number
  /** The program first. Empty if there are only assignments or redirections. */
  words: Word[]
  assignments: { name: string; value: Word }[]
  /** `operator` with the number of the descriptor, as it is written: `2>&`. */
  redirections: { operator: string; target: Word }[]
  /** In how many `if`, loops, `case`, brackets and functions it stands. */
  depth: number
  /** Whether it runs depends on the command before it: `&&`, `||`. */
  isConditional: boolean
  /** A `|` is before it, or behind it. */
  isPiped: boolean
  /** A `&` is behind it. */
  isBackground: boolean
}

export interface Script {
  commands: Command[]
  /** The last thing that the script does, if that is a simple command. */
  last: Command | undefined
}

const openers = ['if', 'while', 'until', 'for', 'case', '{']
const closers = ['fi', 'done', 'esac', '}']
const connectors = ['then', 'else', 'elif', 'do', '!', 'in', 'function', 'time']

/** What a script of the Bourne shell does, as far as it can be seen without running it. It is read, not checked: whatever the text is, there is an answer. */
export function parseScript(text: string): Script {
  return new Parser(scan(text)).parse()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  /** The depths of the `case`s that we are in. */
  readonly #cases: number[] = []
  readonly #commands: Command[] = []
  #last: Command | undefined
  #isConditional = false
  #isPiped = false

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  parse(): Script {
    while (this.#at < this.#tokens.length) this.#step()
    return { commands: this.#commands, last: this.#last }
  }

  #step(): void {
    const token = this.#tokens[this.#at]!
    if (token.kind === 'operator') return this.#operator(token.text)
    if (token.kind === 'word' && !token.isQuoted) {
      if (openers.includes(token.text)) return this.#open(token.text)
      if (closers.includes(token.text)) return this.#close(token.text)
      if (connectors.includes(token.text)) return void this.#at++
    }
    this.#command(token.line)
  }

  #operator(text: string): void {
    this.#at++
    if (text === '(') this.#depth++
    else if (text === ')') this.#leave()
    else if (text === ';;' && this.#cases.at(-1) === this.#depth) this.#skipPattern()
    this.#isConditional = text === '&&' || text === '||' || (this.#isConditional && text === '\n')
    this.#isPiped = text === '|'
  }

  #open(word: string): void {
    this.#at++
    this.#depth++
    if (word === 'for') this.#skipUntil((token) => token.kind === 'operator' && (token.text === ';' || token.text === '\n'))
    if (word !== 'case') return
    this.#cases.push(this.#depth)
    this.#skipUntil((token) => token.kind === 'word' && token.text === 'in')
    this.#at++
    this.#skipPattern()
  }

  #close(word: string): void {
    this.#at++
    if (word === 'esac') this.#cases.pop()
    this.#leave()
  }

  #leave(): void {
    this.#depth = Math.max(0, this.#depth - 1)
    this.#last = undefined
    this.#skipRedirections()
  }

  /** Those behind a closing bracket or word belong to all that is within. */
  #skipRedirections(): void {
    while (this.#tokens[this.#at]?.kind === 'redirection') this.#at += 2
  }

  /** Of a case, up to its bracket; but `esac` is none. */
  #skipPattern(): void {
    while (this.#isOperator('\n')) this.#at++
    const token = this.#tokens[this.#at]
    if (token?.kind === 'word' && token.text === 'esac') return
    if (this.#isOperator('(')) this.#at++
    this.#skipUntil((each) => each.kind === 'operator' && each.text === ')')
    this.#at++
  }

  #skipUntil(holds: (token: Token) => boolean): void {
    while (this.#at < this.#tokens.length && !holds(this.#tokens[this.#at]!)) this.#at++
  }

  #isOperator(text: string): boolean {
    const token = this.#tokens[this.#at]
    return token?.kind === 'operator' && token.text === text
  }

  #command(line: number): void {
    const command: Command = { line, words: [], assignments: [], redirections: [], depth: this.#depth, isConditional: this.#isConditional, isPiped: this.#isPiped, isBackground: false }
    this.#isConditional = false
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]!
      if (token.kind === 'operator') break
      if (token.kind === 'redirection') this.#redirect(command, token)
      else this.#take(command, token)
    }
    // NAME() begins a function
    if (this.#isOperator('(') && command.words.length === 1) {
      this.#at += 2
      return
    }
    if (this.#isOperator('|')) command.isPiped = true
    if (this.#isOperator('&')) command.isBackground = true
    this.#commands.push(command)
    this.#last = this.#depth === 0 ? command : undefined
  }

  #redirect(command: Command, { text, line }: Token): void {
    const target = this.#tokens[this.#at + 1]
    if (target?.kind !== 'word') return
    this.#at++
    command.redirections.push({ operator: text, target: { text: target.text, isLiteral: target.isLiteral, line } })
  }

  #take(command: Command, { text, line, ...rest }: Token): void {
    const word: Word = { text, line, isLiteral: 'isLiteral' in rest && rest.isLiteral }
    const assignment = command.words.length === 0 ? /^([A-Za-z_]\w*)=([^]*)$/.exec(text) : null
    if (assignment === null) command.words.push(word)
    else command.assignments.push({ name: assignment[1]!, value: { ...word, text: assignment[2]! } })
  }
}
