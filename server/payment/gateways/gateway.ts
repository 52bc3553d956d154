/**
 * What every payment gateway is: a plain object of functions over one provider's wire. Gateways keep
 * no trades; the core persists, decides and asks again. Money is integer fen, times are `Date`.
 */
import type { Method, MoneyMethod, PaymentState, PayParams, Scene } from '@jiyue/contract/payment'
import type { Day } from '@jiyue/contract/time'
import type { Answer } from '../../platforms/answer.ts'

export type { Answer }

export interface Gateway {
  method: Method
  /**
   * Opens the trade. Idempotent per `tradeNo` as long as every other value stays the same, so it may
   * be repeated after `unknown`. Refused with `scene_not_supported`, `payer_missing`,
   * `trade_expired`, `installments_not_supported`, or with the provider's own code.
   */
  prepare(trade: Trade, now: Date): Promise<Answer<PayParams>>
  query(tradeNo: string, now: Date): Promise<Answer<TradeFact>>
  /**
   * After `closed` no wallet can start paying any more, save for a browser that already holds an
   * Alipay page the payer has not opened yet: that one dies at the trade's `expiresAt`. After `paid`
   * the caller asks with `query`.
   */
  close(tradeNo: string, now: Date): Promise<Answer<'closed' | 'paid'>>
  /** Idempotent per `refundNo` with the same amount; the same number again is the only right retry. */
  refund(request: RefundRequest, now: Date): Promise<Answer<RefundFact>>
  queryRefund(refundNo: string, tradeNo: string, now: Date): Promise<Answer<RefundFact>>
  /**
   * WeChat only: pays an ABNORMAL refund (the payer's account cannot take it) to the merchant's own
   * account, so that a person can hand it over otherwise. One that is not ABNORMAL any more answers
   * what it is, and nothing is asked for.
   */
  refundToMerchant?(refundNo: string, tradeNo: string, now: Date): Promise<Answer<RefundFact>>
  /**
   * Fetches and reads the bill of one day, which the providers make on the next, from 09:00 on.
   * That nothing happened, or that it is not made yet, are answers of their own. A file that is too
   * large, cut, of another merchant or day, or does not add up is no answer (`too_large`,
   * `broken_bill`, `bad_hash`, `wrong_merchant`, `wrong_day`).
   */
  bill(day: Day, now: Date): Promise<Answer<BillFile>>
  /** WeChat only: what payers complain about to WeChat itself. */
  complaints?: Complaints
  /** Verifies and reads a notice from its raw bytes; never believes an unverified one. */
  readNotice(headers: NoticeHeaders, rawBody: Buffer, now: Date): Promise<Notice>
  /** What the provider wants to hear: `accepted` once the fact is written down, else `refused`. */
  noticeAnswer: { accepted: NoticeAnswer; refused: NoticeAnswer }
}

/** Consumer complaints (WeChat's complaints-v2). Nothing here is idempotent at the platform but reading. */
export interface Complaints {
  /** Complaints of these days of China, newest first, from the `offset`-th on; 50 a page. */
  list(from: Day, to: Day, offset: number, now: Date): Promise<Answer<ComplaintPage>>
  find(complaintId: string, now: Date): Promise<Answer<ComplaintFact>>
  /** What was said and done about it, oldest first, the last 300. */
  history(complaintId: string, now: Date): Promise<Answer<ComplaintStep[]>>
  /** The file of a picture, by the address that WeChat gave; whatever it is. */
  picture(address: string, now: Date): Promise<Answer<Buffer>>
  /** One more reply, of at most 200 characters: the platform does not know a repeat. */
  reply(complaintId: string, text: string, now: Date): Promise<Answer<'told'>>
  /** A reply as WeChat keeps it: it takes no emoji. */
  asSaid(text: string): string
  complete(complaintId: string, now: Date): Promise<Answer<'told'>>
  /** Has WeChat call us at this address, where it calls nobody yet; answers where it calls. */
  announce(now: Date): Promise<Answer<string>>
  /** Verifies and reads a notice: the complaint that something happened to. */
  readNotice(
    headers: NoticeHeaders,
    rawBody: Buffer,
    now: Date,
  ): Promise<{ ok: true; complaintId: string } | { ok: false; reason: string }>
}

export interface ComplaintPage {
  complaints: ComplaintFact[]
  total: number
}

export interface ComplaintFact {
  complaintId: string
  at: Date
  detail: string
  /** WeChat's own heading of it. */
  problem: string
  state: 'PENDING' | 'PROCESSING' | 'PROCESSED'
  tradeNo: string | null
  transactionId: string | null
  amountFen: number
  /** The payer wants the money back. */
  refundAsked: boolean
  phone: string | null
  /** The payer wrote last. */
  waiting: boolean
  /** Addresses of what was filed with it, for `picture`. */
  pictures: string[]
}

export interface ComplaintStep {
  stepId: string
  at: Date
  by: 'payer' | 'merchant' | 'platform'
  /** WeChat's word for it: `USER_RESPONSE`, `MERCHANT_CONFIRM_COMPLETE`. */
  what: string
  text: string
  /** Addresses of what came with it, for `picture`. */
  pictures: string[]
}

export interface Trade {
  /** 6–32 of `0-9A-Za-z_`, unique for ever. */
  tradeNo: string
  amountFen: number
  /** What the payer reads in the wallet; cut and cleaned to the provider's limits. */
  description: string
  /** The provider lets nobody start paying after this. */
  expiresAt: Date
  scene: Scene
  /** openid of the scene's app (WeChat) or open_id (Alipay). */
  payerId?: string | undefined
  clientIp: string
  /** H5 and desktop: where the browser comes back to. */
  returnUrl?: string | undefined
  installments?: 3 | 6 | 12 | undefined
}

export interface RefundRequest {
  refundNo: string
  tradeNo: string
  amountFen: number
  /** What the whole trade was paid with. */
  totalFen: number
  reason: string
}

/** What a provider says about a trade of ours. Merchant and app ids have been checked. */
export interface TradeFact {
  kind: 'trade'
  /** `offline`: a person of the merchant says it, who took the money (payment/offline.ts). */
  method: MoneyMethod
  tradeNo: string
  /** `missing`: the provider knows no such trade (yet). */
  state: 'unpaid' | 'paid' | 'closed' | 'missing'
  /** What the trade is for. Certain when paid; 0 where the provider does not say it. */
  amountFen: number
  transactionId?: string | undefined
  paidAt?: Date | undefined
  payerId?: string | undefined
  /** When we asked, where that is not now: what a provider says is true of then. */
  askedAt?: Date | undefined
  /** What our payment was then: before it is opened there is nothing that could be closed. */
  askedIn?: PaymentState | undefined
  /** Where it was heard, for the evidence line: the notice's id, or the call. Never a secret. */
  reference?: string | undefined
}

/** What a provider says about a refund of ours. */
export interface RefundFact {
  kind: 'refund'
  method: Method
  refundNo: string
  tradeNo?: string | undefined
  /**
   * `failed`: a person is needed at the provider. `closed`: nothing will ever be paid under this
   * number, another one is needed. `missing`: it never arrived, repeat it unchanged.
   */
  state: 'processing' | 'succeeded' | 'failed' | 'closed' | 'missing'
  /** Of this refund alone. Certain when succeeded; 0 where the provider does not say it. */
  amountFen: number
  refundedAt?: Date | undefined
  /** The provider's word for why it failed or was closed: `ABNORMAL`, `CLOSED`. */
  reason?: string | undefined
  reference?: string | undefined
}

/** `proven`: the provider's own signature covers the file, so that its rows may be believed. */
export type BillFile =
  | { state: 'ready'; rows: BillRow[]; digest: string; proven: boolean }
  | { state: 'empty' }
  | { state: 'not_ready' }

/** What a bill says of one payment or refund. */
export interface BillRow {
  kind: 'trade' | 'refund'
  tradeNo: string
  /** Made in the provider's console: a number that is not ours. */
  refundNo: string | null
  /** Never negative; of the refund alone for refunds. */
  amountFen: number
  /** As it was when the bill was made: a bill is never updated. `failed`: it moved no money. */
  state: 'succeeded' | 'processing' | 'failed'
  /** What the provider takes for it, yuan with all its decimals; negative when given back. */
  charge: string
  transactionId: string
  at: Date
}

export type NoticeHeaders = Record<string, string | string[] | undefined>

export type Notice = { ok: true; fact: TradeFact | RefundFact } | { ok: false; reason: string }

export interface NoticeAnswer {
  status: number
  body: string
  type: string
}
