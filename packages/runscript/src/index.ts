export { chainOf, type Link } from './chain.ts'
export { findLogger, type Logger } from './logger.ts'
export { type Command, parseScript, type Script } from './parse.ts'
export { scan, type Token, type Word } from './scan.ts'
