/** What the product asks of the platforms besides money: who somebody is, and a text to a phone. */
import type { TemplateName } from '@jiyue/contract/reminder'
import type { HostTemplate, MessageHost } from '@jiyue/contract/wording'
import type { Answer } from './answer.ts'
import type { Letter } from './mail.ts'
import type { Text } from './sms.ts'
import type { WechatDelivery } from './wechatDelivery.ts'

/** Hosts that sign people in by a code of their own. */
export type LoginHost = 'weapp' | 'alipay' | 'wechat-browser'

export interface TemplateSend {
  /** The person's id at the host. */
  subject: string
  templateId: string
  /** A page of ours, without a leading slash. */
  page: string
  /** By the template's keys. */
  data: Record<string, string>
}

export interface Platforms extends WechatDelivery {
  /** A host's one-time login code → the person's id there (openid, open_id). */
  subjectOf(host: LoginHost, code: string, now: Date): Promise<Answer<string>>
  /** Where WeChat's own browser signs people in; null without an official account. */
  webSignIn(): { appId: string; authorizeUrl: string } | null
  /** Sends a sign-in code by SMS. */
  sendSignInCode(phone: string, code: string, now: Date): Promise<Answer<unknown>>
  /** Sends a registered text by SMS, its variables cut to what fits; never repeated after `unknown`. */
  sendText(text: Text, now: Date): Promise<Answer<unknown>>
  /** The templates of a host that the credentials name. */
  templatesOf(host: MessageHost): Partial<Record<TemplateName, HostTemplate>>
  /** Sends a message of a template; never repeated after `unknown`. */
  sendTemplate(host: MessageHost, message: TemplateSend, now: Date): Promise<Answer<unknown>>
  /** Sends an e-mail; never repeated after `unknown`. */
  sendMail(letter: Letter, now: Date): Promise<Answer<unknown>>
}
