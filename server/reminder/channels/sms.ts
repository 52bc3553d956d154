import { smsKey, smsTextOf } from '@jiyue/contract/sms'
import type { Parts } from '../../parts.ts'
import type { Answer } from '../../platforms/answer.ts'
import { answerKey } from '../links.ts'
import { templateValues } from '../text.ts'
import { answerOf } from './answered.ts'
import { type Channel, channel, type Sent } from './channel.ts'

/** A text message to the phone the person registered with, else to the one they sign in with. */
export const sms: Channel = channel<string>({
  name: 'sms',
  async open(t, parts, { order, userId }) {
    const phone =
      (order && (await answerOf(t, parts, order, 'phone'))) ?? (await ownPhone(parts, userId))
    return phone === null ? { unsent: 'no_address' } : { address: phone }
  },
  async send({ platforms, seal }, phone, { id, kind, title, facts, hint, now }) {
    const values = templateValues(facts, hint, now)
    const template = smsTextOf(kind)
    const params = {
      ...values,
      service: facts.service || '即约',
      title,
      ...(template === 'answer' && smsKey(answerKey(seal, id))),
    }
    return sentBy(await platforms.sendText({ phone, template, params }, now))
  },
})

/** A platform's answer as the ledger has it. */
export function sentBy(answer: Answer<unknown>): Sent {
  if (answer.ok) return 'sent'
  const { kind, code } = answer
  if (code === 'not_set_up') return { unsent: 'not_set_up', code }
  return { unsent: kind === 'unknown' ? 'outcome_unknown' : 'channel_refused', code }
}

async function ownPhone({ db, seal }: Parts, userId: string): Promise<string | null> {
  const user = await db
    .selectFrom('users')
    .select('phone_sealed')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return user.phone_sealed === null ? null : String(seal.open(user.phone_sealed))
}
