/** An authority of our own, and certificates as providers have them, good and bad. */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'

/** Further addresses of the provider, each with the certificate that is the matter with it: KIND.example.net. */
export const names = { expired: '127.0.0.2', selfsigned: '127.0.0.3', other: '127.0.0.4' } as const

export interface Certificate {
  certificate: string
  key: string
}

/** Paths of files. */
export type Certificates = { authority: string; good: Certificate } & Record<keyof typeof names, Certificate>

/** Makes them in a folder. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string): string => join(folder, name)
  fs.mkdirSync(folder)
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] })
  const key = ['-newkey', 'rsa:2048', '-nodes']
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=Authority', '-keyout', at('authority.key'), '-out', at('authority.pem'))
  const sign = (name: string, host: string, days: number): Certificate => {
    openssl('req', ...key, '-subj', `/CN=${host}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`))
    fs.writeFileSync(at(`${name}.ext`), `subjectAltName=DNS:${host}\n`)
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at('authority.pem'), '-CAkey', at('authority.key'), '-CAcreateserial', '-days', `${days}`, '-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`))
    return { certificate: at(`${name}.pem`), key: at(`${name}.key`) }
  }
  openssl('req', '-x509', ...key, '-days', '30', '-subj', '/CN=selfsigned.example.net', '-addext', 'subjectAltName=DNS:selfsigned.example.net', '-keyout', at('selfsigned.key'), '-out', at('selfsigned.pem'))
  return {
    authority: at('authority.pem'),
    good: sign('good', 'pop.example.net', 30),
    expired: sign('expired', 'expired.example.net', -1),
    selfsigned: { certificate: at('selfsigned.pem'), key: at('selfsigned.key') },
    other: sign('other', 'elsewhere.example.org', 30),
  }
}
