/** npm run compare [-- --all] [-- WORD…]: only the rows whose command or name holds one of the words. */
import { compare, whyNot } from './compare.ts'
import { difference, summary, tableLine, total } from './report.ts'
import { rows } from './rows/index.ts'

const reason = whyNot()
if (reason !== undefined) {
  console.error(`compare: fatal: ${reason}`)
  process.exit(111)
}
const all = process.argv.includes('--all')
const words = process.argv.slice(2).filter((word) => word !== '--all')
const wanted = rows.filter(({ command, name }) => words.length === 0 || words.some((word) => command === word || name.includes(word)))
const verdicts = await compare(wanted)
if (all) for (const verdict of verdicts) console.log(tableLine(verdict))
for (const line of summary(verdicts)) console.log(line)
for (const verdict of verdicts) if (verdict.kind === 'different') console.log(`\n${difference(verdict).join('\n')}`)
console.log(`\n${total(verdicts)}`)
process.exit(verdicts.every(({ kind }) => kind === 'same' || kind === 'allowed') ? 0 : 1)
