/** Sessions: an opaque random token at the front, its SHA-256 in the database. */
import { createHash, randomBytes } from 'node:crypto'
import type { Role } from '@jiyue/contract/people'
import { dayMs, minuteMs } from '@jiyue/contract/time'
import type { Kysely } from 'kysely'
import { gathered } from '../db/gather.ts'
import type { Database } from '../db/schema.ts'
import type { Tx } from '../db/tx.ts'

/** Days a session lasts, by whose it is. */
const DAYS = { user: 30, person: 1 }

/** Requests of a person are written down once in so long, minutes. */
const SEEN_EVERY = 10

/** Who calls: a user of the three fronts, or a person of the merchant. */
export type Caller =
  | { kind: 'user'; id: string; host: string }
  | {
      kind: 'person'
      id: string
      name: string
      role: Role
      sessionId: string
      /** The session went through the second step too. */
      proven: boolean
    }
export type PersonCaller = Extract<Caller, { kind: 'person' }>

/** A person of the merchant, signing in. */
export interface SigningIn {
  personId: string
  proven?: boolean
  address?: string
  agent?: string | null
}

/** Opens a session and answers its token and its end. */
export async function openSession(
  db: Kysely<Database>,
  whose: { userId: string; host: string } | SigningIn,
  now: Date,
): Promise<{ token: string; expiresAt: string }> {
  const token = newToken()
  const isUser = 'userId' in whose
  const expires = new Date(now.getTime() + (isUser ? DAYS.user : DAYS.person) * dayMs)
  const of = isUser
    ? { user_id: whose.userId, person_id: null, host: whose.host }
    : {
        user_id: null,
        person_id: whose.personId,
        host: 'console',
        created_at: now,
        seen_at: now,
        proven_at: whose.proven ? now : null,
        address: whose.address ?? null,
        agent: whose.agent ?? null,
      }
  await db
    .insertInto('sessions')
    .values({ token_hash: hashOf(token), ...of, expires_at: expires })
    .execute()
  return { token, expiresAt: expires.toISOString() }
}

/** Whose token it is, or null when it is nobody's or has ended. */
export async function callerOf(
  db: Kysely<Database>,
  token: string,
  now: Date,
): Promise<Caller | null> {
  const row = await sessionRow(db, hashOf(token).toString('hex'))
  if (!row || row.expires_at <= now) return null
  if (row.user_id) return { kind: 'user', id: row.user_id, host: row.host }
  if (!row.id || !row.name || !row.role || row.deactivated_at) return null
  if (!row.seen_at || now.getTime() - row.seen_at.getTime() > SEEN_EVERY * minuteMs)
    await db
      .updateTable('sessions')
      .set({ seen_at: now })
      .where('token_hash', '=', row.token_hash)
      .execute()
  return {
    kind: 'person',
    id: row.id,
    name: row.name,
    role: row.role,
    sessionId: row.sessionId,
    proven: row.proven_at !== null,
  }
}

/** By the token's hash in hex. */
const sessionRow = gathered(async (db, hashes: readonly string[]) => {
  const rows = await db
    .selectFrom('sessions')
    .leftJoin('people', 'people.id', 'sessions.person_id')
    .select([
      'token_hash',
      'user_id',
      'host',
      'expires_at',
      'seen_at',
      'proven_at',
      'sessions.id as sessionId',
      'people.id',
      'people.name',
      'people.deactivated_at',
      'role',
    ])
    .where(
      'token_hash',
      'in',
      hashes.map((hex) => Buffer.from(hex, 'hex')),
    )
    .execute()
  return new Map(rows.map((row) => [row.token_hash.toString('hex'), row]))
})

/** Of these tokens, the ones whose session still runs. One question, however many sockets. */
export async function stillOpen(
  db: Kysely<Database>,
  tokens: readonly string[],
  now: Date,
): Promise<Set<string>> {
  if (tokens.length === 0) return new Set()
  const byHash = new Map(tokens.map((token) => [hashOf(token).toString('hex'), token]))
  const rows = await db
    .selectFrom('sessions')
    .select('token_hash')
    .where(
      'token_hash',
      'in',
      [...byHash.keys()].map((hex) => Buffer.from(hex, 'hex')),
    )
    .where('expires_at', '>', now)
    .execute()
  return new Set(rows.map((row) => byHash.get(row.token_hash.toString('hex')) ?? ''))
}

/** Ends the session of a token; nothing happens when there is none. */
export async function endSession(db: Kysely<Database>, token: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', hashOf(token)).execute()
}

/** Ends sessions of a person, all or all but one; in the transaction of the reason. */
export async function endSessionsOf(t: Tx, personId: string, but?: string): Promise<void> {
  await t
    .deleteFrom('sessions')
    .where('person_id', '=', personId)
    .$if(but !== undefined, (query) => query.where('id', '<>', but as string))
    .execute()
}

/** 256 random bits, for whoever is to be known again. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token. */
export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
