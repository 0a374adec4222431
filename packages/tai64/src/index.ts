export { formatLabel, fromUnix, labelAt, packLabel, parseLabel, type Tai64n, toExactUnix, toUnix, unpackLabel } from './label.ts'
export { LineStamper } from './stamp.ts'
