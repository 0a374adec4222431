/** What we use of Bun's foreign function interface. */
declare module 'bun:ffi' {
  type Type = 'i32' | 'u32' | 'i64' | 'u64' | 'i64_fast' | 'ptr' | 'void'
  type Call = (...values: (number | bigint | null)[]) => number | bigint | null
  export function dlopen<Name extends string>(library: string, symbols: Record<Name, { args: Type[]; returns: Type }>): { symbols: Record<Name, Call> }
  export function ptr(bytes: ArrayBufferView, offset?: number): number
  export class CString {
    constructor(address: number)
    toString(): string
  }
  export const read: { i32(address: number, offset?: number): number; u32(address: number, offset?: number): number; ptr(address: number, offset?: number): number }
}
