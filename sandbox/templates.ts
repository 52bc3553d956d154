import { createHash } from 'node:crypto'
import type { Keys } from './keys.ts'

/**
 * Message templates as a merchant would have registered them with WeChat and Alipay. Their ids are
 * made of the sandbox's own secret, so that an older sandbox has them too.
 */
type Templates = Record<string, { id: string; keys: Record<string, string> }>

const WECHAT: Record<string, Record<string, string>> = {
  booking: {
    thing1: 'service',
    time2: 'time',
    thing3: 'place',
    character_string4: 'number',
    thing5: 'hint',
  },
  start: { thing1: 'service', time2: 'time', thing3: 'place', thing4: 'hint' },
  todo: { thing1: 'service', thing2: 'hint', character_string3: 'number' },
  money: { thing1: 'service', amount2: 'amount', character_string3: 'number', thing4: 'hint' },
}

const ALIPAY: Record<string, Record<string, string>> = {
  booking: {
    keyword1: 'service',
    keyword2: 'time',
    keyword3: 'place',
    keyword4: 'number',
    keyword5: 'hint',
  },
  start: { keyword1: 'service', keyword2: 'time', keyword3: 'place', keyword4: 'hint' },
  todo: { keyword1: 'service', keyword2: 'hint', keyword3: 'number' },
  money: { keyword1: 'service', keyword2: 'amount', keyword3: 'number', keyword4: 'hint' },
}

/** Texts as registered with the SMS platform, for a merchant at this address; `{x}` is written `${x}` there. */
const SITE = 'https://jiyue.example'
const SMS: Record<string, string> = {
  signInCode: '您的验证码是 {code}，5 分钟内有效，请勿告诉他人。',
  invitation: `{name}您好，请在 3 天内打开以下链接设置即约商家后台的密码，链接仅可使用一次：${SITE}/console/join#{key}{more}`,
  booking: '{title}：{service}，{time}，{place}，订单号 {number}。{hint}。',
  start: '{title}：{service}，{time}，{place}。{hint}。',
  answer: `明日提醒：{service}，{time}，是否确认参与？未回复将为您保留预约。确认或取消：${SITE}/pages/order/answer?key={key}{more}`,
  todo: '{title}：{service}，订单号 {number}。{hint}。',
  money: '{title}：{service}，金额 {amount}，订单号 {number}。{hint}。',
}

/** Name → the code the platform gave it, and the text. */
export function smsTemplates(keys: Keys): Record<string, { code: string; text: string }> {
  return Object.fromEntries(
    Object.entries(SMS).map(([name, text]) => {
      const number = idOf(keys, 'sms', name).readUInt32BE() % 1_000_000_000
      return [name, { code: `SMS_${String(number).padStart(9, '0')}`, text }]
    }),
  )
}

export function wechatTemplates(keys: Keys): Templates {
  return registered(WECHAT, (name) => idOf(keys, 'wechat', name).toString('base64url').slice(0, 43))
}

export function alipayTemplates(keys: Keys): Templates {
  return registered(ALIPAY, (name) => idOf(keys, 'alipay', name).toString('hex').slice(0, 32))
}

function registered(table: typeof WECHAT, id: (name: string) => string): Templates {
  return Object.fromEntries(
    Object.entries(table).map(([name, keys]) => [name, { id: id(name), keys }]),
  )
}

function idOf({ openIdSeed }: Keys, platform: string, name: string): Buffer {
  return createHash('sha256').update(`${openIdSeed} ${platform} template ${name}`).digest()
}
