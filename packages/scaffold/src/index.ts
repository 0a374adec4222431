export { make } from './make.ts'
export { faultOf, type Item, plan, type Plan, shellWord, type Wish } from './plan.ts'
