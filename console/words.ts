/**
 * Chinese for the codes of an order's history (events, facts of money). On the wire they are plain
 * strings: one that is not here is shown as it came, never hidden.
 */
import type { OrderEvent } from '@jiyue/contract/order'
import { refundReasons, heardBy as ways } from '@jiyue/contract/payment'

const events: Record<OrderEvent | 'hold', string> = {
  hold: '锁定时段',
  register: '提交报名',
  confirm: '预约成功',
  complete: '到店核销',
  miss: '未到店，记为爽约',
  move: '改期',
  cancel: '取消预约',
  expire: '超时未完成，时段已释放',
}

const doers = { user: '客户', merchant: '商家', time: '系统计时', payment: '支付结果' }

const said = {
  unpaid: '未支付',
  paid: '已支付',
  closed: '交易已关闭',
  missing: '查无此单',
  processing: '退款处理中',
  succeeded: '退款成功',
  failed: '退款失败',
}

const verdicts = {
  ...said,
  confirmed: '据此确认订单',
  waiting: '等待支付',
  known: '已知，无变化',
  unknown_trade: '找不到对应的支付',
  unknown_refund: '找不到对应的退款',
}

export const eventWord = (what: string): string => word(events, what)
/** `merchant:<id>` → 商家. */
export const doerWord = (by: string): string => word(doers, by.split(':')[0] ?? by)
export const heardWord = (heardBy: string): string => word(ways, heardBy)
export const saidWord = (state: string): string => word(said, state)

/** `refunding:slot_gone` → 时段已失效，全额退款. */
export function verdictWord(verdict: string): string {
  const [what = verdict, reason] = verdict.split(':')
  return reason ? word(refundReasons, reason) : word(verdicts, what)
}

function word(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code
}
