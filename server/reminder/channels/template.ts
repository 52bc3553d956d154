/** Messages by a template that the person consented to: WeChat's and Alipay's alike. */
import { reminderKinds } from '@jiyue/contract/reminder'
import type { HostTemplate } from '@jiyue/contract/wording'
import { giveBack, spend, voidLeft } from '../consents.ts'
import { templatesOf } from '../hostTemplates.ts'
import { templateValues } from '../text.ts'
import { type Channel, channel } from './channel.ts'
import { sentBy } from './sms.ts'

/** What platforms call it when the person allows no (more) message. */
const NONE_LEFT = /^(43101|.*SUBSCRI.*)$/

interface Address extends HostTemplate {
  /** The person's id at the host. */
  subject: string
}

export function byTemplate(name: 'wechat' | 'alipay', host: 'weapp' | 'alipay'): Channel {
  return channel<Address>({
    name,
    async open(t, parts, { id, kind, userId, now }) {
      const name = reminderKinds[kind].template
      const template = (await templatesOf(t, parts, host))[name]
      if (!template) return { unsent: 'not_set_up' }
      const identity = await t
        .selectFrom('identities')
        .select('subject')
        .where('user_id', '=', userId)
        .where('host', '=', host)
        .limit(1)
        .executeTakeFirst()
      if (!identity) return { unsent: 'no_address' }
      const whose = { userId, host, template: name, templateId: template.id }
      const isSpent = await spend(t, { ...whose, reminderId: id, now })
      return isSpent ? { address: { ...identity, ...template } } : { unsent: 'no_consent' }
    },
    async send({ platforms }, { subject, id: templateId, keys }, { facts, hint, path, now }) {
      const values = templateValues(facts, hint, now)
      const data = Object.fromEntries(
        Object.entries(keys).map(([key, fact]) => [key, values[fact]]),
      )
      const page = path.replace(/^\//, '')
      return sentBy(await platforms.sendTemplate(host, { subject, templateId, page, data }, now))
    },
    async refused(t, message, code) {
      if (!NONE_LEFT.test(code)) return giveBack(t, message.id)
      const { template } = reminderKinds[message.kind]
      await voidLeft(t, { userId: message.userId, host, template, reminderId: message.id })
    },
  })
}
