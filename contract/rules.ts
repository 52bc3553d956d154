/**
 * The merchant's rules: business numbers with their defaults, changed in the console, never literals
 * spread in code. Read through `order/rules.ts` on the server.
 */
export interface Rules {
  /** Minutes from the tap to finish the registration. */
  holdMinutes: number
  /** Minutes from submitting the registration to paying; the price is locked for that time. */
  paymentMinutes: number
  /**
   * Seconds a seat outlives its payment clock, so that the provider's trade is closed before the
   * seat is free (WeChat raises a shorter `time_expire` to one minute).
   */
  closingSeconds: number
  /** Upcoming orders one user may have of one service. */
  ordersPerUser: number
  /** Holds of one slot that one user may let go within a day (a clock must not be restarted for ever). */
  holdsPerSlot: number
  /** Free cancelling until this many hours before the start. */
  cancelFreeHours: number
  /** Fee for cancelling later, percent of what was paid. */
  cancelFeePercent: number
  /** Days ahead that people may book. */
  bookingDays: number
  /** Minutes before the start from which an order is checked in without asking. */
  checkInEarlyMinutes: number
  /** Hours after the slot's end at which an order nobody checked in becomes missed. */
  missedAfterHours: number
  /** Days after the slot's end in which came and did not come may be put right by hand (M7). */
  correctDays: number
  /** Hours after completion at which a deposit goes back. */
  depositReturnHours: number
  /** Minutes in which the difference of a move to another slot is to be paid. */
  movePayMinutes: number
  /** Minutes after submitting the registration at which who has not paid is reminded (B8). */
  unpaidTellMinutes: number
  /** Minutes after opening a payment from which on a proof may be sent (P10). */
  proofAfterMinutes: number
  /** People that may wait in the queue of one service (T5). */
  queueMost: number
  /** Minutes in which a person whose turn has come may hold a seat. */
  queuePassMinutes: number
  /** Minutes for which a place is kept for a phone that is away. */
  queueKeepMinutes: number
  /** Minutes without anybody waiting after which those who asked are told. */
  queueCalmMinutes: number
  /** Hours after which who asked to be told is not told any more. */
  queueTellHours: number
  /** Minutes for which seats are kept for whom the waiting list offers them to (B11). */
  offerMinutes: number
  /** Minutes for which a private slot is kept for its person (B5). */
  privateMinutes: number
  /** Requests for times outside the offer that one person may have open. */
  asksPerUser: number
  /** Hours in which the team answers what people tell (M8). */
  feedbackHours: number
  /** What one person may tell within a day, words added later included (G8). */
  feedbackPerDay: number
  /** People that may wait for one slot. */
  waitMost: number
  /** Hours after the service at which delivery info that WeChat has not taken is an alarm. */
  deliveryAlarmHours: number
  /** Days for which what phones saw and touched on a visit is kept (M4). */
  visitDays: number
}

export const defaultRules: Rules = {
  holdMinutes: 15,
  paymentMinutes: 30,
  closingSeconds: 60,
  ordersPerUser: 3,
  holdsPerSlot: 5,
  cancelFreeHours: 24,
  cancelFeePercent: 20,
  bookingDays: 14,
  checkInEarlyMinutes: 120,
  missedAfterHours: 24,
  correctDays: 7,
  depositReturnHours: 24,
  movePayMinutes: 15,
  unpaidTellMinutes: 15,
  proofAfterMinutes: 10,
  queueMost: 10_000,
  queuePassMinutes: 2,
  queueKeepMinutes: 120,
  queueCalmMinutes: 2,
  queueTellHours: 24,
  offerMinutes: 15,
  privateMinutes: 1440,
  asksPerUser: 3,
  feedbackHours: 24,
  feedbackPerDay: 20,
  waitMost: 50,
  deliveryAlarmHours: 24,
  visitDays: 180,
}

/** 「开始前 24 小时可免费取消，之后取消收取 20% 费用」. @chinese those who book read it */
export function cancelRuleText(rules: Pick<Rules, 'cancelFreeHours' | 'cancelFeePercent'>): string {
  return `开始前 ${rules.cancelFreeHours} 小时可免费取消，之后取消收取 ${rules.cancelFeePercent}% 费用`
}

/** B4, shown the moment a slot is held. @chinese */
export function holdText(rules: Pick<Rules, 'holdMinutes' | 'paymentMinutes'>): string {
  return `预约时段已锁定，${rules.holdMinutes} 分钟内完成报名即可保留，报名后有 ${rules.paymentMinutes} 分钟缴费时间`
}

/** B11, shown before joining a waiting list. @chinese */
export function waitText(rules: Pick<Rules, 'offerMinutes'>): string {
  return `轮到您时保留名额 ${rules.offerMinutes} 分钟，并发消息通知您`
}

/**
 * B9, shown before a move: the same hours and fee as for cancelling, so that neither is a way around.
 * @chinese
 */
export function moveRuleText(rules: Pick<Rules, 'cancelFreeHours' | 'cancelFeePercent'>): string {
  return `开始前 ${rules.cancelFreeHours} 小时可免费改期，之后改期收取 ${rules.cancelFeePercent}% 费用；新时段价格不同时多退少补`
}
