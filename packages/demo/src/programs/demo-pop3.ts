// demo-pop3 MAILDROP ACCOUNT PORT: serves a folder by POP3. ACCOUNT is a file with a name and a secret, PORT is keepPort's.
import { readFileSync } from 'node:fs'
import { keepPort } from '../port-file.ts'
import { startPop3 } from '../pop3-server.ts'

const [maildrop = '', accountFile = '', portFile = ''] = process.argv.slice(2)
const [user = '', secret = ''] = readFileSync(accountFile, 'utf8').trim().split(/\s+/)
const { port } = await keepPort(portFile, (port) => startPop3({ maildrop, user, secret, port }))
console.log(`serving ${maildrop} to ${user} by POP3 on 127.0.0.1/${port}`)
