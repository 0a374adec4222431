export { tellLocal } from './calendar.ts'
export { LineLocalizer, type Tell } from './local.ts'
export { LineStamper } from './stamp.ts'
