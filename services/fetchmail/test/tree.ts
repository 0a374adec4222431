/** Everything about a tree of files that an installer could change, as one comparable value. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export function describeTree(folder: string, at = ''): Record<string, string> {
  const tree: Record<string, string> = {}
  for (const name of readdirSync(join(folder, at)).sort()) {
    const path = join(folder, at, name)
    const stat = lstatSync(path)
    const what = stat.isSymbolicLink() ? '-> ' + readlinkSync(path) : stat.isFile() ? readFileSync(path, 'latin1').replaceAll(folder, '<root>') : ''
    tree[join(at, name)] = `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${what.replaceAll(folder, '<root>')}`
    if (stat.isDirectory()) Object.assign(tree, describeTree(folder, join(at, name)))
  }
  return tree
}
