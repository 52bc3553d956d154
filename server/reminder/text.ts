/** What reminders say, by kind. Short: a text message costs by 70 characters. */
import type { ReminderKindName } from '@jiyue/contract/reminder'
import { spanText } from '@jiyue/contract/time'

export interface ReminderFacts {
  number: string
  service: string
  startsAt: Date
  endsAt: Date
  /** Name and address of the branch; null for on-site services. */
  place: string | null
}

export const reminderText: Record<ReminderKindName, (facts: ReminderFacts) => string> = {
  confirmed: (facts) => `预约成功：${facts.service}，${when(facts)}，订单号 ${facts.number}。`,
  day_before: (facts) => `明日提醒：${facts.service}，${when(facts)}。如需取消请在订单中操作。`,
  moved: (facts) => `改期成功：${facts.service}，新时段 ${when(facts)}，${where(facts)}。`,
  proof_approved: (facts) =>
    `支付凭证已核实：${facts.service}，订单号 ${facts.number}，请在订单中查看。`,
  proof_rejected: (facts) => `支付凭证未通过审核：订单号 ${facts.number}，原因请在订单中查看。`,
  hours_before: (facts) => `即将开始：${facts.service}，${when(facts)}，${where(facts)}。`,
}

function when({ startsAt, endsAt }: ReminderFacts): string {
  return spanText(startsAt.getTime(), endsAt.getTime())
}

function where({ place }: ReminderFacts): string {
  return place === null ? '服务人员将准时上门' : `地点：${place}`
}
