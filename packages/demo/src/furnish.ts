import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account } from './account.ts'
import type { Furniture } from './house.ts'

/** Puts things into a folder, in their order, with their modes whatever the umask is. */
export function furnish(folder: string, things: readonly Furniture[], account: Account | undefined): void {
  for (const { path, text, mode, fetchmails } of things) {
    const place = join(folder, path)
    if (text === undefined) mkdirSync(place)
    else writeFileSync(place, text, { mode: 0o600 })
    chmodSync(place, mode)
    if (fetchmails && account !== undefined) chownSync(place, account.uid, account.gid)
  }
}
