export { makeSuperviseDirectory, Refusal } from './folder.ts'
export { type Host, Supervisor } from './supervisor.ts'
