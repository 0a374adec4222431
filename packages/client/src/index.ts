export { defaultRoot } from './root.ts'
