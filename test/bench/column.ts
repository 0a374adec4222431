/** What is measured side by side. */
export const peerNames = ['ours', 'executable', 'c', 'runit', 's6'] as const
export type PeerName = (typeof peerNames)[number]

/** `limit`: what the machine needs for the least that does anything of the sort. */
export const columnNames = [...peerNames, 'limit'] as const
export type ColumnName = (typeof columnNames)[number]

export const columnTitles: Readonly<Record<ColumnName, string>> = {
  ours: 'ours, on Node',
  executable: 'ours, one executable',
  c: 'daemontools (C)',
  runit: 'runit',
  s6: 's6',
  limit: 'limit',
}

/** Those with the best of which ours is compared. */
export const rivals = ['c', 'runit', 's6'] as const satisfies readonly ColumnName[]

/** Whose turn it is in a round, counted from 0: everybody comes first, and last, as often as the others. */
export function order<T>(all: readonly T[], round: number): T[] {
  const first = all.length === 0 ? 0 : round % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}
