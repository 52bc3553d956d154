import { chinaTime } from '../clock.ts'

/** How a state looks: done, under way, wrong, or of no further interest. */
export type Tone = 'good' | 'wait' | 'bad' | 'calm'
export type Said = { words: string; tone: Tone }

export const RAILS = { wechat: '微信支付', alipay: '支付宝' } as const

/** Trade states of both platforms. */
export const TRADE_STATES: Record<string, Said> = {
  NOTPAY: { words: '未支付', tone: 'wait' },
  SUCCESS: { words: '已支付', tone: 'good' },
  REFUND: { words: '已支付，有退款', tone: 'good' },
  CLOSED: { words: '已关闭', tone: 'calm' },
  WAIT_BUYER_PAY: { words: '等待付款', tone: 'wait' },
  TRADE_SUCCESS: { words: '已支付', tone: 'good' },
  TRADE_FINISHED: { words: '已完结', tone: 'good' },
  TRADE_CLOSED: { words: '已关闭', tone: 'calm' },
}

export const REFUND_STATES: Record<string, Said> = {
  PROCESSING: { words: '退款处理中', tone: 'wait' },
  SUCCESS: { words: '退款成功', tone: 'good' },
  ABNORMAL: { words: '退款异常', tone: 'bad' },
  CLOSED: { words: '退款关闭', tone: 'calm' },
}

export const NOTICE_STATES: Record<string, Said> = {
  waiting: { words: '等待重试', tone: 'wait' },
  held: { words: '暂缓发送', tone: 'wait' },
  delivered: { words: '已送达', tone: 'good' },
  'given up': { words: '已放弃', tone: 'bad' },
}

export const EVENTS: Record<string, string> = {
  'TRANSACTION.SUCCESS': '支付成功通知',
  'REFUND.SUCCESS': '退款成功通知',
  'REFUND.ABNORMAL': '退款异常通知',
  'REFUND.CLOSED': '退款关闭通知',
  TRADE_SUCCESS: '支付成功通知',
  TRADE_CLOSED: '交易关闭通知',
  REFUND: '退款通知',
}

/** How a try was sent: as it should be, or as which fault. */
export const VARIANTS: Record<string, string> = {
  plain: '正常',
  forged: '伪造',
  signtest: '签名探测',
  amountMismatch: '金额不符',
  badSignature: '签名错误',
  unknownSerial: '未知序列号',
  staleTime: '时间过旧',
  missingHeaders: '缺签名头',
  v2Xml: '旧版 XML',
}

/** How an order was placed: WeChat Pay's way, Alipay's product code. */
export const ORDER_KINDS: Record<string, string> = {
  jsapi: '小程序或微信内（JSAPI）',
  h5: '手机浏览器（H5）',
  native: '电脑扫码（Native）',
  app: 'App',
  JSAPI_PAY: '小程序（JSAPI_PAY）',
  QUICK_WAP_WAY: '手机网页（wap.pay）',
  FAST_INSTANT_TRADE_PAY: '电脑网页（page.pay）',
}

/** What came back of a try. */
export function outcomeWords(outcome: string): string {
  if (outcome === 'lost on the way') return '途中丢失'
  const silent = /^no answer: (.*)$/s.exec(outcome)
  return silent ? `没有应答（${silent[1]}）` : `应答 ${outcome}`
}

/** `10-01 08:00:00` of business time. */
export function shortTime(at: number | string): string {
  return chinaTime(typeof at === 'string' ? Date.parse(at) : at).slice(5)
}

export function longTime(at: number | string): string {
  return chinaTime(typeof at === 'string' ? Date.parse(at) : at)
}

const SPANS: [ms: number, name: string][] = [
  [86_400_000, '天'],
  [3_600_000, '小时'],
  [60_000, '分钟'],
  [1_000, '秒'],
]

/** `1 天 2 小时`: the two largest units that are not zero. */
export function span(ms: number): string {
  const parts: string[] = []
  let rest = Math.abs(ms)
  for (const [size, name] of SPANS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count) parts.push(`${count} ${name}`)
  }
  return parts.slice(0, 2).join(' ') || '0 秒'
}
