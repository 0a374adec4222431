export { parseRequest, type Request } from './letters.ts'
export { look } from './look.ts'
export { type Failure, sendLetters } from './send.ts'
export { sentence } from './sentence.ts'
