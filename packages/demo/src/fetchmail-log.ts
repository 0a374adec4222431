/** What fetchmail -v says in its log, as far as the tour needs it (LC_ALL=C, 6.4). */

/** The poll is over and the next one is not yet near. */
export function isAsleep(log: string): boolean {
  const slept = log.lastIndexOf('fetchmail: sleeping at ')
  return slept >= 0 && ['*** Starting fetchmail', 'fetchmail: awakened', ': poll started'].every((line) => log.lastIndexOf(line) < slept)
}
