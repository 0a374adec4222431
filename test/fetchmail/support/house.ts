/** fetchmail by itself, between a POP3 server of ours and a file: for what it does with signals, TLS and APOP. */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as net from 'node:net'
import { join } from 'node:path'
import * as tls from 'node:tls'
import type { Test } from 'tap'
import { Process } from '../../support/process.ts'
import { scratch } from '../../support/tree.ts'
import type { Certificates } from './certificates.ts'

/** A mailbox, fetchmail's home and its configuration. */
export class House {
  readonly folder: string
  messages: string[] = []
  readonly #t: Test
  readonly #account: string | undefined

  /** @param account Who runs fetchmail; by default whoever runs the test. */
  constructor(t: Test, account?: string) {
    this.#t = t
    this.#account = account
    this.folder = scratch(t)
  }

  message(number: number): string {
    return `From: bob@remote.example.org\r\nTo: alice@example.com\r\nSubject: secret ${number}\r\n\r\nHello.\r\n`
  }

  start(configuration: string): Fetchmail {
    const path = join(this.folder, 'conf')
    fs.writeFileSync(path, configuration + '\n', { mode: 0o600 })
    const as = this.#account === undefined ? [] : ['setpriv', `--reuid=${this.#account}`, '--clear-groups']
    if (this.#account !== undefined) for (const each of [this.folder, path]) fs.chownSync(each, uidOf(this.#account), fs.statSync(each).gid)
    return new Fetchmail(this.#t, 'env', ['-i', 'PATH=/usr/bin:/bin', `HOME=${this.folder}`, `FETCHMAILHOME=${this.folder}`, 'LC_ALL=C', ...as, 'fetchmail', '-v', '-f', path, '--pidfile', join(this.folder, 'fetchmail.pid'), '--nodetach', '--daemon', '551'])
  }

  async pop(): Promise<Pop> {
    const pop = new Pop(this)
    return await pop.listen(this.#t, net.createServer((socket) => pop.converse(socket)))
  }

  async popOverTls({ good }: Certificates, version: tls.SecureVersion): Promise<Pop> {
    const pop = new Pop(this)
    const options = { cert: fs.readFileSync(good.certificate), key: fs.readFileSync(good.key), minVersion: version, maxVersion: version }
    const server = tls.createServer(options, (socket) => {
      pop.reused.push(socket.isSessionReused())
      pop.converse(socket)
    })
    return await pop.listen(this.#t, server)
  }
}

class Fetchmail extends Process {
  said(): string {
    return this.stdout + this.stderr
  }

  sleeps(): number {
    return (this.said().match(/sleeping at /g) ?? []).length
  }
}

/** A POP3 server that knows APOP, deletes at QUIT, and can hold a message back. */
class Pop {
  port = 0
  heard = ''
  told = ''
  readonly reused: boolean[] = []
  /** The number of the message that it does not give. */
  holdBefore: number | undefined
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  async listen(t: Test, server: net.Server): Promise<this> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.port = (server.address() as net.AddressInfo).port
    t.teardown(() => void server.close())
    return this
  }

  converse(socket: net.Socket): void {
    const deleted = new Set<number>()
    const say = (text: string): void => {
      this.told += text
      socket.write(text)
    }
    socket.on('error', () => undefined)
    say('+OK <1.2@pop>\r\n')
    socket.setEncoding('latin1').on('data', (data: string) => {
      for (const line of data.split('\r\n').filter((line) => line !== '')) {
        this.heard += line + '\n'
        const [verb, argument = ''] = line.split(' ')
        const { messages } = this.#house
        if (verb === 'APOP') say(line.endsWith(createHash('md5').update('<1.2@pop>woolybooly').digest('hex')) ? '+OK\r\n' : '-ERR\r\n')
        else if (verb === 'STAT') say(`+OK ${messages.length} ${messages.join('').length}\r\n`)
        else if (verb === 'LIST') say(`+OK ${argument} ${messages[Number(argument) - 1]?.length}\r\n`)
        else if (verb === 'RETR' && Number(argument) !== this.holdBefore) say(`+OK\r\n${messages[Number(argument) - 1]}.\r\n`)
        else if (verb === 'DELE') {
          deleted.add(Number(argument))
          say('+OK\r\n')
        }
        else if (verb === 'QUIT') {
          this.#house.messages = messages.filter((_, index) => !deleted.has(index + 1))
          socket.end('+OK\r\n')
        } else if (verb !== 'RETR') say('-ERR\r\n')
      }
    })
  }

  /** A client that does take sessions up: that of its connection. */
  sessionOfAnother(session?: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ port: this.port, host: '127.0.0.1', rejectUnauthorized: false, session })
      let found: Buffer | undefined
      socket.on('session', (each) => (found = each)).on('error', reject)
      socket.once('data', () => socket.end('QUIT\r\n')).resume()
      socket.on('close', () => resolve(found ?? socket.getSession()!))
    })
  }
}

function uidOf(account: string): number {
  return Number(new RegExp(`^${account}:[^:]*:(\\d+):`, 'm').exec(fs.readFileSync('/etc/passwd', 'utf8'))![1])
}
