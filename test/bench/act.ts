/** What is measured together: in a round, each column has its turn. */
import type { ColumnName, PeerName } from './column.ts'
import type { Peer } from './peer.ts'
import type { Row } from './result.ts'
import type { Tools } from './tools.ts'

export interface Act {
  /** A word for --only, beside the rows' names. */
  group: string
  rows: readonly Row[]
  /** Slow ones have fewer rounds than was asked for. */
  mostRounds?: number
  /** Only with --large. */
  large?: true
  /** Why a column has no part in it, or undefined. */
  lack(column: ColumnName): string | undefined
  open(stage: Stage): Promise<Play>
}

/** One round of one column: a value for each row, by its id. */
export type Play = (column: ColumnName) => Promise<Readonly<Record<string, number>>>

export interface Stage {
  /** Of this act: empty at its beginning, and removed after it, with all processes that belong there. */
  folder: string
  tools: Tools
  peers: Readonly<Record<PeerName, Peer>>
  quick: boolean
}

export function peerOf(stage: Stage, column: ColumnName): Peer {
  if (column === 'limit') throw new TypeError('a limit is no peer')
  return stage.peers[column]
}
