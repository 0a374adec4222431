/** What thrift.ts is in the standalone executable: its runtime collects what was thrown away as it goes. */
export function liveThriftily(): void {}
