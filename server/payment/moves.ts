/** Reading moves. */
import type { Kysely } from 'kysely'
import type { Database } from '../db/schema.ts'
import type { MoveRow } from './moved.ts'

/** A move as it is shown: with the time of the slot it goes to. */
export type MoveSeen = MoveRow & { starts_at: Date; ends_at: Date }

export async function readMove(db: Kysely<Database>, id: string): Promise<MoveSeen | undefined> {
  return seenMoves(db).where('moves.id', '=', id).executeTakeFirst()
}

/** A move of the user's own orders, or undefined. */
export async function readOwnMove(
  db: Kysely<Database>,
  id: string,
  userId: string,
): Promise<MoveSeen | undefined> {
  return seenMoves(db)
    .innerJoin('orders', 'orders.id', 'moves.order_id')
    .where('moves.id', '=', id)
    .where('orders.user_id', '=', userId)
    .executeTakeFirst()
}

function seenMoves(db: Kysely<Database>) {
  return db
    .selectFrom('moves')
    .innerJoin('slots', 'slots.id', 'moves.to_slot')
    .selectAll('moves')
    .select(['slots.starts_at', 'slots.ends_at'])
}
