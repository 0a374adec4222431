import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The compiled entry of each command, dist/src/bin/NAME.js of its package. */
export function findBins(root) {
  return ['packages', 'services'].flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((name) => {
      const bin = join(root, folder, name, 'dist', 'src', 'bin')
      return existsSync(bin) ? readdirSync(bin).filter((file) => file.endsWith('.js')).map((file) => join(bin, file)) : []
    }),
  )
}
