/** E-mail over SMTP (RFC 5321) through nodemailer. */
import { createTransport, type Transporter } from 'nodemailer'
import { type Answer, refused, unknown, yes } from './answer.ts'
import type { MailCredentials } from './credentials.ts'

export interface Letter {
  /** Ours; its Message-ID is made of it. */
  id: string
  to: string
  subject: string
  text: string
}

export interface Mail {
  /**
   * Never repeated: after `unknown` the letter may be on its way. Refused with the server's reply
   * code: 550 no such mailbox, 552 full, 535 our own sign-in …; a 4xx is a refusal too, for this
   * channel is the last one and a reminder is not worth a queue of its own.
   */
  send(letter: Letter, now: Date): Promise<Answer<string>>
}

/** Longest wait for a connection, a greeting and an answer, ms. */
const WAIT_MS = 10_000

/** `plain`: the sandbox on this machine has no TLS. */
export function mail(credentials: MailCredentials, plain: boolean): Mail {
  const { host, port, secure, user, password, from } = credentials
  const transport: Transporter = createTransport({
    host,
    port,
    secure,
    ...(plain ? { ignoreTLS: true } : { requireTLS: !secure }),
    auth: { user, pass: password },
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    // Addresses come from people's forms: a letter never reads a file or fetches an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain =
    from
      .split('@')
      .at(-1)
      ?.replace(/[<>\s]/g, '') ?? 'localhost'

  return {
    async send({ id, to, subject, text }, now) {
      try {
        const { response } = await transport.sendMail({
          from,
          // As an object, so that a comma or a bracket in it makes no second receiver.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          date: now,
        })
        return yes(String(response))
      } catch (error) {
        return answerOf(error as SmtpError)
      }
    },
  }
}

interface SmtpError extends Error {
  code?: string
  errno?: string
  responseCode?: number
}

/** A reply code is a no, and so is a connection that never was; whatever else broke off is unknown. */
function answerOf(error: SmtpError): Answer<string> {
  const { code, errno, responseCode, message } = error
  const said = String(responseCode ?? code ?? 'mail_failed')
  const neverThere = code === 'EDNS' || code === 'EENVELOPE' || NOT_REACHED.test(message)
  if (responseCode !== undefined || neverThere || NOT_REACHED.test(errno ?? '')) {
    return refused(said, message)
  }
  return unknown(said, message)
}

const NOT_REACHED = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH/
