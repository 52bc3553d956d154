/** The trades of the sandbox, as the checks read them. */
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { TradeSeen } from './rails.ts'

/** Every trade by its number, both methods'. */
export function tradesOf({ admin }: Sandbox): Map<string, TradeSeen> {
  const { wechat, alipay } = admin.trades()
  const all = [...wechat.map(wechatTrade), ...alipay.map(alipayTrade)]
  return new Map(all.map((trade) => [trade.tradeNo, trade]))
}

type Views = ReturnType<Sandbox['admin']['trades']>

function wechatTrade(order: Views['wechat'][number]): TradeSeen {
  const { success_time: at } = order
  return {
    tradeNo: order.out_trade_no,
    method: 'wechat',
    paidFen: at === undefined ? null : order.amount.total,
    paidAt: at === undefined ? undefined : Date.parse(at),
    payable: order.trade_state === 'NOTPAY',
    refunds: order.refunds.map(({ out_refund_no, amount, status }) => ({
      no: out_refund_no,
      fen: amount.refund,
      state: STATES[status],
    })),
  }
}

const STATES = {
  PROCESSING: 'processing',
  SUCCESS: 'succeeded',
  ABNORMAL: 'abnormal',
  CLOSED: 'closed',
} as const

function alipayTrade(trade: Views['alipay'][number]): TradeSeen {
  const at = 'send_pay_date' in trade ? trade.send_pay_date : undefined
  return {
    tradeNo: trade.out_trade_no,
    method: 'alipay',
    paidFen: at === undefined ? null : Math.round(Number(trade.total_amount) * 100),
    paidAt: at === undefined ? undefined : Date.parse(`${at.replace(' ', 'T')}+08:00`),
    payable: trade.trade_status === 'WAIT_BUYER_PAY',
    refunds: trade.refunds.map(({ requestNo, fen, done }) => ({
      no: requestNo,
      fen,
      state: done ? 'succeeded' : 'processing',
    })),
  }
}
