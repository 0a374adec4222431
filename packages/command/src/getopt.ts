/** djb's option parser (subgetopt.c, sgetopt.c), which svc, softlimit and setlock share. */

export type Option = { letter: string; argument?: string }

export type Options =
  | { options: Option[]; operands: string[] }
  /** What sgetopt would print before the program's own usage. */
  | { complaint: string }

/**
 * Splits a command line.
 * @param args argv: the program's name first.
 * @param letters The letters that are options; one that is followed by a colon takes an argument.
 *
 * Options end at the first word without a dash, at a lone `-` (an operand), and at any word that begins with `--`, which is dropped.
 */
export function getopt(args: readonly string[], letters: string): Options {
  const options: Option[] = []
  const program = args[0]!.slice(args[0]!.lastIndexOf('/') + 1)
  let index = 1
  for (; index < args.length; index++) {
    const word = args[index]!
    if (word[0] !== '-' || word === '-') break
    if (word[1] === '-') {
      index++
      break
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!
      const found = letter === ':' ? -1 : letters.indexOf(letter)
      if (found === -1) return { complaint: `${program}: illegal option -- ${letter}` }
      if (letters[found + 1] !== ':') {
        options.push({ letter })
        continue
      }
      const rest = word.slice(at + 1)
      const argument = rest !== '' ? rest : args[++index]
      if (argument === undefined) return { complaint: `${program}: option requires an argument -- ${letter}` }
      options.push({ letter, argument })
      break
    }
  }
  return { options, operands: args.slice(index) }
}
