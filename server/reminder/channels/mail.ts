import { answerOf } from './answered.ts'
import { channel } from './channel.ts'
import { sentBy } from './sms.ts'

/** An e-mail to the address the person registered with. */
export const mail = channel<string>({
  name: 'mail',
  async open(t, parts, { order }) {
    const address = order && (await answerOf(t, parts, order, 'email'))
    return address === null ? { unsent: 'no_address' } : { address }
  },
  async send({ platforms }, to, { id, title, linkedText, now }) {
    return sentBy(
      await platforms.sendMail({ id, to, subject: `【即约】${title}`, text: linkedText }, now),
    )
  },
})
