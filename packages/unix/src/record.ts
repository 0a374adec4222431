/**
 * What a program inherits from its caller, as the launcher wrote it down before the runtime could change it, and as it
 * shall be again for the program at the end. The layout of both records is in docs/design/launch.md.
 *
 * All strings in here are byte strings: one character is one byte (latin1), as in C.
 */

/** A resource limit, in the kernel's unit for it. `Infinity` has no exact number in the kernel's range: it stays a bigint. */
export interface Limit {
  soft: bigint
  hard: bigint
}

export interface Inherited {
  /** By number, RLIMIT_CPU (0) to RLIMIT_RTTIME (15). */
  limits: readonly Limit[]
  /** Bit n-1 is set for each signal n that was ignored. */
  ignoredSignals: bigint
  /** Bit n-1 is set for each signal n that was blocked. */
  blockedSignals: bigint
  /** The descriptors that were open, in ascending order. */
  descriptors: readonly number[]
  /** argv, the command's own name first. */
  args: readonly string[]
  /** The environment, entry by entry, in order: duplicates and odd names included. */
  environment: readonly string[]
}

/** Reads the record of `launch` (in). Throws RangeError if it is cut short. */
export function decodeInherited(record: Uint8Array): Inherited {
  const fields = Buffer.from(record).toString('latin1').split('\0')
  fields.pop() // every field is terminated, so the last piece is empty
  const [limits, ignored, blocked, descriptors, count, ...rest] = fields
  if (count === undefined || rest.length < Number(count)) {
    throw new RangeError('launch record: expected 5 fields and the arguments, got ' + fields.length)
  }
  return {
    limits: words(limits!).map(decodeLimit),
    ignoredSignals: BigInt('0x' + ignored!),
    blockedSignals: BigInt('0x' + blocked!),
    descriptors: words(descriptors!).map(Number).sort((a, b) => a - b),
    args: rest.slice(0, Number(count)),
    environment: rest.slice(Number(count)),
  }
}

/** Writes what decodeInherited reads: for a command that executes itself. */
export function encodeInherited({ limits, ignoredSignals, blockedSignals, descriptors, args, environment }: Inherited): Buffer {
  const fields = [
    limits.map(formatLimit).join(' '),
    ignoredSignals.toString(16),
    blockedSignals.toString(16),
    descriptors.join(' '),
    `${args.length}`,
    ...args,
    ...environment,
  ]
  return pack(fields)
}

/**
 * Writes the record for `launch` (out): what the program shall inherit.
 * @param errnoTexts The words for each errno, a line of `NUMBER TEXT` each, for the one message that launch may have to print.
 */
export function encodeLaunch(
  shall: Omit<Inherited, 'args'>,
  errnoTexts: string,
): Buffer {
  const fields = [
    shall.limits.map(formatLimit).join(' '),
    shall.ignoredSignals.toString(16),
    shall.blockedSignals.toString(16),
    shall.descriptors.join(' '),
    errnoTexts,
    ...shall.environment,
  ]
  return pack(fields)
}

function pack(fields: readonly string[]): Buffer {
  return Buffer.from(fields.map((field) => field + '\0').join(''), 'latin1')
}

function formatLimit({ soft, hard }: Limit): string {
  return `${soft}:${hard}`
}

/** The value of a variable in an environment: the first entry of that name, as getenv(3) finds it. */
export function getenv(environment: readonly string[], name: string): string | undefined {
  return environment.find((entry) => entry.startsWith(name + '='))?.slice(name.length + 1)
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '')
}

function decodeLimit(text: string): Limit {
  const [soft, hard] = text.split(':')
  return { soft: BigInt(soft!), hard: BigInt(hard!) }
}
