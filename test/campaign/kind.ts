/** The faults, in the order of the report. What each does is in fault.ts; "supervisor" is all processes of it, "then" is a moment later. */
export const kinds = {
  'kill supervisor': 'kill -9, and started again as init would',
  'kill supervisor twice': 'the new one again, as it starts',
  'kill svscan alone': 'kill -9 of the topmost process, its supervise processes live on',
  'kill service': 'kill -9',
  'kill logger': 'kill -9: one read of it may be lost',
  'term service': 'svc -t',
  'term logger': 'svc -t: nothing may be lost',
  'stop service': 'SIGSTOP, a moment later SIGCONT',
  'stop logger': 'SIGSTOP, a moment later SIGCONT',
  'stop supervisor': 'SIGSTOP, a moment later SIGCONT',
  'stop supervisor, kill service': 'the service dies while the supervisor is stopped',
  'kill supervisor, kill service': 'the service dies while the supervisor is dead: then started, once',
  'kill supervisor, kill logger': 'the logger dies while the supervisor is dead',
  'kill supervisor with service': 'both at the same time',
  'kill service, then supervisor': 'between the death and the record of the next pid',
  'kill logger, then supervisor': 'likewise',
  'kill supervisor while pacing': 'the service has died within its first second and waits for its next start',
  'link, then kill supervisor': 'between the start of a new service and its record',
  'down across kill': 'svc -d, kill supervisor, start: still down; then svc -u',
  'full disk': 'a service dies while no byte can be written',
  'full disk, kill supervisor': 'a service is started while nothing can be recorded, then the supervisor is killed',
  'rename directory': 'the real directory has another name for a moment; every other time the service dies meanwhile',
  'link away and back': 'the service stays what it is',
  garbage: '20,000 bytes without a meaning into supervise/control',
  'letters p and c': '200 of them at once',
  upgrade: 'HUP: it executes itself anew, same pid',
  'upgrade, kill service': 'at the same time',
  'upgrade, kill logger': 'at the same time',
  'upgrade, then kill supervisor': 'while it executes itself',
  'kill supervisor with new keeper': 'as soon as the new one has started its keeper, which nothing on disk may name yet',
  'kill keeper': 'kill -9 of the process that holds pipe ends across restarts',
  'kill keeper with supervisor': 'both at the same time: only the programs themselves hold their pipes',
  'quit supervisor': 'QUIT: it leaves everything as it is; then it is started again',
  'stop all': 'TERM: everything ends in order, nothing is lost; then it is started again',
  'clock step': 'the wall clock jumps',
} as const

export type Kind = keyof typeof kinds

export const allKinds = Object.keys(kinds) as Kind[]

export function isKind(name: string): name is Kind {
  return Object.hasOwn(kinds, name)
}
