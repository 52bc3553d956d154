/** Puts the platforms' wires together from the credentials. */
import { smsVariable } from '@jiyue/contract/sms'
import type { MessageHost } from '@jiyue/contract/wording'

import { alipayClient } from './alipayClient.ts'
import { type AlipayLogin, alipayLogin } from './alipayLogin.ts'
import { type AlipayMessages, alipayMessages } from './alipayMessages.ts'
import { type Answer, refused } from './answer.ts'
import type { Credentials } from './credentials.ts'
import { type Wire, wire } from './exchange.ts'
import { mail } from './mail.ts'
import type { LoginHost, Platforms } from './platforms.ts'
import { type Sms, sms } from './sms.ts'
import { wechatApi } from './wechatApi.ts'
import { wechatDelivery } from './wechatDelivery.ts'
import { type WechatLogin, wechatLogin } from './wechatLogin.ts'
import { type WechatMessages, wechatMessages } from './wechatMessages.ts'
import { wechatToken } from './wechatToken.ts'

/** `Platforms`, and the wires behind it for the modules that need more of them. */
export interface ConnectedPlatforms extends Platforms {
  wechat: WechatLogin & WechatMessages
  alipay: AlipayLogin & AlipayMessages
  /** Null without an SMS account. */
  sms: Sms | null
}

/** `options` are for tests. */
export function connectPlatforms(
  credentials: Credentials,
  options: Partial<Wire> = {},
): ConnectedPlatforms {
  const over = wire(options)
  const api = wechatApi(credentials.wechat.baseUrl, over)
  const token = wechatToken(credentials.wechat, api)
  const client = alipayClient(credentials.alipay, over)
  const wechat = { ...wechatLogin(credentials, api, token), ...wechatMessages(api, token) }
  const alipay = { ...alipayLogin(credentials.alipay, client), ...alipayMessages(client) }
  const texts = credentials.sms && sms(credentials.sms, over)
  const letters = credentials.mail && mail(credentials.mail, credentials.sandbox)
  const registered = {
    weapp: credentials.wechat.templates ?? {},
    alipay: credentials.alipay.templates ?? {},
  } satisfies Record<MessageHost, object>

  const subjects: Record<LoginHost, (code: string, now: Date) => Promise<Answer<string>>> = {
    weapp: async (code) => openidOf(await wechat.mini(code)),
    'wechat-browser': async (code) => openidOf(await wechat.web(code)),
    alipay: alipay.subject,
  }

  return {
    wechat,
    alipay,
    sms: texts,
    ...wechatDelivery(credentials.wechatPay.mchid, api, token),
    subjectOf: (host, code, now) => subjects[host](code, now),
    webSignIn: wechat.webSignIn,
    async sendSignInCode(phone, code, now) {
      if (!texts) return refused('not_set_up', 'no SMS account in the credentials')
      return texts.send({ phone, template: 'signInCode', params: { code } }, now)
    },
    async sendText({ phone, template, params }, now) {
      if (!texts) return refused('not_set_up', 'no SMS account in the credentials')
      const short = Object.entries(params).map(([name, value]) => [name, smsVariable(value)])
      return texts.send({ phone, template, params: Object.fromEntries(short) }, now)
    },
    templatesOf: (host) => registered[host],
    async sendTemplate(host, { subject, templateId, page, data }, now) {
      if (host === 'weapp') {
        return wechat.sendSubscribe({ openid: subject, templateId, page, data }, now)
      }
      return alipay.sendTemplate({ openId: subject, templateId, page, data }, now)
    },
    async sendMail(letter, now) {
      if (!letters) return refused('not_set_up', 'no mail account in the credentials')
      return letters.send(letter, now)
    },
  }
}

function openidOf(answer: Answer<{ openid: string }>): Answer<string> {
  return answer.ok ? { ok: true, value: answer.value.openid } : answer
}
