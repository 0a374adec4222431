// demo-smtp FOLDER PORT: takes mail by SMTP and leaves it in a folder. PORT is keepPort's.
import { keepPort } from '../port-file.ts'
import { startSmtp } from '../smtp-sink.ts'

const [folder = '', portFile = ''] = process.argv.slice(2)
const { port } = await keepPort(portFile, (port) => startSmtp({ folder, port }))
console.log(`taking mail for ${folder} by SMTP on 127.0.0.1/${port}`)
