/** Refunds of WeChat Pay v3: asked for, asked about, and paid to the merchant when the payer cannot. */
import { type Answer, unknown, yes } from '../../../platforms/answer.ts'
import type { Gateway, RefundFact } from '../gateway.ts'
import type { WechatClient } from './client.ts'
import { refundFact, type Self, same } from './facts.ts'
import { cleaned } from './text.ts'

const REFUNDS = '/v3/refund/domestic/refunds'

type Refunds = Required<Pick<Gateway, 'refund' | 'queryRefund' | 'refundToMerchant'>>

export function wechatRefunds(client: WechatClient, self: Self, noticeUrl: string): Refunds {
  const read = (refundNo: string, object: unknown, reference: string): Answer<RefundFact> =>
    same('refundNo', refundNo, refundFact(object, self, reference))
  const query = (refundNo: string, now: Date) =>
    client.get(`${REFUNDS}/${encodeURIComponent(refundNo)}`, now)

  return {
    async refund(request, now) {
      const body = {
        out_trade_no: request.tradeNo,
        out_refund_no: request.refundNo,
        reason: cleaned(request.reason, 80) || undefined,
        // Always sent: without it the notice comes as version 2 XML.
        notify_url: noticeUrl,
        amount: { refund: request.amountFen, total: request.totalFen, currency: 'CNY' },
      }
      const answer = await client.post(REFUNDS, body, now)
      return answer.ok ? read(request.refundNo, answer.value, 'refund') : answer
    },

    async queryRefund(refundNo, tradeNo, now) {
      const answer = await query(refundNo, now)
      if (answer.ok) return read(refundNo, answer.value, 'refund query')
      return answer.code === 'RESOURCE_NOT_EXISTS' ? yes(missing(refundNo, tradeNo)) : answer
    },

    /** WeChat wants its own number here, which the query tells. */
    async refundToMerchant(refundNo, tradeNo, now) {
      const known = await query(refundNo, now)
      if (!known.ok) {
        return known.code === 'RESOURCE_NOT_EXISTS' ? yes(missing(refundNo, tradeNo)) : known
      }
      const fact = read(refundNo, known.value, 'refund query')
      if (!fact.ok || fact.value.reason !== 'ABNORMAL') return fact
      const { refund_id: id } = known.value
      if (typeof id !== 'string') return unknown('malformed', 'a refund without its refund_id')
      const path = `${REFUNDS}/${encodeURIComponent(id)}/apply-abnormal-refund`
      const body = { out_refund_no: refundNo, type: 'MERCHANT_BANK_CARD' }
      const answer = await client.post(path, body, now)
      return answer.ok ? read(refundNo, answer.value, 'abnormal refund') : answer
    },
  }
}

function missing(refundNo: string, tradeNo: string): RefundFact {
  return {
    kind: 'refund',
    method: 'wechat',
    refundNo,
    tradeNo,
    state: 'missing',
    amountFen: 0,
    reference: 'refund query',
  }
}
