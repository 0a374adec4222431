/** What supervise says: each sentence of supervise.c, and where it has none, one in its manner. */
export const words = {
  chdir: (dir: string) => `unable to chdir to ${dir}`,
  statDown: (dir: string) => `unable to stat ${dir}/down`,
  lock: (dir: string) => `unable to acquire ${dir}/supervise/lock`,
  readControl: (dir: string) => `unable to read ${dir}/supervise/control`,
  writeControl: (dir: string) => `unable to write ${dir}/supervise/control`,
  readOk: (dir: string) => `unable to read ${dir}/supervise/ok`,
  open: (dir: string, file: string) => `unable to open ${dir}/supervise/${file}.new`,
  write: (dir: string, file: string) => `unable to write ${dir}/supervise/${file}.new`,
  rename: (dir: string, file: string) => `unable to rename ${dir}/supervise/${file}.new to ${file}`,
  fork: (dir: string) => `unable to fork for ${dir}, sleeping 60 seconds`,
  start: (dir: string, program: string) => `unable to start ${dir}/${program}`,
  forkFinish: (dir: string) => `unable to fork for ${dir}/finish, going on without it`,
  policy: (dir: string) => `unable to read ${dir}, going on as before`,
  policyFile: (dir: string, file: string, expected: string) => `${dir}/${file} is ignored: expected ${expected}`,
  notify: (dir: string) => `unable to make ${dir}/supervise/notify, going on without it`,
  internal: (dir: string) => `internal error in ${dir}, going on`,
} as const
