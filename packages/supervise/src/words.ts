/** What supervise says: each sentence of supervise.c, and where it has none, one in its manner. */
export const words = {
  chdir: (dir: string) => `unable to chdir to ${dir}`,
  statDown: (dir: string) => `unable to stat ${dir}/down`,
  lock: (dir: string) => `unable to acquire ${dir}/supervise/lock`,
  readControl: (dir: string) => `unable to read ${dir}/supervise/control`,
  writeControl: (dir: string) => `unable to write ${dir}/supervise/control`,
  readOk: (dir: string) => `unable to read ${dir}/supervise/ok`,
  openStatus: (dir: string) => `unable to open ${dir}/supervise/status.new`,
  writeStatus: (dir: string) => `unable to write ${dir}/supervise/status.new`,
  renameStatus: (dir: string) => `unable to rename ${dir}/supervise/status.new to status`,
  fork: (dir: string) => `unable to fork for ${dir}, sleeping 60 seconds`,
  start: (dir: string) => `unable to start ${dir}/run`,
} as const
