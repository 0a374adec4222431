/** What must hold after every fault, in the order of the report. */
export const invariants = {
  lines: 'every line written is in the log, once, in order; of a killed logger at most one read is missing',
  copies: 'never two processes of one service or logger, or of the keeper, not even for a moment',
  pids: 'who was not hit keeps its pid',
  status: 'supervise/status tells the process that lives, and somebody listens to supervise/control',
  control: 'a letter to supervise/control arrives',
  leaks: 'no zombies, no strays, no more descriptors than at the start',
  words: 'the supervisor says nothing that the fault does not explain',
} as const

export type Invariant = keyof typeof invariants

export interface Violation {
  invariant: Invariant
  text: string
  /** The service or logger that it is about, if it is about one. */
  unit?: string
}
