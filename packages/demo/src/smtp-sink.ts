import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { type Delivery, packDelivery, unpackDelivery } from './delivery.ts'
import { listen, type Listening } from './listening.ts'
import { addMessage } from './maildrop.ts'

/** Where an SMTP sink puts what it takes, and its port; 0 takes a free one. */
export interface SmtpOptions {
  folder: string
  port: number
}

/** Takes every message that comes by SMTP to 127.0.0.1, and writes it to a folder with its envelope. */
export function startSmtp({ folder, port }: SmtpOptions): Promise<Listening> {
  let taken = 0
  const server = new SMTPServer({
    name: 'mx.example.com',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true, // it must work without a network
    onData(stream, session, done) {
      taken += 1
      const name = `${Date.now()}.${String(taken).padStart(6, '0')}.${process.pid}`
      const sender = session.envelope.mailFrom
      const envelope = { from: sender ? sender.address : '', to: session.envelope.rcptTo.map(({ address }) => address) }
      textOf(stream)
        .then((text) => addMessage(folder, name, packDelivery({ ...envelope, text })))
        .then(() => done(null, `taken as ${name}`))
        .catch((error: Error) => done(Object.assign(error, { responseCode: 451 })))
    },
  })
  server.on('error', () => {}) // a client that went away is no reason to end
  return listen(server.server, port)
}

/** What a sink has written to its folder, the oldest first. */
export async function readDeliveries(folder: string): Promise<readonly Delivery[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  return Promise.all(names.map(async (name) => unpackDelivery(await readFile(join(folder, name), 'latin1'))))
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1').replace(/\r\n/g, '\n')
}
