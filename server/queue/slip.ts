/** A slip 号码条: the number of a place, signed for one person and service. Proves an earlier arrival. */
import { timingSafeEqual } from 'node:crypto'
import type { Seal } from '../people/seal.ts'

export interface Place {
  service: string
  user: string
  number: number
}

export function slipOf(seal: Seal, place: Place): string {
  return `${place.number}.${markOf(seal, place)}`
}

/** The slip's number; 0 when it is not theirs, not ours, or older than `keepMs`. */
export function numberOf(
  seal: Seal,
  slip: string,
  { service, user, now, keepMs }: Omit<Place, 'number'> & { now: number; keepMs: number },
): number {
  const [digits = '', mark = ''] = slip.split('.')
  const number = /^\d{1,16}$/.test(digits) ? Number(digits) : 0
  const made = number / 1000
  if (made <= now - keepMs || made > now + keepMs) return 0
  const right = Buffer.from(markOf(seal, { service, user, number }))
  const given = Buffer.from(mark)
  return given.length === right.length && timingSafeEqual(given, right) ? number : 0
}

const markOf = (seal: Seal, { service, user, number }: Place) =>
  seal.index('queue', `${service}\n${user}\n${number}`)
