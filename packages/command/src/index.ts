export { die, exitCode, giveUp, outliveErrors, reason, say, usage, warn } from './complain.ts'
export { errnoTexts, errorText } from './errorstr.ts'
export { getopt, type Option, type Options } from './getopt.ts'
export { main } from './main.ts'
