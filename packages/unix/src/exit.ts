import { getLibc } from './native.ts'

/** Ends this process at once (_exit(2)). process.exit() would first wait for the thread behind whenReadable(). */
export function exitNow(code: number): never {
  getLibc()._exit(code)
  throw new Error('_exit returned')
}
