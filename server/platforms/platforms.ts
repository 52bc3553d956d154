/** What the product asks of the platforms besides money: who somebody is, and a text to a phone. */
import type { Answer } from './answer.ts'

/** Hosts that sign people in by a code of their own. */
export type LoginHost = 'weapp' | 'alipay' | 'wechat-browser'

export interface Platforms {
  /** A host's one-time login code → the person's id there (openid, open_id). */
  subjectOf(host: LoginHost, code: string, now: Date): Promise<Answer<string>>
  /** Sends a sign-in code by SMS. */
  sendSignInCode(phone: string, code: string, now: Date): Promise<Answer<unknown>>
  /** Sends a text by SMS; never repeated after `unknown`. */
  sendText(phone: string, text: string, now: Date): Promise<Answer<unknown>>
}
