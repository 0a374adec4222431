/**
 * The man pages: complete, true, and readable by man. What the checker looks at is said in scripts/check-man.js.
 *
 * Not tested: that the explanations are right, that the examples do what they say, and that a sentence whose severity is decided elsewhere
 * (words.ts) has the right one on its page, and its reason.
 */
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { scratch } from './support/tree.ts'

interface Page {
  name: string
  number: string
  sections: { name: string; entries: { tags: string[] }[] }[]
}

type Pages = Map<string, string>

const scripts = join(dirname(fileURLToPath(import.meta.url)), '../../scripts')
const { parsePage, readPages, renderPage } = (await import(join(scripts, 'man.js'))) as {
  parsePage(markdown: string): Page
  readPages(): Pages
  renderPage(markdown: string, version: string): string
}
const { findBreaches, readCode } = (await import(join(scripts, 'check-man.js'))) as {
  findBreaches(pages: Pages, code: unknown): string[]
  readCode(): unknown
}

const pages = readPages()
const code = readCode()
const breaches = findBreaches(pages, code)

t.test('the pages and the code say the same', async (t) => {
  t.ok(pages.size > 1)
  for (const breach of breaches) t.fail(breach)
})

t.test('every message, letter, action and exit status is missed when its page does not have it', async (t) => {
  let count = 0
  for (const [name, markdown] of pages) {
    for (const section of parsePage(markdown).sections) {
      if (!['OPTIONS', 'ACTIONS', 'EXIT STATUS', 'DIAGNOSTICS'].includes(section.name)) continue
      for (const tag of section.entries.flatMap(({ tags }) => tags)) {
        // The words for errno on the common page are a choice.
        if (name === 'daemontools' && !tag.includes(':')) continue
        // What is said of any file in supervise/ covers this one as well.
        if (tag === 'supervise: fatal: unable to write DIR/supervise/control: ERR') continue
        count++
        t.ok(newBreaches(name, without(markdown, section.name, tag)).length > 0, `${name}, ${section.name}: ${tag}`)
      }
    }
  }
  t.ok(count > 200, `${count} of them`)
})

t.test('what the code does not have is no part of a page', async (t) => {
  const svc = pages.get('svc')!
  const added = (section: string, entry: string): string => svc.replace(`## ${section}\n`, `## ${section}\n\n- ${entry}\n`)
  t.match(newBreaches('svc', added('OPTIONS', '`-w`: Wait.')), ['docs/man/svc.md: the code has no option -w'])
  t.match(newBreaches('svc', added('EXIT STATUS', '`1`: It did not work.')), ['docs/man/svc.md: the code has no exit status 1'])
  t.match(newBreaches('svc', added('DIAGNOSTICS', '`svc: fatal: unable to think: ERR`: It is late.')), ['docs/man/svc.md: the code does not say "svc: fatal: unable to think: ERR"'])
  t.match(newBreaches('svc', svc.replace('Nobody supervises', 'Deviation **nobody**: nobody supervises')), ['docs/man/svc.md: docs/deviations.md has no deviation nobody'])
  t.match(newBreaches('svc', svc.replace('**svok**(8)', '**svwhat**(8)')), ['docs/man/svc.md: SEE ALSO names svwhat(8), which does not exist'])
})

t.test('a page has its sections, in order, and its name', async (t) => {
  const svok = pages.get('svok')!
  t.match(newBreaches('svok', svok.replace('## FILES', '## FOLDERS')), ['docs/man/svok.md: no page has a section FOLDERS'])
  t.match(newBreaches('svok', svok.replace(/## EXAMPLES[^#]*/, '')), ['docs/man/svok.md: no section EXAMPLES'])
  t.match(newBreaches('svok', svok.replace(/(## FILES[^#]*)(## EXIT STATUS[^#]*)/, '$2$1')), [/^docs\/man\/svok.md: sections out of order/])
  t.match(newBreaches('svok', svok.replace('# svok(8)', '# svnok(8)')), [/^docs\/man\/svok.md: its title is svnok\(8\)/])
})

t.test('every command has a page, and every page a command', async (t) => {
  const fewer = new Map([...pages].filter(([name]) => name !== 'svok'))
  t.ok(findBreaches(fewer, code).includes('dist/command/svok has no page docs/man/svok.md'))
  const more = new Map([...pages, ['svwhat', pages.get('svok')!.replaceAll('svok', 'svwhat')]])
  t.ok(findBreaches(more, code).includes('docs/man/svwhat.md: there is no dist/command/svwhat'))
})

t.test('man formats every page without a warning, in 80 columns', { skip: spawnSync('groff', ['--version']).error ? 'groff is not installed' : false }, async (t) => {
  const folder = scratch(t)
  for (const [name, markdown] of pages) {
    const file = join(folder, `${name}.${parsePage(markdown).number}`)
    fs.writeFileSync(file, renderPage(markdown, '0'))
    const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-z', file], { encoding: 'latin1' })
    t.same({ status, stderr }, { status: 0, stderr: '' }, name)
    const shown = spawnSync('groff', ['-man', '-Tascii', '-P-c', '-P-b', '-P-u', '-rLL=80n', file], { encoding: 'latin1' })
    t.same(shown.stdout.replace(/.\x08/g, '').split('\n').filter((line) => line.length > 80), [], `${name}: no line is too long`)
    t.notMatch(shown.stdout, /\\f[BIR]|\*\*|`/, `${name}: no markup is left`)
  }
})

/** What is wrong with the pages once one of them reads otherwise. */
function newBreaches(name: string, markdown: string): string[] {
  return findBreaches(new Map([...pages, [name, markdown]]), code).filter((text) => !breaches.includes(text))
}

/** A page without one tag of a section, with that tag's comma or its colon. */
function without(markdown: string, section: string, tag: string): string {
  const quoted = `\`${tag.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\``
  const before = `(## ${section}\\n(?:(?!\\n## )[^])*?)`
  const further = new RegExp(`${before}(?<=\`), ${quoted}(?=, \`|: )`)
  const first = new RegExp(`${before}(?<=\\n- )${quoted}(?:, |: )`)
  return markdown.replace(first.test(markdown) ? first : further, '$1')
}
