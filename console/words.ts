/**
 * Chinese for the codes of an order's history (events, facts of money). On the wire they are plain
 * strings: one that is not here is shown as it came, never hidden.
 */
import type { OrderEvent } from '@jiyue/contract/order'
import {
  paymentStateWords,
  type RefundState,
  refundReasons,
  heardBy as ways,
} from '@jiyue/contract/payment'

const events: Record<OrderEvent, string> & Record<string, string> = {
  hold: '锁定时段',
  register: '提交报名',
  confirm: '预约成功',
  complete: '到店核销',
  miss: '未到店，记为爽约',
  correct: '更正到店情况',
  mark_paid: '登记线下收款',
  move: '改期',
  cancel: '取消预约',
  expire: '超时未完成，时段已释放',
  prove: '提交付款凭证',
  approve_proof: '凭证审核通过',
  reject_proof: '凭证审核未通过',
  issue_receipt: '开具支付凭证',
  refund: '发起退款',
  refund_again: '重新提交退款',
  refund_to_merchant: '退款改到商户账户',
  stop: '核对异常，停售',
  recount: '按订单重算名额',
  reopen: '恢复售卖',
  schedule: '修改排班',
  calendar: '修改营业日历',
  resource: '修改人员、场地或门店',
  refund_otherwise: '退款已另行退还',
  will_come: '确认参与',
  nudge: '请客户补充信息',
  amend: '补充报名信息',
  amend_by_hand: '修改报名信息',
  feedback: '提交投诉或建议',
  feedback_close: '反馈办结',
  feedback_reopen: '反馈重新打开',
}

const doers = {
  user: '客户',
  merchant: '商家',
  time: '系统计时',
  wait: '候补',
  payment: '支付结果',
  rule: '按规则自动',
  bill: '账单自动核销',
}

/** Refunds as the merchant has to deal with them; the payer reads contract's `refundStateWords`. */
export const refundWords: Record<RefundState, string> = {
  requested: '退款中',
  succeeded: '已退款',
  failed: '退款失败',
  closed: '已换单号重退',
  otherwise: '已另行退还',
}

/** The platforms' words for why something failed (facts/PLATFORMS.md), by their code. */
const failures = {
  BY_HAND: '线下收取的款项，请线下退还后登记',
  ABNORMAL: '原路退回失败：付款账户已注销或受限',
  CLOSED: '退款已关闭：商户账户余额长时间不足',
  NOT_ENOUGH: '商户账户余额不足，请充值后重试',
  USER_ACCOUNT_ABNORMAL: '付款账户异常，无法原路退回',
  RESOURCE_NOT_EXISTS: '支付平台查无此单',
  FREQUENCY_LIMITED: '支付平台限流，稍后重试',
  RATELIMIT_EXCEEDED: '支付平台限流，稍后重试',
  NO_AUTH: '商户号没有退款权限，请到商户平台开通',
  SIGN_ERROR: '签名未通过，请检查商户密钥配置',
  no_payer: '找不到付款人的微信身份',
  no_answer: '平台没有应答',
  10060001: '微信还查不到这笔支付',
  AMOUNT_DIFFERS: '支付平台所说的金额与我们不符，请到商户平台核对',
  RULE_LIMIT: '超出支付平台的业务限制',
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': '商户账户余额不足，请充值后重试',
  'ACQ.TRADE_HAS_FINISHED': '交易已完结，超过可退款期限',
  'ACQ.TRADE_NOT_ALLOW_REFUND': '支付宝不允许该交易退款',
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': '退款金额超过交易金额',
}

const said = {
  unpaid: '未支付',
  paid: '已支付',
  closed: '交易已关闭',
  missing: '查无此单',
  processing: '退款处理中',
  succeeded: '退款成功',
  failed: '退款失败',
  refused: '平台拒绝',
}

const verdicts = {
  ...said,
  closed: '支付已关闭',
  amount_differs: '金额不符，未采信',
  retrying: '稍后自动重试',
  confirmed: '据此确认订单',
  moved: '据此完成改期',
  waiting: '等待支付',
  known: '已知，无变化',
  unknown_trade: '找不到对应的支付',
  unknown_refund: '找不到对应的退款',
  refunded_twice: '已另行退还，平台又退了一次，请处理',
}

export const eventWord = (what: string): string => word(events, what)
/** The person's own name where there is one; else `user` → 客户, `merchant:<id>` → 商家. */
export const doerWord = (by: string, name: string | null = null): string =>
  name ?? word(doers, by.split(':')[0] ?? by)
export const heardWord = (heardBy: string): string => word(ways, heardBy)
/** `NOT_ENOUGH …` → 商户账户余额不足，请充值后重试. One that is not known is shown as it came. */
export function failureWord(failure: string): string {
  const parts = failure.split(/[\s:,]/)
  return Object.entries(failures).find(([code]) => parts.includes(code))?.[1] ?? failure
}

export const saidWord = (state: string): string => word(said, state)

/** `refunding:slot_gone` → 时段已失效，全额退款. */
export function verdictWord(verdict: string): string {
  const [what = verdict, reason] = verdict.split(':')
  return reason ? word(refundReasons, reason) : word(verdicts, what)
}

function word(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code
}

/** A state in a difference: of a payment or of a refund. */
export const stateWord = (about: 'trade' | 'refund', state: string): string =>
  word({ ...said, ...(about === 'trade' ? paymentStateWords : refundWords) }, state)
