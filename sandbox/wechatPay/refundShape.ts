import {
  integer,
  list,
  notifyUrl,
  object,
  oneOf,
  optional,
  read,
  type Shape,
  text,
} from './fields.ts'
import { OUT_TRADE_NO } from './orderShape.ts'

/** The body of POST /v3/refund/domestic/refunds, after `readRefund` has let it through. */
export type RefundRequest = {
  transaction_id?: string
  out_trade_no?: string
  out_refund_no: string
  reason?: string
  notify_url?: string
  funds_account?: 'AVAILABLE' | 'UNSETTLED'
  amount: { refund: number; total: number; currency: string; from?: object[] }
}

export const OUT_REFUND_NO = /^[0-9A-Za-z_\-|*@]+$/

const SHAPE: Shape = {
  transaction_id: optional(text(32)),
  out_trade_no: optional(text(32, OUT_TRADE_NO, 6)),
  out_refund_no: text(64, OUT_REFUND_NO),
  reason: optional(text(80)),
  notify_url: optional(notifyUrl(256)),
  funds_account: optional(oneOf('AVAILABLE', 'UNSETTLED')),
  amount: object({
    refund: integer(1),
    total: integer(1),
    currency: oneOf('CNY'),
    from: optional(list(object({ account: text(32), amount: integer(1) }), 10)),
  }),
}

/** Refuses a body with a wrong field (PARAM_ERROR), else gives it back typed (facts 1.9). */
export function readRefund(body: unknown): RefundRequest {
  read(body, SHAPE)
  return body as RefundRequest
}
