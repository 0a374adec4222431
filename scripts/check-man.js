// Whether the man pages are complete and true: what the code can do and say is on the page, and what is on the page is in the code.
// `node scripts/check-man.js` says each breach and exits 1 if there is one; test/man.test.ts does the same.
//
// The code is read, not run. A message is known by how it is said: die(), warn(), usage(), say() and the like, `what:` and `warning:`
// of a value, a table of words, or a sentence that begins with "unable to". Where it has a variable, the page has a name in capitals.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { parsePage, readPages } from './man.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The page that is about no command, but about what all of them have in common. */
const commonPage = 'daemontools'

const sections = [
  ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'ACTIONS', 'LETTERS', 'FILES', 'SIGNALS', 'ENVIRONMENT'],
  ...['EXIT STATUS', 'DIAGNOSTICS', 'EXAMPLES', 'SEE ALSO'],
]
const required = ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'EXIT STATUS', 'DIAGNOSTICS', 'EXAMPLES', 'SEE ALSO']

/** Other people's pages that ours mention. */
const elsewhere = ['fetchmail(1)', 'ps(1)', 'flock(2)', 'fsync(2)', 'setrlimit(2)', 'setsid(2)', 'proc(5)']

/** Errors that do not leave the file in which they are thrown. */
const caught = ['the kernel does not tell']

/** Stands for whatever the code fills in. */
const hole = '\0'

/** What of a command's code another command says for it, on whose page it is. */
const spokenFor = { multilogd: 'multilog' }

/**
 * What the code says about each command, for findBreaches().
 * @param folder The checkout, built.
 */
export function readCode(folder = root) {
  const read = (path) => readFileSync(join(folder, path), 'utf8')
  const packages = ['packages', 'services'].flatMap((parent) => namesIn(join(folder, parent)).map((name) => join(folder, parent, name)))
  const bins = packages.flatMap((path) => namesIn(join(path, 'src/bin')).map((name) => join(path, 'src/bin', name))).filter((path) => path.endsWith('.ts'))
  const scripts = packages.flatMap((path) => namesIn(path).map((name) => join(path, name))).filter(isScript)
  const commands = new Map([
    ...bins.map((path) => [basename(path, '.ts'), readCommand(path, folder)]),
    ...scripts.map((path) => [basename(path), readScript(readFileSync(path, 'utf8'))]),
  ])
  return {
    commands,
    built: readdirSync(join(folder, 'dist', 'command')),
    common: readCommon(folder),
    errnoTexts: [...read('packages/command/src/errorstr.ts').matchAll(/^(?:export const errnoTexts = `)?\d+ ([^`\n]+)/gm)].map((match) => match[1]),
    deviations: readDeviations(read('docs/deviations.md')),
  }
}

/** Each breach in a sentence. `pages` is Markdown by name, `code` comes from readCode(). */
export function findBreaches(pages, code) {
  const breaches = []
  const parsed = new Map()
  for (const [name, markdown] of pages) {
    try {
      parsed.set(name, parsePage(markdown))
    } catch (error) {
      breaches.push(`docs/man/${name}.md: ${error.message}`)
    }
  }
  for (const name of code.built) if (!pages.has(name)) breaches.push(`dist/command/${name} has no page docs/man/${name}.md`)
  for (const [name, page] of parsed) {
    const breach = (text) => breaches.push(`docs/man/${name}.md: ${text}`)
    checkForm(name, page, breach)
    checkReferences(page, parsed, breach)
    checkDeviations(name, pages.get(name), code, breach)
    if (name === commonPage) checkCommonPage(page, parsed, code, breach)
    else checkCommandPage(name, page, pages.get(name), code, breach)
  }
  return breaches
}

function checkForm(name, page, breach) {
  if (page.name !== name) breach(`its title is ${page.name}(${page.number})`)
  if (page.number !== (name === commonPage ? '7' : '8')) breach(`it is in section ${page.number}`)
  const names = page.sections.map((section) => section.name)
  for (const missing of required.filter((section) => !names.includes(section) && !(name === commonPage && ['SYNOPSIS', 'EXAMPLES'].includes(section)))) {
    breach(`no section ${missing}`)
  }
  for (const unknown of names.filter((section) => !sections.includes(section))) breach(`no page has a section ${unknown}`)
  const places = names.map((section) => sections.indexOf(section))
  if (places.some((place, at) => at > 0 && place <= places[at - 1])) breach(`sections out of order: ${names.join(', ')}`)
  const line = textOf(page, 'NAME').trim()
  if (!line.startsWith(`${name} - `) || line.includes('\n')) breach(`NAME is not "${name} - what it is", one line`)
}

function checkReferences(page, parsed, breach) {
  for (const section of page.sections) {
    const text = section.tokens.map(({ raw }) => raw).join('')
    for (const [, name, number] of text.matchAll(/\*\*([\w.-]+)\*\*\((\d)\)/g)) {
      const isOurs = parsed.get(name)?.number === number
      if (!isOurs && !elsewhere.includes(`${name}(${number})`)) breach(`${section.name} names ${name}(${number}), which does not exist`)
      if (section.name === 'SEE ALSO' && name === page.name) breach('SEE ALSO names the page itself')
    }
    if (section.name === 'SEE ALSO' && !/^(\*\*[\w.-]+\*\*\(\d\)(,\s+)?)+$/.test(text.trim())) breach('SEE ALSO is not a list of **name**(section)')
  }
}

function checkDeviations(name, markdown, { deviations }, breach) {
  const marked = [...markdown.matchAll(/Deviation \*\*([\w-]+)\*\*/g)].map((match) => match[1])
  const all = new Set([...deviations.values()].flat())
  for (const deviation of marked) if (!all.has(deviation)) breach(`docs/deviations.md has no deviation ${deviation}`)
  for (const deviation of deviations.get(name) ?? []) if (!marked.includes(deviation)) breach(`"Deviation **${deviation}**" is missing`)
}

function checkCommonPage(page, parsed, { common, errnoTexts }, breach) {
  const messages = tagsOf(page, 'DIAGNOSTICS')
  checkMessages(messages.filter((message) => !errnoTexts.includes(message) && message !== 'unknown error'), common, breach)
  compare('exit status', ['0', '100', '101', '111'], tagsOf(page, 'EXIT STATUS'), breach)
  for (const name of parsed.keys()) if (name !== page.name && !textOf(page, 'SEE ALSO').includes(`**${name}**(8)`)) breach(`SEE ALSO lacks ${name}(8)`)
}

function checkCommandPage(name, page, markdown, { commands, built }, breach) {
  if (!built.includes(name)) breach(`there is no dist/command/${name}`)
  const command = commands.get(name)
  if (command === undefined) return breach('the source of this command was not found')
  checkMessages(tagsOf(page, 'DIAGNOSTICS'), command.sentences, breach)
  compare('exit status', command.exitCodes, tagsOf(page, 'EXIT STATUS'), breach)
  compare('option', command.options, tagsOf(page, 'OPTIONS').map((tag) => tag.split(' ')[0]), breach)
  compare('action', command.actions, tagsOf(page, 'ACTIONS').map((tag) => tag[0]), breach)
  const said = normalize(markdown)
  for (const reason of command.reasons) if (!said.some((text) => patternOf(text).test(reason))) breach(`the reason "${show(reason)}" is missing`)
  for (const word of command.words) if (!markdown.includes(word)) breach(`"${word}" is missing`)
}

function checkMessages(messages, sentences, breach) {
  const patterns = messages.map((message) => ({ message, pattern: patternOf(message) }))
  for (const { message, pattern } of patterns) {
    if (!sentences.some(({ forms }) => forms.some((form) => pattern.test(form)))) breach(`the code does not say "${message}"`)
  }
  for (const { forms, optional } of sentences) {
    if (!optional && !patterns.some(({ pattern }) => forms.some((form) => pattern.test(form)))) breach(`DIAGNOSTICS lacks "${show(forms[0])}"`)
  }
}

function compare(kind, inCode, onPage, breach) {
  for (const each of inCode) if (!onPage.includes(each)) breach(`the ${kind} ${each} is missing`)
  for (const each of onPage) if (!inCode.includes(each)) breach(`the code has no ${kind} ${each}`)
}

/** A message on a page as a pattern for what the code says: a name in capitals for anything without a blank or a slash. `launch` is no command. */
function patternOf(message) {
  const parts = message.split(/(?<![A-Za-z])[A-Z][A-Z0-9]*(?![A-Za-z0-9])/)
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('(?!launch:)[^ /]+')}$`)
}

function show(text) {
  return text.replaceAll(/\0+/g, 'X')
}

/** What is set as code, anywhere on a page. */
function normalize(markdown) {
  return [...markdown.matchAll(/`([^`\n]+)`/g)].map((match) => match[1])
}

function tagsOf(page, name) {
  const section = page.sections.find((each) => each.name === name)
  return section === undefined ? [] : section.entries.flatMap(({ tags }) => tags)
}

function textOf(page, name) {
  return page.sections.find((each) => each.name === name)?.tokens.map(({ raw }) => raw).join('') ?? ''
}

// ---- the code ----

/** A command in TypeScript: its file in src/bin and what that imports from its own package. */
function readCommand(path, folder) {
  const name = basename(path, '.ts')
  const files = [...closure(path)].map((file) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true))
  const text = files.map((file) => file.text).join('\n')
  const says = (pattern) => pattern.test(text)
  const listener = new Listener(name)
  const silent = spokenFor[name] === undefined ? new Set() : closure(join(dirname(path), `${spokenFor[name]}.ts`))
  for (const file of files) if (!silent.has(file.fileName)) listener.hear(file)
  if (name === 'multilog') hearStandIn(folder, listener)
  const sentences = listener.sentences.filter(({ forms }) => !forms[0].includes('internal error'))
  if (says(/\bgetopt\(/)) {
    sentences.push({ forms: [`${name}: illegal option -- ${hole}`] })
    if (says(/\[-\w \w+\]/)) sentences.push({ forms: [`${name}: option requires an argument -- ${hole}`] })
  }
  if (says(/\bchildProgram\(/)) sentences.push({ forms: [`${name}: fatal: unable to run ${hole}: ${hole}`] })
  const letters = name === 'svc' ? readControls(folder) : undefined
  if (letters !== undefined) sentences.push({ forms: [`svc options: ${letters.map(({ letter, word }) => `${letter} ${word}`).join(', ')}`] })
  const becomesAnother = says(/\bexecProgram\(|\bexit(Now)?\(end(ing)?\.code\)/)
  return {
    sentences,
    reasons: listener.reasons,
    exitCodes: [
      ...(!becomesAnother || says(/\bexit(Now)?\(0\)/) ? ['0'] : []),
      ...(says(/\boutcome\.untrue\b/) ? ['1'] : []),
      ...(says(/\boutcome\.critical\b/) ? ['2'] : []),
      ...(says(/\boutcome\.timedOut\b/) ? ['99'] : []),
      ...(says(/\busage\(|\b(exitCode|outcome)\.misuse\b/) ? ['100'] : []),
      ...['101', '111'], // main() and the launcher
    ],
    options: letters?.map(({ letter }) => `-${letter}`) ?? optionsIn(files),
    actions: name === 'multilog' ? [...new Set([...text.matchAll(/\bcase '(.)':|\[0\] === '(.)',/g)].map((match) => match[1] ?? match[2]))] : [],
    // what svstat adds to a status
    words: name === 'svstat' ? [...text.matchAll(/'(, [a-z ]+)'\]/g)].map((match) => match[1]) : [],
  }
}

/** What multilog says before there is a runtime. */
function hearStandIn(folder, { sentences, reasons }) {
  const text = readFileSync(join(folder, 'packages/unix/launch/standin.c'), 'utf8')
  const [, format] = /"(multilog: warning: [^"]*)\\n"/.exec(text)
  for (const [, what] of text.matchAll(/\bwarn\("([^"]*)"\);/g)) sentences.push({ forms: [format.replace('%s', what).replaceAll('%s', hole)] })
  for (const [, why] of text.matchAll(/\bwhy = (?:[^;]* )?"([^"]*)";/g)) reasons.push(why)
}

/** A command that is a shell script. */
function readScript(text) {
  return {
    sentences: [],
    reasons: [],
    exitCodes: ['0', ...[...text.matchAll(/\bexit (\d+)/g)].map((match) => match[1])],
    options: [],
    actions: [],
    words: [...text.matchAll(/^PATH=([\w/:]+)$/gm)].map((match) => match[1]),
  }
}

function isScript(path) {
  return !basename(path).includes('.') && statSync(path).isFile() && readFileSync(path, 'latin1').startsWith('#!')
}

function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function closure(path, seen = new Set()) {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const [, loaded, lazily] of readFileSync(path, 'utf8').matchAll(/ from '(\.[^']+\.ts)'|\bimport\('(\.[^']+\.ts)'\)/g)) {
    const file = join(dirname(path), loaded ?? lazily)
    if (existsSync(file)) closure(file, seen)
  }
  return seen
}

function readControls(folder) {
  const text = readFileSync(join(folder, 'packages/servicedir/src/control.ts'), 'utf8')
  return [...text.matchAll(/^ {2}(\w+): \['(.)'/gm)].map(([, word, letter]) => ({ word, letter }))
}

/** The option letters that are given to getopt(), or the words that are given to parseArgs() or, of yargs, to option(). */
function optionsIn(files) {
  const found = []
  for (const file of files) {
    visit(file, (node) => {
      if (!ts.isCallExpression(node)) return
      const callee = node.expression.getText()
      const options = node.arguments[0] && ts.isObjectLiteralExpression(node.arguments[0]) ? propertyOf(node.arguments[0], 'options') : undefined
      if (callee === 'parseArgs' && options) found.push(...options.properties.map((option) => `--${option.name.text}`))
      if (callee.endsWith('.option') && node.arguments[0] && ts.isStringLiteral(node.arguments[0])) found.push(`--${node.arguments[0].text}`)
      if (callee === 'getopt' && node.arguments[1] && ts.isStringLiteral(node.arguments[1])) found.push(...[...node.arguments[1].text.replaceAll(':', '')].map((letter) => `-${letter}`))
    })
    // svscan's only one
    for (const [, option] of file.text.matchAll(/^const \w*[oO]ption = '(--[\w-]+)'$/gm)) found.push(option)
    // softlimit's letters are the keys of a table
    for (const [, letter] of file.text.matchAll(/^ {2}([a-z]): \[[A-Z, ]+\],$/gm)) found.push(`-${letter}`)
  }
  return [...new Set(found)]
}

/** Messages of the launcher, and of main() and outliveErrors(), which every command may print. */
function readCommon(folder) {
  const launch = readFileSync(join(folder, 'packages/unix/launch/launch.c'), 'utf8')
  const formatOf = (name) => new RegExp(`snprintf\\(${name}, sizeof ${name}, "([^"]*)"`).exec(launch)[1].replaceAll(/%\w+/g, hole)
  const sentences = [...launch.matchAll(/\bdie\((name|"launch"), (?:"([^"]*)"|\w+), (?:"([^"]*)"|(why)\b|[^;]+)\);/g)].map(([, by, what, text, why]) => {
    const reason = text ?? (why === undefined ? hole : formatOf('why'))
    return { forms: [`${by === 'name' ? hole : 'launch'}: fatal: ${what ?? formatOf('what')}: ${reason}`] }
  })
  const listener = new Listener(hole)
  for (const name of ['main.ts', 'complain.ts']) {
    const path = join(folder, 'packages/command/src', name)
    listener.hear(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true))
  }
  return [...sentences, ...listener.sentences.filter(({ forms }) => forms[0].includes('internal error'))]
}

/** The names of the deviations by command, those of all commands under the common page. */
function readDeviations(markdown) {
  const deviations = new Map()
  for (const part of markdown.split(/^## /m).slice(1)) {
    const [title] = part.split('\n', 1)
    const names = [...part.matchAll(/^- \*\*([\w-]+)\*\*/gm)].map((match) => match[1])
    for (const command of title === 'All commands' ? [commonPage] : title.split(/,? and |, /)) deviations.set(command, names)
  }
  return deviations
}

/** Collects what a program's source files say. */
class Listener {
  /** `forms`: how a message may look, whole, with a hole for each variable; the page has one of them. */
  sentences = []
  /** Texts that come after a colon, as a system error would. */
  reasons = []
  #program
  #heard = new Set()

  constructor(program) {
    this.#program = program
  }

  hear(file) {
    visit(file, (node) => this.#look(node))
  }

  #look(node) {
    if (ts.isCallExpression(node)) this.#call(node)
    else if (ts.isNewExpression(node) && node.expression.getText() === 'Error' && node.arguments?.[0]) {
      for (const text of this.#take(node.arguments[0]).texts) if (isSentence(text) && !caught.includes(text)) this.reasons.push(text)
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'Failure' && node.arguments?.[0] && !ts.isObjectLiteralExpression(node.arguments[0])) {
      this.#say(node.arguments[0], (text) => this.#anyhow(text))
    } else if (ts.isNewExpression(node) && node.expression.getText() === 'Misuse' && node.arguments?.[0]) this.#say(node.arguments[0], (text) => [`${this.#program}: fatal: ${text}`])
    else if (ts.isPropertyAssignment(node)) this.#property(node)
    else if (isText(node) && !this.#heard.has(node)) this.#literal(node)
  }

  #call(node) {
    const callee = node.expression.getText()
    const [first, second, third] = node.arguments
    const why = third === undefined ? [false] : [true]
    switch (callee) {
      case 'die':
      case 'giveUp':
        return this.#say(second, (text) => this.#withWhy(`${this.#nameOf(first)}: fatal: ${text}`, why))
      case 'warn':
        return this.#say(second, (text) => this.#withWhy(`${this.#nameOf(first)}: warning: ${text}`, why))
      case 'usage':
        return this.#say(second, (text) => [`${this.#nameOf(first)}: usage: ${text}`])
      case 'say':
      case 'print':
        return this.#say(first, (text) => [text])
      case 'fatal':
        return this.#say(first, (text) => this.#withWhy(`${this.#program}: fatal: ${text}`, [true]))
      case 'pausing':
        return this.#say(first, (text) => this.#withWhy(`${this.#program}: warning: ${text}, pausing`, [true]))
      case 'pause':
        // one that begins with a variable is heard where that is set
        return this.#say(first, (text) => (text.startsWith(hole) ? [] : this.#withWhy(`${this.#program}: warning: ${text}`, [true])))
      case 'warnings.push':
        return this.#say(first, (text) => [`${this.#program}: warning: ${text}`])
      case 'remarks.push':
        return this.#say(first, (text) => [`# ${text}`])
    }
  }

  #property(node) {
    const name = node.name.getText()
    if (name === 'warning') {
      const hasReason = propertyOf(node.parent, 'errno') !== undefined
      this.#say(node.initializer, (text) => this.#withWhy(`${this.#program}: warning: ${text}`, [hasReason]))
    } else if (name === 'what' || name === 'complaint') this.#say(node.initializer, (text) => this.#anyhow(text))
    // what is printed by the last step before a program
    else if (name === 'message') this.#say(node.initializer, (text) => (text.endsWith(': ') && isSentence(text.replace(/^[\w-]+: fatal: /, '')) ? [text + hole] : []))
    else if (ts.isArrowFunction(node.initializer) && basename(node.getSourceFile().fileName) === 'words.ts') this.#say(node.initializer.body, (text) => this.#anyhow(text))
  }

  #literal(node) {
    const scope = ts.findAncestor(node, (each) => (ts.isFunctionDeclaration(each) || ts.isPropertyAssignment(each)) && /^remarks/.test(each.name?.getText() ?? ''))
    const isRemark = scope !== undefined && ts.isArrayLiteralExpression(node.parent)
    const { texts } = this.#take(node)
    if (isRemark) return this.#say(node, (text) => [`# ${text}`])
    if (texts.some((text) => /^(unable to |error writing |supervise not running$)/.test(text))) this.#say(node, (text) => this.#anyhow(text))
    // the words of a variable that are part of a longer sentence
    else if (/: bad format$/.test(texts[0])) this.#say(node, (text) => [`${hole}: ${text}`])
    else if (texts.some((text) => text.startsWith(`${this.#program}: usage: `))) this.#say(node, (text) => [text])
  }

  #say(node, formsOf) {
    if (node === undefined) return
    const { texts, isOneOf } = this.#take(node)
    const forms = texts.filter(isSentence).map(formsOf).filter((each) => each.length > 0)
    if (isOneOf && forms.length > 0) this.sentences.push({ forms: forms.flat() })
    else this.sentences.push(...forms.map((each) => ({ forms: each })))
  }

  /** A sentence that is said elsewhere: as what, and with what behind it, cannot be seen here. */
  #anyhow(text) {
    return [`${this.#program}: fatal: ${text}`, `${this.#program}: warning: ${text}`, `${hole}: ${text}`].flatMap((form) => this.#withWhy(form, [true, false]))
  }

  #withWhy(form, whys) {
    return whys.map((why) => (why ? `${form}: ${hole}` : form))
  }

  #nameOf(node) {
    return this.#take(node).texts[0]
  }

  /** What an expression can be, with a hole for what cannot be seen, or only one of several. */
  #take(node) {
    visit(node, (each) => void this.#heard.add(each))
    return expand(node)
  }
}

function expand(node) {
  if (ts.isStringLiteralLike(node)) return { texts: [node.text], isOneOf: false }
  if (ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce((text, span) => joined(joined(text, expand(span.expression)), { texts: [span.literal.text], isOneOf: false }), { texts: [node.head.text], isOneOf: false })
  }
  if (ts.isConditionalExpression(node)) {
    const [one, other] = [expand(node.whenTrue), expand(node.whenFalse)]
    return { texts: [...new Set([...one.texts, ...other.texts])], isOneOf: one.isOneOf || other.isOneOf }
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return joined(expand(node.left), expand(node.right))
  if (ts.isIdentifier(node)) return expandVariable(node)
  return { texts: [hole], isOneOf: false }
}

function joined(left, right) {
  return { texts: left.texts.flatMap((a) => right.texts.map((b) => a + b)), isOneOf: left.isOneOf || right.isOneOf }
}

/** Variables that are being expanded: one that is set to what it was, and more, has no end. */
const expanding = new Set()

/** A constant of the same file, or all that a variable is set to. */
function expandVariable(identifier) {
  const { text } = identifier
  if (expanding.has(text)) return { texts: [hole], isOneOf: false }
  expanding.add(text)
  try {
    return expandDeclared(identifier)
  } finally {
    expanding.delete(text)
  }
}

function expandDeclared(identifier) {
  let declaration
  const values = []
  visit(identifier.getSourceFile(), (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === identifier.text && node.initializer) declaration ??= node
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && node.left.getText() === identifier.text) values.push(node.right)
  })
  const initializer = declaration?.initializer
  if (initializer === undefined || !(isText(initializer) || ts.isConditionalExpression(initializer))) return { texts: [hole], isOneOf: false }
  return values.length === 0 ? expand(initializer) : { texts: [initializer, ...values].flatMap((value) => expand(value).texts), isOneOf: true }
}

function propertyOf(object, name) {
  return object.properties?.find((property) => property.name?.getText() === name)?.initializer ?? object.properties?.find((property) => ts.isShorthandPropertyAssignment(property) && property.name.text === name)
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function isSentence(text) {
  return /[a-z]{2}[ -]{0,2}[a-z]/.test(text.replaceAll(hole, ''))
}

function visit(node, look) {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const breaches = findBreaches(readPages(), readCode())
  for (const text of breaches) console.error(`check-man: ${text}`)
  console.log(`check-man: ${breaches.length === 0 ? 'the pages are complete' : `${breaches.length} breaches`}`)
  process.exit(breaches.length === 0 ? 0 : 1)
}
