/**
 * Links in messages that leave our own pages. The one of 「是否确认参与」 answers without signing in:
 * it carries the reminder's id and a MAC of it, so that nobody can make one up.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Parts } from '../parts.ts'
import type { Seal } from '../people/seal.ts'

/** 22 characters of id, 22 of the MAC (128 bits). */
const KEY = /^[\w-]{44}$/
const ID_LENGTH = 22

/** The link of a message, or null where it needs none. */
export function linkOf(
  { seal, publicUrl }: Pick<Parts, 'seal' | 'publicUrl'>,
  row: { id: string; kind: string },
): string | null {
  if (row.kind !== 'day_before') return null
  return ` 确认或取消：${publicUrl}/pages/order/answer?key=${answerKey(seal, row.id)}`
}

export function answerKey(seal: Seal, reminderId: string): string {
  const id = Buffer.from(reminderId.replaceAll('-', ''), 'hex').toString('base64url')
  return id + macOf(seal, reminderId)
}

/** The reminder a key belongs to; null for one that we did not make. */
export function reminderOfKey(seal: Seal, key: string): string | null {
  if (!KEY.test(key)) return null
  const hex = Buffer.from(key.slice(0, ID_LENGTH), 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const given = Buffer.from(key.slice(ID_LENGTH))
  return timingSafeEqual(given, Buffer.from(macOf(seal, id))) ? id : null
}

function macOf(seal: Seal, reminderId: string): string {
  return seal.index('answer', reminderId).slice(0, 22)
}
