/**
 * The second step (M10): time-based codes (RFC 6238: SHA-1, six digits, 30 s, one step either way)
 * of the person's own authenticator, and recovery codes for a lost phone. A code is taken once: the
 * step of the last one is kept, and none up to it is taken again (RFC 6238 5.2).
 */
import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Tx } from '../db/tx.ts'
import type { Parts } from '../parts.ts'
import type { Seal } from './seal.ts'

const PERIOD = 30
const RECOVERY = { codes: 10, characters: 10 }
/** No letters that are read as another. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** A new secret: 160 bits, as RFC 4226 wants it. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an authenticator scans (Key Uri Format). */
export function uriOf(secret: string, login: string, merchant: string): string {
  return totp(secret, login, merchant).toString()
}

/** The time step that `code` belongs to, or null when it is none of the three around now. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  const one = totp(secret)
  const delta = one.validate({ token: code, timestamp: now.getTime(), window: 1 })
  return delta === null ? null : one.counter({ timestamp: now.getTime() }) + delta
}

/**
 * Takes a code of the authenticator or a recovery code, in the transaction of what it allows; the
 * person's row is locked, so that two at once are one after the other. False: wrong, or taken before.
 */
export async function takeCode(
  t: Tx,
  { seal }: Pick<Parts, 'seal'>,
  personId: string,
  typed: string,
  now: Date,
): Promise<boolean> {
  const { second_sealed, second_step } = await t
    .selectFrom('people')
    .select(['second_sealed', 'second_step'])
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  if (second_sealed === null) return false
  const code = plainCode(typed)
  if (!/^\d{6}$/.test(code)) return takeRecoveryCode(t, seal, personId, code, now)
  const step = stepOf(String(seal.open(second_sealed)), code, now)
  if (step === null || step <= second_step) return false
  await t.updateTable('people').set({ second_step: step }).where('id', '=', personId).execute()
  return true
}

/** New recovery codes in place of all before, shown this once. */
export async function writeRecoveryCodes(
  t: Tx,
  { seal }: Pick<Parts, 'seal'>,
  personId: string,
  now: Date,
): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY.codes }, newRecoveryCode)
  await t.deleteFrom('recovery_codes').where('person_id', '=', personId).execute()
  await t
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ person_id: personId, code_mark: markOf(seal, personId, code) })))
    .execute()
  await t.updateTable('people').set({ recovery_at: now }).where('id', '=', personId).execute()
  return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`)
}

async function takeRecoveryCode(
  t: Tx,
  seal: Seal,
  personId: string,
  code: string,
  now: Date,
): Promise<boolean> {
  const used = await t
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('person_id', '=', personId)
    .where('code_mark', '=', markOf(seal, personId, code))
    .where('used_at', 'is', null)
    .returning('code_mark')
    .executeTakeFirst()
  return used !== undefined
}

const markOf = (seal: Seal, personId: string, code: string) =>
  seal.index('recovery', `${personId} ${code}`)

/** Full-width digits, spaces and hyphens as people paste them. */
function plainCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
}

function newRecoveryCode(): string {
  return [...randomBytes(RECOVERY.characters)].map((byte) => ALPHABET[byte % 32]).join('')
}

function totp(secret: string, label = '', issuer = ''): TOTP {
  return new TOTP({
    secret: Secret.fromBase32(secret),
    label,
    issuer,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD,
  })
}
