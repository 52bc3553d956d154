/** WeChat subscribe messages: one consent of the person is one message. */
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

/** Longest value by the letters a key begins with (facts/PLATFORMS.md 5.1). */
const LONGEST: Record<string, number> = {
  thing: 20,
  number: 32,
  letter: 32,
  symbol: 5,
  character_string: 32,
  phone_number: 17,
  car_number: 8,
  name: 10,
  phrase: 5,
}

/** A message with a shortened name arrives; one with a name too long is refused as a whole. */
function fitting(key: string, value: string): string {
  const signs = [...value.replace(/\p{Cc}+/gu, ' ').trim()]
  const longest = LONGEST[key.replace(/\d+$/, '')] ?? signs.length
  if (signs.length <= longest) return signs.join('')
  return key.startsWith('thing')
    ? `${signs.slice(0, longest - 1).join('')}…`
    : signs.slice(0, longest).join('')
}
