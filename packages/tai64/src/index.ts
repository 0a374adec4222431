export { formatLabel, fromUnix, packLabel, parseLabel, type Tai64n, toUnix, unpackLabel } from './label.ts'
