/**
 * Fault switches: what a platform or the network can do wrong, armed per call from the admin API.
 * The table says which fault fits which call; anything else is refused, so that a test cannot
 * arm a fault that never fires because of a spelling.
 */

/** Faults of a signed WeChat Pay answer. The first four happen before any work is done. */
const WECHAT_ANSWER = [
  'status429',
  'status500',
  'status503',
  'status202',
  'badSignature',
  'tamperedBody',
  'unknownSerial',
  'signtest',
  'staleTime',
  'missingHeaders',
  'dropAfterCommit',
]
/** Faults of an Alipay answer: `unknownError` does the work and answers 20000, as a timeout inside. */
const ALIPAY_ANSWER = [
  'status500',
  'unknownError',
  'badSignature',
  'tamperedBody',
  'dropAfterCommit',
]
/** Faults of any notice: lost, sent twice, late, after a later one, forged, with another amount. */
const NOTICE = [
  'drop',
  'duplicate',
  'late',
  'outOfOrder',
  'forged',
  'amountMismatch',
  'badSignature',
]
/** Bills that are late, lack their last trade, or show another amount for it. */
const BILL = ['creating', 'missingRow', 'amountMismatch']
const PLAIN_ANSWER = ['status500', 'dropAfterCommit']

/** call → the faults it can have. */
export const FAULTS: Record<string, readonly string[]> = {
  'wechat.order': WECHAT_ANSWER,
  'wechat.query': [...WECHAT_ANSWER, 'amountMismatch'],
  'wechat.close': WECHAT_ANSWER,
  'wechat.refund': [...WECHAT_ANSWER, 'abnormal', 'closed', 'notEnough'],
  'wechat.refundQuery': WECHAT_ANSWER,
  'wechat.certificates': WECHAT_ANSWER,
  'wechat.bill': [...WECHAT_ANSWER, ...BILL],
  'wechat.billFile': WECHAT_ANSWER,
  'wechat.notice': [...NOTICE, 'signtest', 'unknownSerial', 'staleTime', 'missingHeaders', 'v2Xml'],
  'alipay.trade.create': ALIPAY_ANSWER,
  'alipay.trade.query': [...ALIPAY_ANSWER, 'amountMismatch'],
  'alipay.trade.close': ALIPAY_ANSWER,
  'alipay.trade.refund': [...ALIPAY_ANSWER, 'pending', 'noticeOnRefund', 'notEnough'],
  'alipay.trade.fastpay.refund.query': ALIPAY_ANSWER,
  'alipay.system.oauth.token': ALIPAY_ANSWER,
  'alipay.open.app.mini.templatemessage.send': ALIPAY_ANSWER,
  'alipay.data.dataservice.bill.downloadurl.query': [...ALIPAY_ANSWER, ...BILL],
  'alipay.notice': NOTICE,
  'wechat.login': [...PLAIN_ANSWER, 'busy'],
  'wechat.token': [...PLAIN_ANSWER, 'busy'],
  'wechat.phone': [...PLAIN_ANSWER, 'busy'],
  'wechat.message': [...PLAIN_ANSWER, 'busy', 'expiredToken'],
  'wechat.textCheck': [...PLAIN_ANSWER, 'busy'],
  'wechat.shipping': [...PLAIN_ANSWER, 'busy', 'notYet'],
  'sms.send': [...PLAIN_ANSWER, 'limited', 'outOfService'],
}

/** What each fault does, for the admin page. */
export const FAULT_WORDS: Record<string, string> = {
  status429: '频率超限 429（未执行）',
  status500: '系统错误 500（未执行）',
  status503: '服务不可用 503（未执行）',
  status202: '已受理 202（未执行）',
  badSignature: '签名错误',
  tamperedBody: '内容被篡改',
  unknownSerial: '未知密钥序列号',
  signtest: '签名探测流量 SIGNTEST',
  staleTime: '时间戳过旧',
  missingHeaders: '缺少签名头',
  dropAfterCommit: '已执行但连接中断',
  unknownError: '已执行但回答 20000',
  drop: '通知丢失',
  duplicate: '通知重复',
  late: '通知迟到 1 分钟',
  outOfOrder: '通知乱序（晚于下一条）',
  forged: '先来一条伪造通知',
  amountMismatch: '金额不一致',
  v2Xml: '旧版 XML 通知',
  abnormal: '退款异常 ABNORMAL',
  closed: '退款关闭 CLOSED',
  notEnough: '商户余额不足',
  pending: '退款处理中',
  noticeOnRefund: '退款也发通知',
  creating: '账单生成中',
  missingRow: '账单缺一笔',
  busy: '系统繁忙 -1',
  expiredToken: 'access_token 过期',
  notYet: '支付单尚不存在',
  limited: '触发流控',
  outOfService: '业务停机',
}

export type Armed = { call: string; fault: string; left: number | null }

export type Faults = {
  /** Arms a fault for the next `times` calls (null: until cleared). False when the table lacks it. */
  arm(call: string, fault: string, times: number | null): boolean
  /** What this call must do wrong now; counts it as one time. */
  take(call: string): Set<string>
  armed(): Armed[]
  clear(): void
}

export function makeFaults(): Faults {
  let armed: Armed[] = []
  return {
    arm(call, fault, times) {
      if (!FAULTS[call]?.includes(fault)) return false
      armed.push({ call, fault, left: times })
      return true
    },
    take(call) {
      const mine = armed.filter((one) => one.call === call)
      for (const one of mine) if (one.left !== null) one.left -= 1
      armed = armed.filter((one) => one.left === null || one.left > 0)
      return new Set(mine.map((one) => one.fault))
    },
    armed: () => armed.map((one) => ({ ...one })),
    clear() {
      armed = []
    },
  }
}
