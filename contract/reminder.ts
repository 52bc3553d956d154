/** Reminders (B8): the kinds as a table. What makes no sense any more is never sent. */

export interface ReminderKind {
  zh: string
  /** `order`: planned with the order. `event`: told at once when what it tells of happens. */
  of: 'order' | 'event'
  /** Minutes before the start; null is at once. */
  minutesBefore: number | null
}

export const reminderKinds = {
  confirmed: { zh: '预约成功', of: 'order', minutesBefore: null },
  day_before: { zh: '前一天提醒', of: 'order', minutesBefore: 1440 },
  hours_before: { zh: '出发前提醒', of: 'order', minutesBefore: 120 },
  moved: { zh: '改期成功', of: 'event', minutesBefore: null },
  proof_approved: { zh: '凭证审核通过', of: 'event', minutesBefore: null },
  proof_rejected: { zh: '凭证审核未通过', of: 'event', minutesBefore: null },
} as const satisfies Record<string, ReminderKind>

export type ReminderKindName = keyof typeof reminderKinds

/** Why a reminder was not sent, with the words the console shows. */
export const unsentReasons = {
  order_over: '订单已取消或已结束',
  moved: '时段已变更',
  too_late: '已过提醒时间',
  no_address: '没有可用的联系方式',
  channel_refused: '渠道拒绝发送',
  no_need: '已完成预约，无需再提醒',
  outcome_unknown: '渠道没有回应，为避免重复未再发送',
} as const
export type UnsentReason = keyof typeof unsentReasons
