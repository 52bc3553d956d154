import type { About } from './gate.ts'
import type { Orders } from './orders.ts'
import type { Refunds } from './refunds.ts'

type Numbers = { out_trade_no?: unknown; transaction_id?: unknown; out_refund_no?: unknown }

/**
 * Which order and refund a call is about, whatever name it uses for them: out_trade_no,
 * transaction_id or out_refund_no, in the path or in the body.
 */
export function makeAbout(orders: Orders, refunds: Refunds): About {
  return ({ params, body }) => {
    const {
      out_trade_no: no,
      transaction_id: id,
      out_refund_no: refundNo,
    } = (body ?? {}) as Numbers
    const named = [...params, no, id, refundNo].filter((one) => typeof one === 'string')
    const orderNumbers = named.map(
      (name) => orders.orderOfTransaction(name) ?? refunds.get(name)?.order,
    )
    return [...named, ...orderNumbers.filter((one) => one !== undefined)]
  }
}
