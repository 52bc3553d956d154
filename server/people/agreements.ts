/** What people agree to about their data (X11): written down with the text's own hash. */
import { createHash } from 'node:crypto'
import { privacyText } from '@jiyue/contract/privacy'
import type { Tx } from '../db/tx.ts'

export interface Agreement {
  userId: string
  orderId: string | null
  /** Of contract/privacy.ts; must be one that there is. */
  version: number
  formVersion: number | null
  /** The front it was said on. */
  host: string
}

/** Writes it down, in the transaction of what it was said with. */
export async function agree(t: Tx, agreement: Agreement, now: Date): Promise<void> {
  await t
    .insertInto('agreements')
    .values({
      user_id: agreement.userId,
      order_id: agreement.orderId,
      version: agreement.version,
      digest: digestOf(agreement.version),
      form_version: agreement.formVersion,
      host: agreement.host,
      at: now,
    })
    .execute()
}

/** SHA-256 of a privacy text, hexadecimal; throws where there is no such text. */
export function digestOf(version: number): string {
  const text = privacyText(version)
  if (text === null) throw new Error(`there is no privacy text ${version}`)
  return createHash('sha256').update(text).digest('hex')
}
