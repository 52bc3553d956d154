/**
 * Text messages (B8): an SMS platform sends nothing but registered texts, in which short variables
 * change. A variable holds few characters and no link, so the address of a link stands in the text and
 * its key arrives in pieces.
 *
 * @chinese they are sent
 */
import { type ReminderKindName, reminderKinds } from './reminder.ts'

/** Most characters of a variable. */
export const smsVariableLength = 35

/**
 * The texts to register. `{name}` is a variable, written `${name}` there; `{site}` is no variable but the
 * address of this product, as it stands in the text.
 */
export const smsTexts = {
  signInCode: '您的验证码是 {code}，5 分钟内有效，请勿告诉他人。',
  invitation:
    '{name}您好，请在 3 天内打开以下链接设置即约商家后台的密码，链接仅可使用一次：{site}/console/join#{key}{more}',
  booking: '{title}：{service}，{time}，{place}，订单号 {number}。{hint}。',
  start: '{title}：{service}，{time}，{place}。{hint}。',
  answer:
    '明日提醒：{service}，{time}，是否确认参与？未回复将为您保留预约。确认或取消：{site}/pages/order/answer?key={key}{more}',
  todo: '{title}：{service}，订单号 {number}。{hint}。',
  money: '{title}：{service}，金额 {amount}，订单号 {number}。{hint}。',
} as const
export type SmsText = keyof typeof smsTexts
export const smsTextNames = Object.keys(smsTexts) as SmsText[]

/** Which text a kind of reminder goes by. */
export function smsTextOf(kind: ReminderKindName): SmsText {
  return kind === 'day_before' ? 'answer' : reminderKinds[kind].template
}

/** A variable as it may be sent: short, in one line, without emoji. Never empty. */
export function smsVariable(text: string): string {
  const plain = text.replace(/[\u{10000}-\u{10ffff}]/gu, '').replace(/\p{Cc}+/gu, ' ')
  const kept = plain.trim()
  const cut = kept.length > smsVariableLength ? `${kept.slice(0, smsVariableLength - 1)}…` : kept
  return cut || '-'
}

/** A key of a link in two variables. */
export function smsKey(key: string): { key: string; more: string } {
  const half = Math.ceil(key.length / 2)
  return { key: key.slice(0, half), more: key.slice(half) }
}

/** What arrives, to be shown: the text with its variables. */
export function smsShown(name: SmsText, variables: Readonly<Record<string, string>>): string {
  return smsTexts[name].replace(/\{(\w+)\}/g, (_, variable: string) => variables[variable] ?? '')
}
