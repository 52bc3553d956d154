/**
 * Registrations, many at once: those that are plain (a living hold, a price and marks nobody else
 * touched meanwhile) are written by one SQL function, as holds are; the rest are decided alone.
 */
import type { Quote } from '@jiyue/contract/pricing'
import { sql } from 'kysely'
import { groupCommit } from '../db/groupCommit.ts'
import { txOfOne } from '../db/tx.ts'
import { tell } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import type { Shown } from './pictures.ts'

/** What one registration writes; the price and all else was read without a lock. */
export interface PlainRegistration {
  order: string
  user: string
  slot: string
  quote: Quote
  /** Of the rules: minutes to pay, seconds after that for closing. */
  minutes: number
  closing: number
  formVersion: number
  /** Field id → value, sealed as it is stored. */
  answers: Readonly<Record<string, unknown>>
  /** Where the marks are unique: the slot or the service (R4). */
  scope: string
  marks: readonly string[]
  pictures: readonly Shown[]
  agreed: { version: number; digest: string; host: string } | null
  at: Date
}

/** True when it is registered by that; false: nothing was done, it is to be decided alone. */
export type Registrar = (plain: PlainRegistration) => Promise<boolean>

/** Registers in batches: those that come while one is in flight form the next. */
export function batchRegistrar(parts: Parts): Registrar {
  return groupCommit((batch) => register(parts, batch))
}

/** A batch of one. */
export async function registerAlone(parts: Parts, plain: PlainRegistration): Promise<boolean> {
  const [done = false] = await register(parts, [plain])
  return done
}

async function register(
  { db, bus }: Parts,
  batch: readonly PlainRegistration[],
): Promise<readonly boolean[]> {
  const rows = await txOfOne(
    db,
    sql<{ id: string }>`
      select id from register_orders(${JSON.stringify(batch.map(asked))}::jsonb) as id`,
  )
  const done = new Set(rows.map(({ id }) => id))
  const registered = batch.filter(({ order }) => done.has(order))
  tell(
    bus,
    registered.map(({ order, slot }) => ({ id: order, slot_id: slot })),
  )
  // Of two taps in one batch only the first did it.
  return batch.map(({ order }) => done.delete(order))
}

function asked({ slot: _, formVersion, quote, agreed, ...plain }: PlainRegistration) {
  return {
    ...plain,
    quote,
    agreed: agreed ? [agreed] : [],
    form_version: formVersion,
    first: quote.lines.some((line) => line.firstOrder),
    coupon: quote.lines.find((line) => line.couponId)?.couponId ?? null,
  }
}
