/** Messages by a template that the person consented to: WeChat's and Alipay's alike. */
import { reminderKinds } from '@jiyue/contract/reminder'
import { giveBack, spend, voidLeft } from '../consents.ts'
import { templateValues } from '../text.ts'
import { type Channel, channel } from './channel.ts'
import { sentBy } from './sms.ts'

/** What platforms call it when the person allows no (more) message. */
const NONE_LEFT = /^(43101|.*SUBSCRI.*)$/

export function byTemplate(name: 'wechat' | 'alipay', host: 'weapp' | 'alipay'): Channel {
  return channel<string>({
    name,
    async open(t, { platforms }, { id, kind, userId, now }) {
      const template = reminderKinds[kind].template
      if (!platforms.templatesOf(host)[template]) return { unsent: 'not_set_up' }
      const identity = await t
        .selectFrom('identities')
        .select('subject')
        .where('user_id', '=', userId)
        .where('host', '=', host)
        .limit(1)
        .executeTakeFirst()
      if (!identity) return { unsent: 'no_address' }
      const isSpent = await spend(t, { userId, host, template, reminderId: id, now })
      return isSpent ? { address: identity.subject } : { unsent: 'no_consent' }
    },
    async send({ platforms }, subject, { kind, facts, path, now }) {
      const { template } = reminderKinds[kind]
      const values = templateValues(kind, facts, now)
      const page = path.replace(/^\//, '')
      return sentBy(await platforms.sendTemplate(host, { subject, template, page, values }, now))
    },
    async refused(t, message, code) {
      if (!NONE_LEFT.test(code)) return giveBack(t, message.id)
      const { template } = reminderKinds[message.kind]
      await voidLeft(t, { userId: message.userId, host, template })
    },
  })
}
