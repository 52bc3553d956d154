import { rfc3339 } from '../clock.ts'
import type { Order } from './orders.ts'
import type { Refund } from './refunds.ts'

/** The refund object of answers (facts 1.9). */
export function refundView(refund: Refund, order: Order) {
  const { refund: amount, total, from } = refund.request.amount
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.id,
    transaction_id: order.transactionId,
    out_trade_no: order.id,
    channel: refund.card === 'USER_BANK_CARD' ? 'OTHER_BANKCARD' : 'ORIGINAL',
    user_received_account: accountOf(refund),
    ...successTime(refund),
    create_time: rfc3339(refund.createdAt),
    status: refund.state,
    funds_account: refund.request.funds_account ?? 'AVAILABLE',
    amount: {
      total,
      refund: amount,
      from: from ?? [],
      payer_total: total,
      payer_refund: amount,
      settlement_total: total,
      settlement_refund: amount,
      discount_refund: 0,
      currency: 'CNY',
    },
    promotion_detail: [],
  }
}

/** The plain text of a refund notice: no appid, currency or channel (facts 1.10). */
export function refundNotice(refund: Refund, order: Order) {
  const { refund: amount, total } = refund.request.amount
  return {
    mchid: order.request.mchid,
    transaction_id: order.transactionId,
    out_trade_no: order.id,
    refund_id: refund.refundId,
    out_refund_no: refund.id,
    refund_status: refund.state,
    ...successTime(refund),
    user_received_account: accountOf(refund),
    amount: { total, refund: amount, payer_total: total, payer_refund: amount },
  }
}

/** Where the money goes: the payer's own account, or what the merchant chose after ABNORMAL. */
function accountOf({ card, tail }: Refund): string {
  if (card === 'USER_BANK_CARD') return `用户银行卡${tail}`
  return card === 'MERCHANT_BANK_CARD' ? '商户结算银行账户' : '支付用户零钱'
}

function successTime(refund: Refund) {
  return refund.state === 'SUCCESS' ? { success_time: rfc3339(refund.endedAt as number) } : {}
}
