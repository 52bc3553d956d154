/**
 * What messages say (M11): the house's words by kind, what a merchant's own may name, and the checks
 * of both. The server sends by the same functions that the console shows its preview with.
 */
import { type ReminderKindName, reminderKinds, type TemplateFact } from './reminder.ts'

/** What a text may name, as it stands in it: `{服务}`. @chinese it is sent */
export const placeholders = [
  '服务',
  '时间',
  '地点',
  '到场方式',
  '下一步',
  '订单号',
  '金额',
  '说明',
] as const
export type Placeholder = (typeof placeholders)[number]
export type Values = Readonly<Record<Placeholder, string>>

/** The text of our own pages and e-mails, and the short line of platforms' templates and text messages. */
export interface Words {
  text: string
  hint: string
}

export const wordingLimits = { text: 200, hint: 20 } as const

// @chinese
const order = ['服务', '时间', '地点', '到场方式', '下一步', '订单号'] as const

/** What is known when a kind is sent; of anything else its text would have a gap. @chinese */
export const placeholdersOf: Record<ReminderKindName, readonly Placeholder[]> = {
  confirmed: order,
  day_before: order,
  hours_before: order,
  unpaid: order,
  moved: order,
  cancelled: [...order, '说明'],
  refunded: [...order, '金额'],
  proof_approved: order,
  proof_rejected: order,
  nudge: [...order, '说明'],
  by_hand: [...order, '说明'],
  answered: ['服务', '时间', '说明'],
  offered: [...order, '说明'],
  feedback: ['说明'],
  coupon: ['说明'],
  emergency: [...order, '说明'],
  queue_over: ['服务'],
}

/** The house's words. Short: a text message costs by 70 characters. @chinese it is sent */
export const houseWords: Record<ReminderKindName, Words> = {
  confirmed: {
    text: '预约成功：{服务}，{时间}，订单号 {订单号}。{下一步}。',
    hint: '预约已生效，请按时参加',
  },
  day_before: {
    text: '明日提醒：{服务}，{时间}，是否确认参与？未回复将为您保留预约。',
    hint: '请点击确认参与或取消',
  },
  hours_before: {
    text: '即将开始：{服务}，{时间}，{到场方式}。',
    hint: '请提前出发，带好随身物品',
  },
  unpaid: {
    text: '待缴费：{服务}，{时间}，订单号 {订单号}，请尽快完成缴费以保留名额。',
    hint: '请尽快完成缴费以保留名额',
  },
  moved: { text: '改期成功：{服务}，新时段 {时间}，{到场方式}。', hint: '已改至新时段' },
  cancelled: { text: '预约已取消：{服务}，{时间}，{说明}。', hint: '{说明}' },
  refunded: {
    text: '退款到账：{服务}，金额 {金额}，订单号 {订单号}。',
    hint: '退款已原路退回',
  },
  proof_approved: {
    text: '支付凭证已核实：{服务}，订单号 {订单号}，请在订单中查看。',
    hint: '支付凭证已核实',
  },
  proof_rejected: {
    text: '支付凭证未通过审核：订单号 {订单号}，原因请在订单中查看。',
    hint: '支付凭证未通过，请查看',
  },
  nudge: { text: '{说明}：{服务}，订单号 {订单号}。', hint: '{说明}' },
  by_hand: { text: '订单已更新：{服务}，{时间}，{说明}。', hint: '商家已更新您的订单，请查看' },
  answered: { text: '您的申请已有回复：{服务}，{时间}，{说明}。', hint: '{说明}' },
  offered: {
    text: '候补名额已为您保留：{服务}，{时间}，{说明}，请尽快完成报名。',
    hint: '{说明}',
  },
  coupon: { text: '优惠券已到账：{说明}。', hint: '优惠券已到账，报名自动抵扣' },
  feedback: { text: '商家已回复您的反馈，{说明}。', hint: '商家已回复，请查看' },
  emergency: { text: '紧急通知：{服务}，{时间}，{说明}。', hint: '{说明}' },
  queue_over: { text: '{服务}现在可以预约了，欢迎回来选择时段。', hint: '现在可以预约了' },
}

/** A text with its values; what is empty goes with the mark before it. */
export function worded(text: string, values: Values): string {
  return text.replace(/([，：、；]?)\{([^{}]*)\}/g, (_, mark: string, name: string) => {
    const value = values[name as Placeholder] ?? ''
    return value === '' ? '' : mark + value
  })
}

/** The short line; its kind's title where nothing is left of it. */
export function hinted(kind: ReminderKindName, hint: string, values: Values): string {
  return worded(hint, values) || reminderKinds[kind].zh
}

export interface WordingProblem {
  path: keyof Words
  code: string
  message: string
}

/** Everything that keeps a kind's words from being sent; `[]` means they may be. */
export function checkWords(kind: ReminderKindName, words: Words): WordingProblem[] {
  const allowed = { text: placeholdersOf[kind], hint: hintPlaceholders(kind) }
  return (['text', 'hint'] as const).flatMap((path) => {
    const [code, message] = problemOf(words[path], wordingLimits[path], allowed[path]) ?? []
    return code && message ? [{ path, code, message }] : []
  })
}

/** The short line names a sentence at the most: a platform shows twenty characters of it. @chinese */
export const hintPlaceholders = (kind: ReminderKindName): readonly Placeholder[] =>
  placeholdersOf[kind].filter((name) => name === '说明')

const emoji =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\u20e3]/u

function problemOf(
  text: string,
  most: number,
  allowed: readonly Placeholder[],
): readonly [code: string, message: string] | null {
  if (text.trim() === '') return ['required', '请填写内容']
  if (/\p{Cc}/u.test(text)) return ['invalid', '请写在一行里，不要换行']
  if (/[<>]/.test(text)) return ['html', '不支持 HTML，请去掉尖括号']
  if (emoji.test(text)) return ['emoji', '不支持表情符号']
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
  const unknown = names.find((name) => !(allowed as readonly string[]).includes(name))
  if (unknown !== undefined) {
    const known = allowed.map((name) => `{${name}}`).join('、')
    return ['placeholder', `这里没有「{${unknown}}」${known ? `，可用：${known}` : ''}`]
  }
  if (/[{}]/.test(text.replace(/\{[^{}]*\}/g, ''))) return ['placeholder', '花括号应成对出现']
  if ([...text].length > most) return ['too_long', `最多 ${most} 个字`]
  return null
}

/** How many text messages it costs: 70 characters in one, 67 in each of several. */
export function textsOf(text: string): number {
  const { length } = [...text]
  return length <= 70 ? 1 : Math.ceil(length / 67)
}

// ── templates that platforms keep ─────────────────────────────────────────────────────────────────
export const messageHosts = ['weapp', 'alipay'] as const
export type MessageHost = (typeof messageHosts)[number]
export const messageHostWords: Record<MessageHost, string> = { weapp: '微信', alipay: '支付宝' }

/** A registered template: its id at the platform, and what each of its keys shows. */
export interface HostTemplate {
  id: string
  keys: Readonly<Record<string, TemplateFact>>
}

/**
 * WeChat's keys: how much a value may hold (its "parameters of a template message") and what of ours
 * fits. Longer texts are shortened on their way; a time or an amount takes nothing else.
 */
export const wechatKeys: Readonly<
  Record<string, { zh: string; most: number; facts: readonly TemplateFact[] }>
> = {
  thing: { zh: '事物', most: 20, facts: ['service', 'place', 'hint', 'number'] },
  character_string: { zh: '字符串', most: 32, facts: ['number'] },
  number: { zh: '数字', most: 32, facts: ['number'] },
  time: { zh: '时间', most: 40, facts: ['time'] },
  date: { zh: '日期', most: 40, facts: ['time'] },
  amount: { zh: '金额', most: 12, facts: ['amount'] },
  phrase: { zh: '短语', most: 5, facts: ['hint'] },
  name: { zh: '姓名', most: 10, facts: [] },
  letter: { zh: '字母', most: 32, facts: [] },
  symbol: { zh: '符号', most: 5, facts: [] },
  phone_number: { zh: '电话', most: 17, facts: [] },
  car_number: { zh: '车牌', most: 8, facts: [] },
}

export const templateFactWords: Record<TemplateFact, string> = {
  service: '服务',
  time: '时间',
  place: '地点',
  number: '订单号',
  hint: '提示语',
  amount: '金额',
}

/** What WeChat lets a key show (`thing1` is a `thing`); undefined for one it does not know. */
function wechatKey(key: string): (typeof wechatKeys)[string] | undefined {
  const kind = key.replace(/\d+$/, '')
  return Object.keys(wechatKeys).includes(kind) ? wechatKeys[kind] : undefined
}

/** A value as it arrives (Alipay's `keyword1` … take any): at most so many characters, the last an ellipsis where it was longer. */
export function fitting(key: string, value: string): string {
  const signs = [...value.replace(/\p{Cc}+/gu, ' ').trim()]
  const most = wechatKey(key)?.most ?? signs.length
  if (signs.length <= most) return signs.join('')
  return key.startsWith('thing')
    ? `${signs.slice(0, most - 1).join('')}…`
    : signs.slice(0, most).join('')
}

/** Why a template cannot be sent by; null when it can. `path` is `id` or `keys`. */
export function templateProblem(
  host: MessageHost,
  { id, keys }: HostTemplate,
): { path: 'id' | 'keys'; message: string } | null {
  if (!/^[\w-]{8,64}$/.test(id))
    return { path: 'id', message: '请填写平台给出的模板编号（字母、数字、-、_，8–64 位）' }
  const names = Object.keys(keys)
  if (names.length === 0) return { path: 'keys', message: '请至少对应一个字段' }
  for (const name of names) {
    const known = host === 'alipay' ? /^keyword\d{1,2}$/ : /^[a-z_]+\d{1,2}$/
    if (!known.test(name) || (host === 'weapp' && !wechatKey(name)))
      return { path: 'keys', message: `不支持字段「${name}」，请核对模板详情里的字段名` }
    const facts = host === 'weapp' && wechatKey(name)?.facts
    const fact = keys[name] as TemplateFact
    if (facts && !facts.includes(fact))
      return {
        path: 'keys',
        message: `「${name}」（${wechatKey(name)?.zh}）不能显示${templateFactWords[fact]}`,
      }
  }
  return null
}
