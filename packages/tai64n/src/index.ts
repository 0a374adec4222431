export { tellLocal } from './calendar.ts'
export { LineLocalizer, type Tell } from './local.ts'
