import { readForm } from '../../booking/catalogue.ts'
import type { OrderRow } from '../../order/order.ts'
import type { Parts } from '../../parts.ts'
import { openAnswer } from '../../registration/answers.ts'
import type { Channel } from './channel.ts'

/** A text message to the phone the person registered with, else to the one they sign in with. */
export const sms: Channel = {
  name: 'sms',
  async send(parts, order, text, now) {
    const phone = (await registeredPhone(parts, order)) ?? (await ownPhone(parts, order))
    if (phone === null) return 'no_address'
    const answer = await parts.platforms.sendText(phone, text, now)
    if (answer.ok) return 'sent'
    parts.log.warn({ order: order.id, code: answer.code }, 'text message not sent')
    return answer.kind === 'unknown' ? 'outcome_unknown' : 'channel_refused'
  },
}

async function registeredPhone({ db, seal }: Parts, order: OrderRow): Promise<string | null> {
  const form = await readForm(db, order.service_id, order.form_version)
  const field = form.fields.find(({ kind }) => kind === 'phone')
  const row = await db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .executeTakeFirst()
  const answer = field && row ? openAnswer(seal, row.answers[field.id]) : null
  return typeof answer === 'string' ? answer : null
}

async function ownPhone({ db, seal }: Parts, order: OrderRow): Promise<string | null> {
  const user = await db
    .selectFrom('users')
    .select('phone_sealed')
    .where('id', '=', order.user_id)
    .executeTakeFirstOrThrow()
  return user.phone_sealed === null ? null : String(seal.open(user.phone_sealed))
}
