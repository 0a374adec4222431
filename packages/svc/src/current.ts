import { closeFile, openFile } from '@daemontools-ts/unix'

/** svc.c and svstat.c open the working directory to come back to it after each other one, and die if they may not. Throws that refusal. */
export function openCurrentDirectory(): void {
  closeFile(openFile('.', 'read'))
}
