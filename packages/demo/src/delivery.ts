/** A message as the SMTP sink keeps it: its envelope in header lines of its own, above the message's. Byte strings, lines end in LF. */

export interface Delivery {
  /** What MAIL FROM said; empty for a bounce. */
  from: string
  /** What RCPT TO said, one after the other. */
  to: readonly string[]
  text: string
}

export function packDelivery({ from, to, text }: Delivery): string {
  return [`${fromField}<${from}>`, ...to.map((recipient) => `${toField}<${recipient}>`), text].join('\n')
}

/** Reads what packDelivery wrote. */
export function unpackDelivery(packed: string): Delivery {
  const lines = packed.split('\n')
  const end = lines.findIndex((line) => !line.startsWith(fromField) && !line.startsWith(toField))
  const envelope = lines.slice(0, end)
  const values = (field: string): string[] => envelope.filter((line) => line.startsWith(field)).map((line) => line.slice(field.length + 1, -1))
  return { from: values(fromField)[0] ?? '', to: values(toField), text: lines.slice(end).join('\n') }
}

/** The value of a message's first field of that name; undefined if it has none. */
export function field(text: string, name: string): string | undefined {
  const header = text.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const line = header.split(/\r?\n/).find((line) => line.toLowerCase().startsWith(name.toLowerCase() + ':'))
  return line?.slice(name.length + 1).trim()
}

const fromField = 'X-Envelope-From: '
const toField = 'X-Envelope-To: '
