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
