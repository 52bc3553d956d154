import { createHash } from 'node:crypto'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Keys } from './keys.ts'
import type { World } from './world.ts'

/**
 * A mail server that speaks SMTP (RFC 5321) with sign-in, for one account. What it takes stands in
 * the outbox; nothing is sent on.
 */

export const MAIL_USER = 'notice@jiyue.example'

export function mailPassword({ openIdSeed }: Keys): string {
  return createHash('sha256').update(`${openIdSeed} mail`).digest('base64url').slice(0, 20)
}

export type MailServer = { port: number; stop(): Promise<void> }

export async function serveMail(world: World, host: string): Promise<MailServer> {
  const faultsOf = new Map<string, Set<string>>()
  const server = new SMTPServer({
    banner: 'Jiyue sandbox',
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 500,
    logger: false,
    onAuth({ username, password }, _session, done) {
      const right = username === MAIL_USER && password === mailPassword(world.keys)
      if (right) return done(null, { user: username })
      return done(no(535, 'Authentication credentials invalid'))
    },
    onRcptTo({ address }, session, done) {
      const faults = world.faults.take('mail.send', [address])
      faultsOf.set(session.id, faults)
      if (faults.has('greylisted')) return done(no(450, 'Greylisted, try again later'))
      if (faults.has('unknownMailbox')) return done(no(550, 'No such mailbox here'))
      return done()
    },
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const faults = faultsOf.get(session.id) ?? new Set()
        if (faults.has('mailboxFull')) return done(no(552, 'Mailbox full'))
        take(world, session, Buffer.concat(parts).toString('utf8'))
        if (faults.has('dropAfterCommit')) return drop(server, session)
        return done(null)
      })
    },
    onClose: ({ id }) => void faultsOf.delete(id),
  })
  // A connection that a client breaks off is the client's matter.
  server.on('error', (error) => world.report(error))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.server.address() as { port: number }
  return { port, stop: () => new Promise((resolve) => server.close(resolve)) }
}

function take(world: World, { envelope }: SMTPServerSession, raw: string): void {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const headers = headersOf(head)
  const text = decode(body.join('\r\n\r\n'), headers['content-transfer-encoding'] ?? '7bit')
  const subject = words(headers.subject ?? '')
  for (const { address } of envelope.rcptTo)
    world.outbox.add({
      channel: 'mail',
      to: address,
      template: 'mail',
      text: `${subject}\n${text.trim()}`,
      data: headers,
    })
}

/** Header lines by their lower-case name; folded ones are one. */
function headersOf(head: string): Record<string, string> {
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
}

/** Encoded words of a header (RFC 2047). */
function words(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how: string, word: string) =>
      how.toLowerCase() === 'b'
        ? decode(word, 'base64')
        : decode(word.replaceAll('_', ' '), 'quoted-printable'),
    )
}

function decode(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return text
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The text is taken, and the line is cut before the answer. */
function drop(server: SMTPServer, { id }: SMTPServerSession): void {
  const open = (server as unknown as { connections: Set<{ id: string; close(): void }> })
    .connections
  for (const one of open) if (one.id === id) one.close()
}

function no(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
