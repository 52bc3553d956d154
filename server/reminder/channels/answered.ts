import type { FieldKind } from '@jiyue/contract/fields/kinds'
import { readForm } from '../../booking/catalogue.ts'
import type { Tx } from '../../db/tx.ts'
import type { OrderRow } from '../../order/order.ts'
import type { Parts } from '../../parts.ts'
import { openAnswer } from '../../registration/answers.ts'

/** What the person answered to the form's first field of a kind (a phone, an e-mail), or null. */
export async function answerOf(
  t: Tx,
  { seal }: Parts,
  order: OrderRow,
  kind: FieldKind,
): Promise<string | null> {
  const form = await readForm(t, order.service_id, order.form_version)
  const field = form.fields.find((one) => one.kind === kind)
  const row = await t
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .executeTakeFirst()
  const answer = field && row ? openAnswer(seal, row.answers[field.id]) : null
  return typeof answer === 'string' && answer !== '' ? answer : null
}
