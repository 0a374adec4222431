/** Lets ps show this text, of bytes, as this process's command line. */
export function showTitle(text: string): void {
  process.title = Buffer.from(text, 'latin1').toString()
}
