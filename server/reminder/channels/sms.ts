import { readForm } from '../../booking/catalogue.ts'
import type { OrderRow } from '../../order/order.ts'
import type { Parts } from '../../parts.ts'
import { openAnswer } from '../../registration/answers.ts'
import type { Channel, Sent } from './channel.ts'

/** A text message to the phone the person registered with, else to the one they sign in with. */
export const sms: Channel = {
  name: 'sms',
  async send(parts, order, text, now) {
    const phone = (await registeredPhone(parts, order)) ?? (await ownPhone(parts, order.user_id))
    return sendTo(parts, phone, text, now)
  },
  async tell(parts, userId, text, now) {
    return sendTo(parts, await ownPhone(parts, userId), text, now)
  },
}

async function sendTo(parts: Parts, phone: string | null, text: string, now: Date): Promise<Sent> {
  if (phone === null) return 'no_address'
  const answer = await parts.platforms.sendText(phone, text, now)
  if (answer.ok) return 'sent'
  parts.log.warn({ code: answer.code }, 'text message not sent')
  return answer.kind === 'unknown' ? 'outcome_unknown' : 'channel_refused'
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

async function ownPhone({ db, seal }: Parts, userId: string): Promise<string | null> {
  const user = await db
    .selectFrom('users')
    .select('phone_sealed')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return user.phone_sealed === null ? null : String(seal.open(user.phone_sealed))
}
