/** WeChat subscribe messages: one consent of the person is one message. */
import { fitting } from '@jiyue/contract/wording'
import type { Answer } from './answer.ts'
import type { WechatApi } from './wechatApi.ts'
import type { WechatToken } from './wechatToken.ts'

export interface SubscribeMessage {
  openid: string
  templateId: string
  /** Path of a page of ours, without a leading slash. */
  page?: string | undefined
  /** By template key (`thing1`, `time2` …); cut and cleaned here to what the key may hold. */
  data: Record<string, string>
}

export interface WechatMessages {
  /**
   * Never repeated by itself. Refused with `43101` when no consent is left, `40003` and `40037` for
   * a wrong receiver or template, `47003` for a value WeChat does not take.
   */
  sendSubscribe(message: SubscribeMessage, now: Date): Promise<Answer<unknown>>
}

export function wechatMessages(api: WechatApi, token: WechatToken): WechatMessages {
  return {
    sendSubscribe({ openid, templateId, page, data }, now) {
      const body = {
        touser: openid,
        template_id: templateId,
        page,
        data: Object.fromEntries(
          Object.entries(data).map(([key, value]) => [key, { value: fitting(key, value) }]),
        ),
      }
      return token.use(now, (access_token) =>
        api.post('/cgi-bin/message/subscribe/send', { access_token }, body, 1),
      )
    },
  }
}
