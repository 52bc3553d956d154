/** Passwords of the console: scrypt with its salt and cost beside the hash (RFC 7914). */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const LENGTH = 32

/** `password` → `scrypt:N:salt:hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST.N)
  return `scrypt:${COST.N}:${salt.toString('base64url')}:${hash.toString('base64url')}`
}

/** Constant-time comparison; false for a hash of any other form. */
export async function checkPassword(password: string, stored: string): Promise<boolean> {
  const [name, cost, salt, hash] = stored.split(':')
  if (name !== 'scrypt' || !cost || !salt || !hash) return false
  const expected = Buffer.from(hash, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), Number(cost))
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function derive(password: string, salt: Buffer, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, LENGTH, { ...COST, N }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
