/** What messages are made of: an order's facts as the words' placeholders and templates' keys. */
import { price } from '@jiyue/contract/money'
import type { TemplateFact } from '@jiyue/contract/reminder'
import { clockText, spanText, wallClock } from '@jiyue/contract/time'
import type { Values } from '@jiyue/contract/wording'

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

const atHome = '上门服务'

/** What placeholders stand for; '' where there is nothing to say. */
export function valuesOf(facts: ReminderFacts): Values {
  const { service, number, startsAt, endsAt, place, note, amountFen } = facts
  return {
    服务: service,
    时间: startsAt && endsAt ? spanText(startsAt, endsAt) : '',
    地点: place ?? atHome,
    到场方式: place ? `地点：${place}` : '服务人员将准时上门',
    下一步: place ? `请按时到店：${place}` : '请保持电话畅通，服务人员将准时上门',
    订单号: number,
    金额: price(amountFen ?? 0),
    说明: note ?? '',
  }
}

/** What templates of WeChat and Alipay show: short, and never empty. */
export function templateValues(
  facts: ReminderFacts,
  hint: string,
  now: Date,
): Record<TemplateFact, string> {
  return {
    service: facts.service,
    // A key of this kind takes a time and nothing else: without a slot it is that of the message.
    time: timeText(facts.startsAt ?? now.toISOString()),
    place: facts.place ?? atHome,
    number: facts.number || '-',
    hint,
    amount: price(facts.amountFen ?? 0),
  }
}

/** `2026年11月30日 14:00`, as WeChat's `time` keys want it. */
function timeText(instant: string): string {
  const { year, month, date } = wallClock(instant)
  return `${year}年${month}月${date}日 ${clockText(instant)}`
}
