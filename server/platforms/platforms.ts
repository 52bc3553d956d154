/** What the product asks of the platforms besides money: who somebody is, and a text to a phone. */
import type { Answer } from './answer.ts'
import type { WechatDelivery } from './wechatDelivery.ts'

/** Hosts that sign people in by a code of their own. */
export type LoginHost = 'weapp' | 'alipay' | 'wechat-browser'

export interface Platforms extends WechatDelivery {
  /** A host's one-time login code → the person's id there (openid, open_id). */
  subjectOf(host: LoginHost, code: string, now: Date): Promise<Answer<string>>
  /** Where WeChat's own browser signs people in; null without an official account. */
  webSignIn(): { appId: string; authorizeUrl: string } | null
  /** Sends a sign-in code by SMS. */
  sendSignInCode(phone: string, code: string, now: Date): Promise<Answer<unknown>>
  /** Sends a text by SMS; never repeated after `unknown`. */
  sendText(phone: string, text: string, now: Date): Promise<Answer<unknown>>
}
