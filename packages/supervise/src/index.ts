export { prepareServices } from './surroundings.ts'
export { makeSuperviseDirectory, Refusal } from './folder.ts'
export { type Host, Supervisor } from './supervisor.ts'
