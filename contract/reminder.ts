/**
 * Reminders (B8, X3): every kind of message to a person, as a table. An order's own kinds are planned
 * with it; an event's kind is told when the event happens. What makes no sense any more is never sent.
 */
import type { OrderState } from './order.ts'

/** Ways a message travels, in the order they are tried after the inbox, which always has it. */
export const channelNames = ['inbox', 'wechat', 'alipay', 'sms', 'mail'] as const
export type ChannelName = (typeof channelNames)[number]

export const channelWords: Record<ChannelName, string> = {
  inbox: '站内消息',
  wechat: '微信订阅消息',
  alipay: '支付宝消息',
  sms: '短信',
  mail: '邮件',
}

/** Templates a merchant registers with WeChat and Alipay; a consent is given per template. */
export const templateNames = ['booking', 'start', 'todo', 'money'] as const
export type TemplateName = (typeof templateNames)[number]

/** What a template's keys may show (credentials say which key shows what). */
export const templateFacts = ['service', 'time', 'place', 'number', 'hint', 'amount'] as const
export type TemplateFact = (typeof templateFacts)[number]

/** Most templates a host is asked about with one tap (facts 5.1). */
export const templatesPerTap = 3

export interface ReminderKind {
  /** Title people see. */
  zh: string
  /** `order`: once per order; `slot`: once per order and slot; `event`: once per what it is about. */
  of: 'order' | 'slot' | 'event'
  /** `slot`: so many minutes before the start; null is at once. */
  minutesBefore: number | null
  /** States of its order in which it makes sense; null: in any, or without an order. */
  states: readonly OrderState[] | null
  /** Speaks of the slot: makes no sense once the order has another. */
  ofSlot: boolean
  template: TemplateName
  /** Minutes after which it would only confuse. */
  lateMinutes: number
  /** The merchant may do without it (M11); all others tell of money, of changes, or what was asked for. */
  optional?: true
}

const event = { of: 'event', minutesBefore: null, states: null, ofSlot: false } as const
const day = 1440

// @spoken their titles are sent
export const reminderKinds = {
  confirmed: {
    zh: '预约成功',
    of: 'order',
    minutesBefore: null,
    states: ['confirmed'],
    ofSlot: true,
    template: 'booking',
    lateMinutes: day,
  },
  /** Asks 「是否确认参与」; silence keeps the booking. */
  day_before: {
    zh: '是否确认参与',
    of: 'slot',
    minutesBefore: day,
    states: ['confirmed'],
    ofSlot: true,
    template: 'start',
    lateMinutes: 360,
    optional: true,
  },
  hours_before: {
    zh: '预约即将开始',
    of: 'slot',
    minutesBefore: 120,
    states: ['confirmed'],
    ofSlot: true,
    template: 'start',
    lateMinutes: 60,
    optional: true,
  },
  unpaid: {
    zh: '订单待缴费',
    of: 'order',
    minutesBefore: null,
    states: ['registered'],
    ofSlot: true,
    template: 'todo',
    lateMinutes: 10,
    optional: true,
  },
  moved: {
    ...event,
    zh: '改期成功',
    states: ['confirmed'],
    ofSlot: true,
    template: 'booking',
    lateMinutes: day,
  },
  cancelled: { ...event, zh: '预约已取消', template: 'booking', lateMinutes: day },
  refunded: { ...event, zh: '退款到账', template: 'money', lateMinutes: 3 * day },
  proof_approved: { ...event, zh: '凭证审核通过', template: 'todo', lateMinutes: day },
  proof_rejected: { ...event, zh: '凭证审核未通过', template: 'todo', lateMinutes: day },
  /** The merchant asks for an answer of the registration (R10). */
  nudge: {
    ...event,
    zh: '请补充报名信息',
    states: ['registered', 'confirmed'],
    template: 'todo',
    lateMinutes: day,
  },
  /** The merchant changed something of the order by hand, and says why (M7). */
  by_hand: { ...event, zh: '商家已更新您的订单', template: 'booking', lateMinutes: day },
  /** The merchant answered a request of the person (B5). */
  answered: { ...event, zh: '商家已回复您的申请', template: 'booking', lateMinutes: day },
  /** A seat is kept for the first of the waiting list (B11); `until` is the end of its clock. */
  offered: {
    ...event,
    zh: '候补名额已为您保留',
    states: ['held'],
    template: 'todo',
    lateMinutes: 60,
  },
  /** The merchant answered what the person told (M8). */
  feedback: { ...event, zh: '商家已回复您的反馈', template: 'todo', lateMinutes: 3 * day },
  /** The slot falls through (M9): speaks of that slot, and of nothing once the order is elsewhere. */
  emergency: { ...event, zh: '紧急通知', ofSlot: true, template: 'booking', lateMinutes: day },
  /** The merchant gave the person a coupon (M11). */
  coupon: { ...event, zh: '优惠券已到账', template: 'todo', lateMinutes: 3 * day },
  /** 预约提醒 (T5): the rush is over. */
  queue_over: { ...event, zh: '可以预约了', template: 'booking', lateMinutes: day },
} as const satisfies Record<string, ReminderKind>

export type ReminderKindName = keyof typeof reminderKinds
export const reminderKindNames = Object.keys(reminderKinds) as ReminderKindName[]

/** Whether the merchant may do without messages of a kind. */
export const isOptional = (kind: ReminderKindName): boolean =>
  (reminderKinds[kind] as ReminderKind).optional === true

/** Why a reminder was not sent, or not by a channel, with the words the console shows. */
export const unsentReasons = {
  order_over: '订单已取消或已结束',
  moved: '时段已变更',
  called_off: '时段已由商家取消',
  too_late: '已过提醒时间',
  no_address: '没有可用的联系方式',
  no_consent: '用户没有可用的订阅授权',
  not_set_up: '商家未开通该渠道',
  channel_refused: '渠道拒绝发送',
  no_need: '已完成，无需再提醒',
  switched_off: '商家已关闭此类消息',
  outcome_unknown: '渠道没有回应，为避免重复未再发送',
} as const
export type UnsentReason = keyof typeof unsentReasons

export const reminderStates = ['planned', 'sending', 'sent', 'unsent'] as const
export type ReminderState = (typeof reminderStates)[number]

export const reminderStateWords: Record<ReminderState, string> = {
  planned: '待发送',
  sending: '发送中',
  sent: '已发送',
  unsent: '未发送',
}

/** What a host answered for one template: WeChat's words, Alipay's are turned into them. */
export const consentAnswers = ['accept', 'reject', 'ban', 'filter'] as const
export type ConsentAnswer = (typeof consentAnswers)[number]
