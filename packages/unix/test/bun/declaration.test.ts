/** Not tested here: the calls themselves, which need the executable's runtime. The commands' tests are run with it. */
import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parseDeclaration } from '../../src/bun/declaration.ts'

t.test('parseDeclaration: numbers, bytes, and what comes back', async (t) => {
  t.strictSame(parseDeclaration('int pipe2(_Out_ int *ends, int flags)'), {
    returns: 'i32',
    symbol: 'pipe2',
    parameters: [{ type: 'ptr', kind: 'ints' }, { type: 'i32', kind: 'number' }],
  })
  t.strictSame(parseDeclaration('void *localtime_r(const int64_t *seconds, _Out_ tm *fields)'), {
    returns: 'ptr',
    symbol: 'localtime_r',
    parameters: [{ type: 'ptr', kind: 'int64' }, { type: 'ptr', kind: 'tm' }],
  })
  t.strictSame(parseDeclaration('int poll(_Inout_ pollfd *entries, unsigned long count, int milliseconds)').parameters.map(({ kind }) => kind), ['pollfds', 'number', 'number'])
  t.strictSame(parseDeclaration('int execve(const void *path, const void **argv, const void **envp)').parameters.map(({ kind }) => kind), ['bytes', 'pointers', 'pointers'])
  t.strictSame(parseDeclaration('void tzset(void)'), { returns: 'void', symbol: 'tzset', parameters: [] })
  t.throws(() => parseDeclaration('double floor(double x)'), /no word for the type double/)
})

t.test('every declaration in the sources can be read', async (t) => {
  const folder = fileURLToPath(new URL('../../../src/', import.meta.url))
  const declarations = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...fs.readFileSync(`${folder}/${name}`, 'utf8').matchAll(/^ +(\w+): '([^']+\(.*\))',$/gm)])
    .map(([, , declaration]) => declaration!)
  t.ok(declarations.length > 30, `${declarations.length} of them`)
  for (const declaration of declarations) t.doesNotThrow(() => parseDeclaration(declaration), declaration)
})
