/**
 * Registrations, many at once, as holds are: one SQL function writes those that are plain (a living
 * hold, a price and marks nobody else touched meanwhile) and leaves the rest, which are made plain or
 * refused one by one (registration.ts).
 */
import type { Quote } from '@jiyue/contract/pricing'
import { sql } from 'kysely'
import { groupCommit } from '../db/groupCommit.ts'
import { after, type Tx, txOfOne } from '../db/tx.ts'
import type { Bus } from '../live/bus.ts'
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

/** The same in the caller's transaction, which holds what else it wants locked. */
export async function registerIn(
  t: Tx,
  { bus }: Parts,
  plain: PlainRegistration,
): Promise<boolean> {
  const { rows } = await statement([plain]).execute(t)
  after(t, () => tellOf(bus, rows, [plain]))
  return rows.length > 0
}

async function register(
  { db, bus }: Parts,
  batch: readonly PlainRegistration[],
): Promise<readonly boolean[]> {
  const rows = await txOfOne(db, statement(batch))
  tellOf(bus, rows, batch)
  const done = new Set(rows.map(({ id }) => id))
  // Of two taps in one batch only the first did it.
  return batch.map(({ order }) => done.delete(order))
}

interface Registered {
  id: string
}

const statement = (batch: readonly PlainRegistration[]) => sql<Registered>`
  select id from register_orders(${JSON.stringify(batch.map(asked))}::jsonb) as id`

function tellOf(bus: Bus, rows: readonly Registered[], batch: readonly PlainRegistration[]): void {
  const slots = new Map(batch.map(({ order, slot }) => [order, slot]))
  tell(
    bus,
    rows.map(({ id }) => ({ id, slot_id: slots.get(id) as string })),
  )
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
