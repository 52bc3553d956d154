import { randomUUID } from 'node:crypto'
import { FILE_FAULTS } from './billFile.ts'
import { makeRandom, type Random } from './random.ts'

/**
 * Fault switches: what a platform or the network can do wrong, armed per call from the admin API.
 * The table says which fault fits which call; anything else is refused, so that a test cannot
 * arm a fault that never fires because of a spelling.
 */

/** Refusals of WeChat Pay before any work is done. */
const BEFORE_WORK = ['status429', 'status500', 'status503', 'status202']
/** Faults of a signed WeChat Pay answer. */
const WECHAT_ANSWER = [
  ...BEFORE_WORK,
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
/** Bills that are late, say there is nothing, lack their last trade, or show another amount for it. */
const BILL = ['creating', 'empty', 'missingRow', 'amountMismatch']
const PLAIN_ANSWER = ['status500', 'dropAfterCommit']

/** call → the faults it can have. */
export const FAULTS: Record<string, readonly string[]> = {
  'wechat.order': WECHAT_ANSWER,
  'wechat.query': [...WECHAT_ANSWER, 'amountMismatch'],
  'wechat.close': WECHAT_ANSWER,
  'wechat.refund': [...WECHAT_ANSWER, 'abnormal', 'closed', 'stuck', 'notEnough', 'payerAbnormal'],
  'wechat.abnormalRefund': [...WECHAT_ANSWER, 'abnormal', 'closed', 'stuck'],
  'wechat.refundQuery': WECHAT_ANSWER,
  'wechat.certificates': WECHAT_ANSWER,
  'wechat.bill': [...WECHAT_ANSWER, ...BILL, 'hashMismatch'],
  'wechat.billFile': [...BEFORE_WORK, 'dropAfterCommit', 'bomb', ...FILE_FAULTS],
  'wechat.complaints': WECHAT_ANSWER,
  'wechat.complaint': WECHAT_ANSWER,
  'wechat.complaintHistory': WECHAT_ANSWER,
  'wechat.complaintPicture': [...BEFORE_WORK, 'dropAfterCommit', ...FILE_FAULTS],
  'wechat.complaintReply': [...WECHAT_ANSWER, 'refused'],
  'wechat.complaintComplete': [...WECHAT_ANSWER, 'refused'],
  'wechat.complaintAddress': WECHAT_ANSWER,
  'wechat.notice': [...NOTICE, 'signtest', 'unknownSerial', 'staleTime', 'missingHeaders', 'v2Xml'],
  'alipay.trade.create': ALIPAY_ANSWER,
  'alipay.trade.query': [...ALIPAY_ANSWER, 'amountMismatch'],
  'alipay.trade.close': ALIPAY_ANSWER,
  'alipay.trade.refund': [...ALIPAY_ANSWER, 'pending', 'stuck', 'noticeOnRefund', 'notEnough'],
  'alipay.trade.fastpay.refund.query': ALIPAY_ANSWER,
  'alipay.system.oauth.token': ALIPAY_ANSWER,
  'alipay.open.app.mini.templatemessage.send': ALIPAY_ANSWER,
  'alipay.data.dataservice.bill.downloadurl.query': [...ALIPAY_ANSWER, ...BILL],
  'alipay.billFile': ['status500', 'dropAfterCommit', 'bomb', ...FILE_FAULTS],
  'alipay.notice': NOTICE,
  'wechat.login': [...PLAIN_ANSWER, 'busy'],
  'wechat.token': [...PLAIN_ANSWER, 'busy'],
  'wechat.phone': [...PLAIN_ANSWER, 'busy'],
  'wechat.message': [...PLAIN_ANSWER, 'busy', 'expiredToken'],
  'wechat.textCheck': [...PLAIN_ANSWER, 'busy'],
  'wechat.shipping': [...PLAIN_ANSWER, 'busy', 'notYet'],
  'sms.send': [...PLAIN_ANSWER, 'limited', 'outOfService'],
  'mail.send': ['greylisted', 'unknownMailbox', 'mailboxFull', 'dropAfterCommit'],
}

/** Calls that concern one order, refund or receiver: the only ones `only` can pick from. */
export const OF_ONE =
  /^(wechat\.(order|query|close|refund|refundQuery|abnormalRefund|notice|shipping)|alipay\.(trade\..+|notice)|(sms|mail)\.send)$/

export type FaultOptions = {
  /** The share of calls it strikes, 0 to 1; without it every one. */
  rate?: number
  /** Where the draws of `rate` begin; the same seed strikes the same calls. Without it DEFAULT_SEED. */
  seed?: number
  /** Strikes only calls about this order or refund number of the merchant (SMS: phone number, mail: address). */
  only?: string
}

export type Armed = {
  id: string
  call: string
  fault: string
  /** How many times it will still strike; null: until cleared. */
  left: number | null
  rate: number
  seed: number
  only: string | null
  /** How many calls it could have struck, and how many it did. */
  seen: number
  struck: number
}

export const DEFAULT_SEED = 1

export type Faults = {
  /**
   * Arms a fault for the next `times` calls it strikes (null: until cleared). False, and nothing
   * armed, when the table lacks it or an option makes no sense.
   */
  arm(call: string, fault: string, times: number | null, options?: FaultOptions): boolean
  /** What this call must do wrong now; `about` are the order and refund numbers it concerns. */
  take(call: string, about?: readonly string[]): Set<string>
  armed(): Armed[]
  /** Disarms everything, or one fault, or what was armed for one call or one number. */
  clear(which?: { id?: string; call?: string; only?: string }): void
}

type Switch = Armed & { random: Random }

export function makeFaults(): Faults {
  let armed: Switch[] = []
  const strikes = (one: Switch, about: readonly string[]) => {
    if (one.only !== null && !about.includes(one.only)) return false
    one.seen += 1
    if (one.rate < 1 && one.random() >= one.rate) return false
    one.struck += 1
    if (one.left !== null) one.left -= 1
    return true
  }
  return {
    arm(call, fault, times, { rate = 1, seed = DEFAULT_SEED, only } = {}) {
      if (!FAULTS[call]?.includes(fault)) return false
      if (!(rate >= 0 && rate <= 1) || !Number.isSafeInteger(seed)) return false
      if (only !== undefined && (!only || !OF_ONE.test(call))) return false
      const fresh = { left: times, rate, seed, only: only ?? null, seen: 0, struck: 0 }
      armed.push({ id: randomUUID(), call, fault, ...fresh, random: makeRandom(seed) })
      return true
    },
    take(call, about = []) {
      const mine = armed.filter((one) => one.call === call && strikes(one, about))
      armed = armed.filter((one) => one.left === null || one.left > 0)
      return new Set(mine.map((one) => one.fault))
    },
    armed: () => armed.map(({ random: _, ...one }) => one),
    clear({ id, call, only } = {}) {
      armed = armed.filter(
        (one) =>
          (id !== undefined && one.id !== id) ||
          (call !== undefined && one.call !== call) ||
          (only !== undefined && one.only !== only),
      )
    },
  }
}
