/** Alipay's mini-program messages. */
import type { AlipayClient } from './alipayClient.ts'
import type { Answer } from './answer.ts'

export interface TemplateMessage {
  openId: string
  templateId: string
  page: string
  /** `keyword1` … → text. */
  data: Record<string, string>
}

export interface AlipayMessages {
  /** Never repeated by itself: after `unknown` the message may be on its way. */
  sendTemplate(message: TemplateMessage, now: Date): Promise<Answer<unknown>>
}

export function alipayMessages(client: AlipayClient): AlipayMessages {
  return {
    sendTemplate({ openId, templateId, page, data }, now) {
      const keywords = Object.entries(data).map(([key, value]) => [key, { value }])
      const content = {
        to_open_id: openId,
        user_template_id: templateId,
        page,
        // JSON inside JSON: this wire wants text here.
        data: JSON.stringify(Object.fromEntries(keywords)),
      }
      return client.call(SEND, content, now, { attempts: 1 })
    },
  }
}

const SEND = 'alipay.open.app.mini.templatemessage.send'
