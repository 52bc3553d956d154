/** Shapes of the endpoints about the merchant's people (contract/api/people.ts). */
import { z } from 'zod'
import { accountStates, passwordLength, roles } from '../people.ts'
import { id, instant, strict } from './parts.ts'

const byId = strict({ id })
const nothing = z.object({})
const reason = z.string().trim().min(1).max(200)

export const person = z.object({ id, name: z.string(), role: z.enum(roles) })

/** The signed-in person. `second`: has a second step; `proven`: this session went through it. */
const me = person.extend({ login: z.string(), second: z.boolean(), proven: z.boolean() })

const account = person.extend({
  login: z.string(),
  state: z.enum(accountStates),
  /** Where an invitation goes; whole, for whoever manages accounts wrote it. */
  phone: z.string().nullable(),
  mail: z.string().nullable(),
  second: z.boolean(),
  /** Sessions that run now. */
  sessions: z.int(),
  /** Last request of any session that there is. */
  seenAt: instant.nullable(),
  /** End of the link that was last made and not used. */
  invitedUntil: instant.nullable(),
})

/** What somebody types of a password they have; any length that was ever allowed. */
const password = z.string().min(1).max(passwordLength.max)
const code = z.string().trim().min(6).max(20)
const link = z.string().min(20).max(100)
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
const session = z.object({
  id,
  current: z.boolean(),
  openedAt: instant,
  seenAt: instant,
  expiresAt: instant,
  /** The address it was opened from, and what the browser said of itself. */
  address: z.string().nullable(),
  agent: z.string().nullable(),
})
const sessions = z.object({ sessions: z.array(session) })

export const peopleWire = {
  createConsoleSession: {
    body: strict({
      name: z.string().min(1).max(64),
      password,
      /** Of the authenticator, or a recovery code; asked for by `second_code`. */
      code: code.optional(),
      /** What an earlier session on this device answered: its wrong tries are counted apart. */
      device: z.string().max(100).optional(),
    }),
    reply: z.object({ token: z.string(), expiresAt: instant, device: z.string(), person: me }),
  },
  deleteConsoleSession: { reply: nothing },
  getConsoleMe: { reply: me },

  listPeople: { reply: z.object({ people: z.array(account) }) },
  putPerson: {
    params: byId,
    body: strict({
      login: z
        .string()
        .trim()
        .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/, '账号为 2–32 位小写字母、数字或 . _ -'),
      name: z.string().trim().min(1).max(20),
      role: z.enum(roles),
      phone: z
        .string()
        .regex(/^1\d{10}$/, '请输入 11 位有效手机号')
        .nullable(),
      mail: z.email('请输入正确邮箱地址').max(100).nullable(),
    }),
    reply: account,
  },
  createInvitation: {
    params: byId,
    reply: z.object({
      link: z.string(),
      expiresAt: instant,
      /** Where it went, and whether the platform took it. */
      sent: z.array(z.object({ channel: z.enum(['sms', 'mail']), ok: z.boolean() })),
    }),
  },
  putDeactivation: { params: byId, body: strict({ reason }), reply: account },
  deleteDeactivation: { params: byId, reply: account },
  deletePersonSessions: { params: byId, reply: account },
  putSecondReset: { params: byId, body: strict({ reason }), reply: account },
  readInvitation: {
    body: strict({ token: link }),
    reply: z.object({
      login: z.string(),
      name: z.string(),
      merchant: z.string(),
      expiresAt: instant,
    }),
  },
  createPassword: {
    body: strict({ token: link, password }),
    reply: z.object({ login: z.string() }),
  },

  putPassword: {
    body: strict({ current: password, password }),
    reply: nothing,
  },
  createSecond: {
    /** `code`: where there is a second step already, it is proved before it is replaced. */
    body: strict({ password, code: code.optional() }),
    reply: z.object({ secret: z.string(), uri: z.string() }),
  },
  putSecond: { body: strict({ code }), reply: recoveryCodes },
  createRecoveryCodes: { body: strict({ code }), reply: recoveryCodes },
  listSessions: { reply: sessions },
  deleteOwnSession: { params: byId, reply: sessions },
  deleteOtherSessions: { reply: sessions },
} as const

export type Account = z.output<typeof account>
export type ConsoleMe = z.output<typeof me>
