// Makes the man pages: docs/man/NAME.md becomes dist/man/NAME.8, in roff's man macros. `node scripts/man.js [FOLDER]`
//
// A page is Markdown with a heading `# NAME(8)` and sections below it. An item of a list that begins with code and a colon is a tagged
// paragraph: "- `-u`: up". Several tags are separated by commas, or stand one on a line. What has no place in a page throws.
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lexer } from 'marked'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The pages as they are written, by name. */
export function readPages(folder = join(root, 'docs', 'man')) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.md')).sort()
  return new Map(files.map((file) => [file.slice(0, -'.md'.length), readFileSync(join(folder, file), 'utf8')]))
}

/**
 * A page taken apart: its name and section number, and its sections, each with marked's tokens and the tagged paragraphs among them
 * as `{ tags, text }`, `text` in Markdown.
 */
export function parsePage(markdown) {
  const [title, ...tokens] = lexer(markdown).filter(({ type }) => type !== 'space')
  const [, name, number] = /^([a-z0-9-]+)\((\d)\)$/.exec(title?.depth === 1 ? title.text : '') ?? []
  if (name === undefined) throw new Error('a page begins with "# NAME(8)"')
  const sections = []
  for (const token of tokens) {
    if (token.type === 'heading' && token.depth === 2) sections.push({ name: token.text, tokens: [], entries: [] })
    else if (sections.length === 0) throw new Error('text before the first section')
    else sections.at(-1).tokens.push(token)
  }
  for (const section of sections) section.entries = section.tokens.flatMap(entriesOf)
  return { name, number, sections }
}

/** A page in roff. */
export function renderPage(markdown, version) {
  const { name, number, sections } = parsePage(markdown)
  const lines = [`.TH ${name.toUpperCase()} ${number} "" "daemontools-ts ${version}" "daemontools-ts"`, '.ad l', '.nh']
  for (const section of sections) {
    lines.push(`.SH ${section.name}`)
    // In these, what a tag says in capitals stands for something else.
    const hasPlaceholders = ['OPTIONS', 'ACTIONS', 'LETTERS', 'DIAGNOSTICS'].includes(section.name)
    let isFirst = true
    for (const token of section.tokens) {
      lines.push(...renderBlock(token, { start: isFirst ? [] : ['.PP'], hasPlaceholders }))
      isFirst = false
    }
  }
  return lines.join('\n') + '\n'
}

function entriesOf(token) {
  if (token.type !== 'list') return []
  return token.items.flatMap((item) => {
    const tagged = splitTags(item.tokens[0])
    const below = item.tokens.flatMap(entriesOf)
    return tagged === undefined ? below : [{ tags: tagged.tags.map(({ text }) => text), text: item.text }, ...below]
  })
}

/** The code at the start of a paragraph up to a colon, and what follows; undefined if it does not begin so. */
function splitTags(paragraph) {
  const tokens = paragraph?.tokens ?? []
  const tags = []
  for (let at = 0; tokens[at]?.type === 'codespan'; at += 2) {
    tags.push(tokens[at])
    const next = tokens[at + 1]
    if (next?.type === 'text' && /^:\s/.test(next.text)) return { tags, rest: [{ ...next, text: next.text.slice(2) }, ...tokens.slice(at + 2)] }
    if (next?.type === 'br') continue
    if (next?.type !== 'text' || !/^,?\s+$/.test(next.text)) return undefined
  }
  return undefined
}

/** @param start What begins a paragraph here: nothing right after a heading. */
function renderBlock(token, { start, hasPlaceholders }) {
  switch (token.type) {
    case 'space':
      return []
    case 'heading':
      return [`.SS ${inline(token.tokens)}`]
    case 'paragraph':
    case 'text':
      return [...start, fill(inline(token.tokens ?? [token]))]
    case 'code':
      return [...(start.length > 0 ? start : ['.PP']), '.RS 4', '.nf', ...token.text.split('\n').map((line) => protect(code(line))), '.fi', '.RE']
    case 'list':
      return token.items.flatMap((item) => renderItem(item, hasPlaceholders))
    default:
      throw new Error(`a man page has no ${token.type}: ${token.raw.slice(0, 60)}`)
  }
}

function renderItem(item, hasPlaceholders) {
  const [first, ...rest] = item.tokens
  const tagged = splitTags(first)
  const head = (tag) => `\\fB${hasPlaceholders ? withPlaceholders(code(tag)) : code(tag)}\\fR`
  const lines =
    tagged === undefined
      ? ['.IP \\(bu 2', fill(inline(first.tokens))]
      : [...renderTags(tagged.tags.map(({ text }) => text), head), fill(inline(tagged.rest))]
  for (const token of rest) {
    if (token.type === 'list') lines.push('.RS', ...renderBlock(token, { start: ['.PP'], hasPlaceholders }), '.RE')
    else lines.push(...renderBlock(token, { start: ['.IP'], hasPlaceholders }))
  }
  return lines
}

/** Short tags share a line. */
function renderTags(tags, head) {
  if (tags.join(', ').length < 60) return ['.TP', protect(tags.map(head).join(', '))]
  return tags.flatMap((tag, at) => [at === 0 ? '.TP' : '.TQ', protect(head(tag))])
}

function inline(tokens) {
  return tokens.map(inlineToken).join('')
}

function inlineToken(token) {
  switch (token.type) {
    case 'text':
    case 'escape':
      return plain(unescapeEntities(token.text))
    case 'codespan':
      return `\\fB${breakable(code(token.text))}\\fR`
    case 'strong':
      return `\\fB${inline(token.tokens)}\\fR`
    case 'em':
      return `\\fI${inline(token.tokens)}\\fR`
    case 'br':
      return '\n.br\n'
    case 'link':
      return plain(token.text)
    default:
      throw new Error(`a man page has no ${token.type} in its text: ${token.raw.slice(0, 60)}`)
  }
}

/** Text that is to arrive as it was typed: roff would set other quotes and dashes. */
function code(text) {
  return plain(text).replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('`', '\\(ga').replaceAll('^', '\\(ha').replaceAll('~', '\\(ti')
}

function plain(text) {
  return text.replaceAll('\\', '\\e').replace(/[^\x00-\x7f]/gu, (character) => `\\[u${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

/** A word that is longer than a line, with places to break it. */
function breakable(text) {
  return text.replace(/\S{60,}/g, (word) => word.replaceAll(':', ':\\:'))
}

function withPlaceholders(text) {
  return text.replace(/(?<![A-Za-z])[A-Z][A-Z0-9]*(?![A-Za-z0-9])/g, (name) => `\\fI${name}\\fB`)
}

/** A paragraph's source lines, one each, none of which roff may take for a request. */
function fill(text) {
  return text.split('\n').map((line) => (line === '.br' ? line : protect(line.trim()))).join('\n')
}

function protect(line) {
  return /^(\\f[BIR])?[.']/.test(line) ? `\\&${line}` : line
}

function unescapeEntities(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

/** Writes all pages into a folder. */
export function makePages(folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(folder, { recursive: true })
  for (const [name, markdown] of readPages()) {
    try {
      writeFileSync(join(folder, `${name}.${parsePage(markdown).number}`), renderPage(markdown, version))
    } catch (error) {
      throw new Error(`docs/man/${name}.md: ${error.message}`, { cause: error })
    }
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) makePages(process.argv[2] ?? join(root, 'dist', 'man'))
