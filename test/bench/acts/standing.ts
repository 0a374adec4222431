import { join } from 'node:path'
import { peerOf, type Stage } from '../act.ts'
import type { ColumnName } from '../column.ts'
import { Tree } from '../tree.ts'

/** A tree for each column, which stays for all rounds: started when it is first asked for, so that one that does not start is only its own column's. */
export function standing(stage: Stage, services: number, most = services): (column: ColumnName) => Promise<Tree> {
  const trees = new Map<ColumnName, Tree>()
  return async (column) => {
    const known = trees.get(column)
    if (known !== undefined) return known
    const tree = new Tree(peerOf(stage, column), join(stage.folder, column), stage.tools.service)
    trees.set(column, tree)
    tree.fill(services)
    tree.start(most)
    await tree.stamps.atLeast(services)
    return tree
  }
}
