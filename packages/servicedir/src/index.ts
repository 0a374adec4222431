export { type Control, controls, isLetter, type Letter } from './control.ts'
export { packStatus, type Status, statusLength, unpackStatus, type Want } from './status.ts'
