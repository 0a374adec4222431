/** Lines as a web server writes them, some hundred bytes each, every other a POST. */
import { closeSync, openSync, writeSync } from 'node:fs'

/** @param count Of the lines. @param label Before each line. */
export function requests(count: number, label: (index: number) => string = () => ''): string {
  return Array.from({ length: count }, (_, index) => {
    const path = `/${'abcdefghij'.slice(index % 7)}/${(index * 7919) % 100_003}`
    return `${label(index)}192.0.2.${index % 256} - - "${index % 2 === 0 ? 'GET' : 'POST'} ${path} HTTP/1.1" ${200 + (index % 5)} ${(index * 31) % 65_536} "-" "Mozilla/5.0 (X11; Linux x86_64)"\n`
  }).join('')
}

/** @param bytes About so many. @returns how many lines there are. */
export function writeRequests(file: string, bytes: number, label?: (index: number) => string): number {
  const count = 1000
  const piece = Buffer.from(requests(count, label), 'latin1')
  const times = Math.max(1, Math.round(bytes / piece.length))
  const fd = openSync(file, 'w')
  for (let time = 0; time < times; time++) writeSync(fd, piece)
  closeSync(fd)
  return times * count
}
