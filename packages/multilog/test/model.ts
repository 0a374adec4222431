/** The C program's way from put to file, transcribed call by call (buffer_put.c, multilog.c c_write), to hold ours against. */

export class LogOfC {
  readonly files: string[] = []
  current = ''
  #bytes = 0
  #buffer = ''
  readonly #size: number

  constructor(size: number, current = '') {
    this.#size = size
    this.current = current
    this.#bytes = current.length
  }

  put(text: string): void {
    if (text.length > 512 - this.#buffer.length) {
      this.flush()
      if (text.length > 512) return this.#allWrite(text)
    }
    this.#buffer += text
  }

  flush(): void {
    const text = this.#buffer
    this.#buffer = ''
    this.#allWrite(text)
  }

  turn(): void {
    if (this.#bytes > 0) this.#fullCurrent()
  }

  #allWrite(text: string): void {
    while (text.length > 0) text = text.slice(this.#write(text))
  }

  #write(text: string): number {
    if (this.#bytes >= this.#size) this.#fullCurrent()
    let length = Math.min(text.length, this.#size - this.#bytes)
    if (this.#bytes + length >= this.#size - 2000) {
      const last = text.lastIndexOf('\n', length - 1)
      if (last !== -1) length = last + 1
    }
    this.current += text.slice(0, length)
    this.#bytes += length
    if (this.#bytes >= this.#size - 2000 && text[length - 1] === '\n') this.#fullCurrent()
    return length
  }

  #fullCurrent(): void {
    this.files.push(this.current)
    this.current = ''
    this.#bytes = 0
  }
}
