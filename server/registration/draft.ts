/** Drafts (R6, R8): answers saved before submitting, merged field by field (merge.ts). */

import { stateAt } from '@jiyue/contract/order'
import type { Draft, DraftEdit } from '@jiyue/contract/schema/wire'
import { readForm } from '../booking/catalogue.ts'
import type { SealedAnswers } from '../db/schema.ts'
import { after, tx } from '../db/tx.ts'
import { type Refused, refuse } from '../http/refusal.ts'
import type { OrderRow } from '../order/order.ts'
import type { Parts } from '../parts.ts'
import type { Seal } from '../people/seal.ts'
import { mapAnswers, openAnswer, sealAnswer } from './answers.ts'
import { mergeAnswers } from './merge.ts'

/** The saved answers of an order; empty when there are none. */
export async function readDraft({ db, seal }: Parts, orderId: string): Promise<Draft> {
  const row = await db
    .selectFrom('drafts')
    .selectAll()
    .where('order_id', '=', orderId)
    .executeTakeFirst()
  return row ? { values: openAll(seal, row.answers), step: row.step } : { values: {}, step: 0 }
}

/**
 * Merges `draft` into what is saved and answers the whole. Also for a lapsed hold: the answers wait
 * for a new slot (T3). Refuses with order_state once the form was submitted.
 */
export async function saveDraft(
  parts: Parts,
  order: OrderRow,
  draft: { values: Record<string, DraftEdit>; step: number },
): Promise<Draft | Refused> {
  const { db, seal, bus } = parts
  const now = parts.now()
  const state = stateAt(
    { state: order.state, heldUntil: order.held_until?.toISOString() ?? null },
    now.getTime(),
  )
  if (order.registered_at !== null || (state !== 'held' && state !== 'expired'))
    return refuse('order_state')
  const form = await readForm(db, order.service_id, order.form_version)
  const fields = new Map(form.fields.map((field) => [field.id, field]))
  const known = Object.entries(draft.values).filter(([id]) => fields.has(id))
  const given = mapAnswers(Object.fromEntries(known), (edit) => ({
    ...edit,
    at: notAfter(edit.at, now),
  }))
  await tx(db, async (t) => {
    await t
      .insertInto('drafts')
      .values({ order_id: order.id, answers: '{}', step: 0, saved_at: now })
      .onConflict((conflict) => conflict.column('order_id').doNothing())
      .execute()
    const saved = await t
      .selectFrom('drafts')
      .select('answers')
      .where('order_id', '=', order.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const merged = mapAnswers(
      mergeAnswers(openAll(seal, saved.answers), given),
      ({ value, at, other }, id) => {
        const sealed = (one: unknown) => sealAnswer(seal, fields.get(id), one)
        return {
          value: sealed(value),
          at,
          ...(other && { other: { value: sealed(other.value), at: other.at } }),
        }
      },
    )
    await t
      .updateTable('drafts')
      .set({ answers: JSON.stringify(merged), step: draft.step, saved_at: now })
      .where('order_id', '=', order.id)
      .execute()
    after(t, () => bus.changed({ topics: [`order:${order.id}`] }))
  })
  return readDraft(parts, order.id)
}

function openAll(seal: Seal, answers: SealedAnswers): Draft['values'] {
  return mapAnswers(answers, ({ value, at, other }) => ({
    value: openAnswer(seal, value),
    at,
    ...(other && { other: { value: openAnswer(seal, other.value), at: other.at } }),
  }))
}

/** A phone whose clock runs ahead must not win for ever. */
function notAfter(at: string, now: Date): string {
  return Date.parse(at) > now.getTime() ? now.toISOString() : at
}
