/** What load.ts is in the standalone executable, which holds all commands. */

/** Runs a command by the path that its file would have. */
export function loadCommand(path: string): void {
  ;(globalThis as unknown as { loadCommand: (path: string) => void }).loadCommand(path)
}
