/** What the merchant may set (M11): the rules with their words and bounds, the kinds of promotions. */
import { price } from './money.ts'
import type { FieldRefusal } from './refusals.ts'
import type { Rules } from './rules.ts'

export interface RuleAbout {
  zh: string
  unit: string
  group: '预约' | '取消与改期' | '缴费' | '到店' | '候补与申请' | '高峰排队' | '数据保留'
  min: number
  max: number
}

/** Every rule: what people call it, what it counts, and between which numbers it makes sense. */
export const ruleAbouts: Record<keyof Rules, RuleAbout> = {
  bookingDays: { zh: '可提前预约', unit: '天', group: '预约', min: 1, max: 90 },
  ordersPerUser: { zh: '每人每项服务的预约上限', unit: '个', group: '预约', min: 1, max: 100 },
  holdMinutes: { zh: '锁定后完成报名', unit: '分钟', group: '预约', min: 5, max: 60 },
  holdsPerSlot: { zh: '每人每天可放弃同一时段', unit: '次', group: '预约', min: 1, max: 50 },
  cancelFreeHours: {
    zh: '免费取消截止于开始前',
    unit: '小时',
    group: '取消与改期',
    min: 0,
    max: 720,
  },
  cancelFeePercent: { zh: '逾期取消收取', unit: '%', group: '取消与改期', min: 0, max: 100 },
  movePayMinutes: { zh: '改期补差价时限', unit: '分钟', group: '取消与改期', min: 5, max: 60 },
  paymentMinutes: { zh: '报名后缴费时限', unit: '分钟', group: '缴费', min: 5, max: 120 },
  closingSeconds: { zh: '缴费截止后等待支付关闭', unit: '秒', group: '缴费', min: 60, max: 300 },
  unpaidTellMinutes: { zh: '未缴费提醒，报名后', unit: '分钟', group: '缴费', min: 1, max: 120 },
  proofAfterMinutes: { zh: '可上传付款凭证，支付后', unit: '分钟', group: '缴费', min: 1, max: 60 },
  depositReturnHours: { zh: '押金退还，完成后', unit: '小时', group: '缴费', min: 0, max: 720 },
  deliveryAlarmHours: { zh: '发货信息未上传报警', unit: '小时', group: '缴费', min: 1, max: 168 },
  checkInEarlyMinutes: { zh: '可提前核销', unit: '分钟', group: '到店', min: 0, max: 1440 },
  missedAfterHours: { zh: '未核销记为爽约，结束后', unit: '小时', group: '到店', min: 1, max: 168 },
  correctDays: { zh: '可更正到店与爽约，结束后', unit: '天', group: '到店', min: 0, max: 90 },
  offerMinutes: { zh: '候补名额保留', unit: '分钟', group: '候补与申请', min: 5, max: 120 },
  waitMost: { zh: '每个时段候补人数上限', unit: '人', group: '候补与申请', min: 0, max: 10_000 },
  privateMinutes: { zh: '专属时段保留', unit: '分钟', group: '候补与申请', min: 30, max: 10_080 },
  feedbackHours: { zh: '反馈回复期限', unit: '小时', group: '候补与申请', min: 1, max: 720 },
  feedbackPerDay: { zh: '每人每天反馈上限', unit: '条', group: '候补与申请', min: 1, max: 1000 },
  asksPerUser: { zh: '每人待回复的申请上限', unit: '个', group: '候补与申请', min: 0, max: 20 },
  queueMost: {
    zh: '每项服务排队人数上限',
    unit: '人',
    group: '高峰排队',
    min: 100,
    max: 1_000_000,
  },
  queuePassMinutes: { zh: '轮到后可预约', unit: '分钟', group: '高峰排队', min: 1, max: 30 },
  queueKeepMinutes: { zh: '离开后保留位置', unit: '分钟', group: '高峰排队', min: 5, max: 1440 },
  queueCalmMinutes: {
    zh: '无人排队后发送可预约提醒',
    unit: '分钟',
    group: '高峰排队',
    min: 1,
    max: 60,
  },
  visitDays: { zh: '匿名浏览记录（漏斗）保留', unit: '天', group: '数据保留', min: 7, max: 400 },
  queueTellHours: { zh: '可预约提醒有效期', unit: '小时', group: '高峰排队', min: 1, max: 168 },
}

/** Nobody is reminded to pay in the last minutes of the payment clock: it would come too late to help. */
export const unpaidTellLeastLeft = 2

/** What is wrong with these rules together, by rule; empty when they fit. */
export function ruleProblems(rules: Rules): FieldRefusal[] {
  const { unpaidTellMinutes, paymentMinutes } = rules
  const latest = paymentMinutes - unpaidTellLeastLeft - 1
  if (unpaidTellMinutes <= latest) return []
  const message = `缴费时限 ${paymentMinutes} 分钟内发不出提醒，请填写不超过 ${latest} 分钟`
  return [{ path: 'unpaidTellMinutes', code: 'invalid', message }]
}

/** People who may be given a coupon by one act. */
export const couponsAtOnce = 200

/** Photos of one service. */
export const mostPhotos = 9

export const uniqueness = ['slot', 'service'] as const
export const uniquenessWords: Record<(typeof uniqueness)[number], string> = {
  slot: '同一时段不可重复',
  service: '整个服务不可重复',
}

export const goodsKinds = ['offline_service', 'virtual'] as const
export const goodsWords: Record<(typeof goodsKinds)[number], string> = {
  offline_service: '线下服务',
  virtual: '虚拟商品',
}

export const promotionKinds = ['first_order', 'amount', 'percent'] as const
export type PromotionKind = (typeof promotionKinds)[number]

export const promotionKindWords: Record<PromotionKind, string> = {
  first_order: '新人立减',
  amount: '立减',
  percent: '折扣',
}

/** 「立减 ¥20」, 「9 折」: what a promotion is worth. `value`: fen off, or percent off. */
export function promotionWorth(kind: PromotionKind, value: number): string {
  return kind === 'percent' ? `${(100 - value) / 10} 折` : `立减 ${price(value)}`
}
