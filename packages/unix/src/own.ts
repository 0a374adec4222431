import { fileURLToPath } from 'node:url'

/** The path of the library with what neither the C library nor a runtime can do: spawn.c, prints.c. `npm run build` leaves it here, and beside the commands. */
export function ownLibrary(): string {
  return fileURLToPath(new URL('own.so', import.meta.url))
}
