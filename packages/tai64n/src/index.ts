export { LineLocalizer } from './local.ts'
export { LineStamper } from './stamp.ts'
