export { type Action, type Entry, type Listed, type Occasion, rescan } from './rescan.ts'
export { ServiceFolder } from './svscan.ts'
