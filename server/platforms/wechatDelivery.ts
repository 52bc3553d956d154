/**
 * Delivery info 发货信息 of a mini-program's payments: WeChat freezes the money of trade
 * mini-programs until it hears that the service was given (facts 6.1).
 */
import type { Answer } from './answer.ts'
import { rfc3339Ms } from './chinaTime.ts'
import type { WechatApi } from './wechatApi.ts'
import type { WechatToken } from './wechatToken.ts'

export interface DeliveryInfo {
  /** Our number of the payment, which WeChat knows from its beginning. */
  tradeNo: string
  /** Who paid, in the mini-program. */
  openid: string
  /** What was given; cut and cleaned to WeChat's 120 characters. */
  item: string
  /** `branch`: people came to it (self pick-up); `elsewhere`: nothing was handed over (virtual). */
  given: 'branch' | 'elsewhere'
}

export interface WechatDelivery {
  /**
   * One upload, never repeated by itself: WeChat takes one change and no more. Refused with
   * `10060001` while WeChat has not heard of the payment, `10060002` when it has this info already
   * [M], `47001` for a value it does not take.
   */
  uploadDelivery(info: DeliveryInfo, now: Date): Promise<Answer<unknown>>
}

export function wechatDelivery(mchid: string, api: WechatApi, token: WechatToken): WechatDelivery {
  return {
    uploadDelivery({ tradeNo, openid, item, given }, now) {
      const body = {
        order_key: { order_number_type: BY_OUR_NUMBER, mchid, out_trade_no: tradeNo },
        logistics_type: LOGISTICS[given],
        delivery_mode: WHOLE,
        shipping_list: [{ item_desc: fitting(item) }],
        upload_time: rfc3339Ms(now),
        payer: { openid },
      }
      return token.use(now, (access_token) => api.post(UPLOAD, { access_token }, body, 1))
    },
  }
}

const UPLOAD = '/wxa/sec/order/upload_shipping_info'
const BY_OUR_NUMBER = 1
const WHOLE = 1
const LOGISTICS: Record<DeliveryInfo['given'], number> = { branch: 4, elsewhere: 3 }

function fitting(item: string): string {
  const plain = item.replace(/[\u{10000}-\u{10ffff}]/gu, '').replace(/\p{Cc}+/gu, ' ')
  return plain.trim().slice(0, 120) || '预约服务'
}
