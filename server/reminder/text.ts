/** What messages say, by kind. Short: a text message costs by 70 characters. */
import { price } from '@jiyue/contract/money'
import type { ReminderKindName, TemplateFact } from '@jiyue/contract/reminder'
import { clockText, spanText, wallClock } from '@jiyue/contract/time'

/** What whoever tells may say besides the order's own facts, or instead of them. */
export interface SaidFacts {
  service?: string
  /** ISO. */
  startsAt?: string
  endsAt?: string
  place?: string
  /** A sentence of its own: the reason, what is asked for, what comes next. Without a full stop. */
  note?: string
  amountFen?: number
  /** The page of the phone it opens; the order's own otherwise. */
  path?: string
}

export interface ReminderFacts extends SaidFacts {
  service: string
  /** The order's number, or '' without one. */
  number: string
  /** A link that answers without signing in, for messages that leave our own pages. */
  link?: string
}

export const reminderText: Record<ReminderKindName, (facts: ReminderFacts) => string> = {
  confirmed: (facts) => `预约成功：${about(facts)}，订单号 ${facts.number}。${nextStep(facts)}。`,
  day_before: (facts) => `明日提醒：${about(facts)}，是否确认参与？未回复将为您保留预约。`,
  hours_before: (facts) => `即将开始：${about(facts)}，${where(facts)}。`,
  unpaid: (facts) => `待缴费：${about(facts)}，订单号 ${facts.number}，请尽快完成缴费以保留名额。`,
  moved: (facts) => `改期成功：${facts.service}，新时段 ${when(facts)}，${where(facts)}。`,
  cancelled: (facts) => `预约已取消：${about(facts)}${and(facts.note)}。`,
  refunded: (facts) =>
    `退款到账：${facts.service}，金额 ${price(facts.amountFen ?? 0)}，订单号 ${facts.number}。`,
  proof_approved: (facts) =>
    `支付凭证已核实：${facts.service}，订单号 ${facts.number}，请在订单中查看。`,
  proof_rejected: (facts) => `支付凭证未通过审核：订单号 ${facts.number}，原因请在订单中查看。`,
  nudge: (facts) => `${facts.note ?? '请补充报名信息'}：${facts.service}，订单号 ${facts.number}。`,
  by_hand: (facts) => `订单已更新：${about(facts)}${and(facts.note)}。`,
  answered: (facts) => `您的申请已有回复：${about(facts)}${and(facts.note)}。`,
  offered: (facts) => `候补名额已为您保留：${about(facts)}${and(facts.note)}，请尽快完成报名。`,
  feedback: (facts) => `商家已回复您的反馈${and(facts.note)}。`,
  emergency: (facts) => `紧急通知：${about(facts)}${and(facts.note)}。`,
  queue_over: (facts) => `${facts.service}现在可以预约了，欢迎回来选择时段。`,
}

/** What templates of WeChat and Alipay show: short, and never empty. */
export function templateValues(
  kind: ReminderKindName,
  facts: ReminderFacts,
  now: Date,
): Record<TemplateFact, string> {
  return {
    service: facts.service,
    // A key of this kind takes a time and nothing else: without a slot it is that of the message.
    time: timeText(facts.startsAt ?? now.toISOString()),
    place: facts.place ?? '上门服务',
    number: facts.number || '-',
    hint: hints[kind](facts),
    amount: price(facts.amountFen ?? 0),
  }
}

/** At most 20 characters: longer ones arrive shortened. */
const hints: Record<ReminderKindName, (facts: ReminderFacts) => string> = {
  confirmed: () => '预约已生效，请按时参加',
  day_before: () => '请点击确认参与或取消',
  hours_before: () => '请提前出发，带好随身物品',
  unpaid: () => '请尽快完成缴费以保留名额',
  moved: () => '已改至新时段',
  cancelled: ({ note }) => note ?? '预约已取消',
  refunded: () => '退款已原路退回',
  proof_approved: () => '支付凭证已核实',
  proof_rejected: () => '支付凭证未通过，请查看',
  nudge: ({ note }) => note ?? '请补充报名信息',
  by_hand: () => '商家已更新您的订单，请查看',
  answered: ({ note }) => note ?? '商家已回复您的申请',
  offered: () => '名额已保留，请尽快报名',
  feedback: () => '商家已回复，请查看',
  emergency: ({ note }) => note ?? '请查看商家通知',
  queue_over: () => '现在可以预约了',
}

/** `2026年11月30日 14:00`, as WeChat's `time` keys want it. */
function timeText(instant: string): string {
  const { year, month, date } = wallClock(instant)
  return `${year}年${month}月${date}日 ${clockText(instant)}`
}

function about(facts: ReminderFacts): string {
  return facts.startsAt ? `${facts.service}，${when(facts)}` : facts.service
}

function when({ startsAt, endsAt }: ReminderFacts): string {
  return startsAt && endsAt ? spanText(startsAt, endsAt) : '见订单'
}

function where({ place }: ReminderFacts): string {
  return place ? `地点：${place}` : '服务人员将准时上门'
}

function nextStep({ place }: ReminderFacts): string {
  return place ? `请按时到店：${place}` : '请保持电话畅通，服务人员将准时上门'
}

const and = (note: string | undefined) => (note ? `，${note}` : '')
