/** A process tree as lines. */
import type { ProcessTree } from '@daemontools-ts/client'

/** @param nameOf What stands for a process. @param most Lines; what is left out is counted. */
export function treeLines(tree: ProcessTree, nameOf: (process: ProcessTree) => string, most = 20): string[] {
  const lines = linesOf(tree, nameOf, '', '')
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `… and ${lines.length - most + 1} more`]
}

function linesOf(tree: ProcessTree, nameOf: (process: ProcessTree) => string, head: string, indent: string): string[] {
  const last = tree.children.length - 1
  const below = tree.children.flatMap((child, at) => linesOf(child, nameOf, `${indent}${at === last ? '└─ ' : '├─ '}`, `${indent}${at === last ? '   ' : '│  '}`))
  return [`${head}${tree.pid} ${nameOf(tree)}`, ...below]
}
