/** A result as Markdown. */
import { allKinds, type Kind, kinds } from './kind.ts'
import type { KindResult, PeerResult, Result } from './result.ts'
import { invariants } from './violation.ts'

/** Two tables, what was skipped and why, and what it was run on. */
export function report(result: Result): string {
  const peers = result.peers.filter(({ skipped }) => skipped === undefined)
  return [
    `Seed ${result.seed}, rounds ${result.first} to ${result.rounds}, ${result.services} services with a logger each.`,
    table('rounds / rounds with a violation, and of what', peers, violationsCell, (peer) => `**${peer.rounds} / ${peer.violated}**`),
    table('recovery in milliseconds: median, most (of rounds without a violation)', peers, recoveryCell, (peer) => `${peer.seconds} s in all`),
    Object.entries(invariants).map(([name, meaning]) => `- **${name}**: ${meaning}`).join('\n'),
    skips(result).map((line) => `- not tried: ${line}`).join('\n'),
    machineLine(result),
  ].filter((part) => part !== '').join('\n\n')
}

function table(title: string, peers: readonly PeerResult[], cell: (result: KindResult) => string, total: (peer: PeerResult) => string): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const tried = allKinds.filter((kind) => peers.some((peer) => peer.kinds[kind] !== undefined))
  const rows = tried.map((kind) => row([`${kind}: ${kinds[kind]}`, ...peers.map((peer) => cellOf(peer, kind, cell))]))
  const head = [row([title, ...peers.map((peer) => peer.title)]), row(['---', ...peers.map(() => '---')])]
  return [...head, ...rows, row(['**total**', ...peers.map(total)])].join('\n')
}

function cellOf(peer: PeerResult, kind: Kind, cell: (result: KindResult) => string): string {
  const result = peer.kinds[kind]
  return result === undefined ? '–' : cell(result)
}

function violationsCell({ rounds, violated, byInvariant }: KindResult): string {
  const what = Object.entries(byInvariant).map(([invariant, count]) => `${invariant} ${count}`)
  return violated === 0 ? `${rounds} / 0` : `${rounds} / **${violated}** (${what.join(', ')})`
}

function recoveryCell({ rounds, violated, recoveryMilliseconds: { median, most } }: KindResult): string {
  return rounds === violated ? '' : `${median}, ${most}`
}

/** A reason that several kinds share is said once. */
function skips({ peers }: Result): string[] {
  return peers.flatMap((peer) => {
    if (peer.skipped !== undefined) return [`${peer.title}: ${peer.skipped}`]
    const reasons = new Map<string, string[]>()
    for (const [kind, reason] of Object.entries(peer.skippedKinds)) reasons.set(reason, [...(reasons.get(reason) ?? []), kind])
    return [...reasons].map(([reason, names]) => `${peer.title}: ${names.join('; ')}: ${reason}`)
  })
}

function machineLine({ machine, peers }: Result): string {
  const { processors, memoryMegabytes, kernel, node } = machine
  const versions = peers.filter(({ version }) => version !== '').map(({ title, version }) => `${title} ${version}`)
  return `${processors} processors, ${memoryMegabytes} MB, Linux ${kernel}, Node ${node}. ${versions.join(', ')}.`
}
