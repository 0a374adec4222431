export { Cyclog, type Outlet } from './cyclog.ts'
export { match } from './match.ts'
export { multilog } from './multilog.ts'
export { type Action, type Directory, parseScript, type Script } from './script.ts'
