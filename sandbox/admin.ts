import { advance } from './advance.ts'
import type { AlipayBills } from './alipay/bills.ts'
import { subscribe } from './alipay/messages.ts'
import { phoneResponse } from './alipay/oauth.ts'
import type { AlipayRefunds } from './alipay/refunds.ts'
import type { Trades } from './alipay/trades.ts'
import { type BulkRecord, type BulkTrade, recordBulk } from './bulk.ts'
import { consoleRefund } from './consoleRefund.ts'
import type { Armed, FaultOptions } from './faults.ts'
import type { Notice, Notices } from './notices.ts'
import type { Codes, Host } from './open/codes.ts'
import type { Messages } from './open/messages.ts'
import type { Message } from './outbox.ts'
import { plantIn } from './planting.ts'
import type { Plant, Planted } from './plants.ts'
import type { Signer } from './signers.ts'
import type { Bills } from './wechatPay/bills.ts'
import type { Complaint, Complaints, Filing } from './wechatPay/complaints.ts'
import type { Orders } from './wechatPay/orders.ts'
import type { RefundEnd, Refunds } from './wechatPay/refunds.ts'
import type { KeyMode, Settings, World } from './world.ts'

/** Everything the parts of the sandbox keep, for its admin side. */
export type Parts = {
  world: World
  orders: Orders
  refunds: Refunds
  trades: Trades
  alipayRefunds: AlipayRefunds
  notices: Notices
  codes: Codes
  messages: Messages
  bills: Bills
  complaints: Complaints
  alipayBills: AlipayBills
  change(settings: Partial<Omit<Settings, 'id'>>): Settings
  /** Writes credentials.json again. */
  keysChanged(): void
}

/** A key as a page or a test may see it. */
function publicPart({ privateKey: _, ...signer }: Signer) {
  return signer
}

export type Platform = 'wechat' | 'alipay'

export type Admin = ReturnType<typeof makeAdmin>

/**
 * What a tester does that a phone, a person or bad luck would do: the admin HTTP endpoints and the
 * tests call the same verbs.
 */
export function makeAdmin(parts: Parts) {
  const { world, orders, trades, notices, codes, messages } = parts
  return {
    /** The code wx.login, my.getAuthCode or WeChat's OAuth page would give this person. */
    code: (host: Host, person: string): string => codes.make(host, person),
    /** What the phone-number button gives: a code in WeChat, an encrypted text in Alipay. */
    phoneCode(
      phone: string,
      host: 'weapp' | 'alipay' = 'weapp',
    ): { code: string } | { response: string } {
      if (host === 'alipay') return { response: phoneResponse(world, phone) }
      return { code: codes.make('phone', phone) }
    },
    /** The person accepts one subscribe message of this template. */
    consent: (person: string, templateId: string, host: 'weapp' | 'alipay' = 'weapp'): void =>
      host === 'alipay'
        ? subscribe(world, person, templateId)
        : messages.consent(person, templateId),
    /**
     * Arms a fault for the next `times` calls it strikes; null until cleared. `rate` strikes that
     * share of the calls (the same ones for the same `seed`), `only` one order or refund number.
     * False when there is none such.
     */
    fault: (
      call: string,
      fault: string,
      times: number | null = 1,
      options: FaultOptions = {},
    ): boolean => world.faults.arm(call, fault, times, options),
    faults: (): Armed[] => world.faults.armed(),
    /** Disarms everything, or one fault, or what was armed for one call or one number. */
    clearFaults: (which: { id?: string; call?: string; only?: string } = {}): void =>
      world.faults.clear(which),
    /** Moves business time to `offsetMs` from real time, and does what became due. */
    clock(offsetMs: number): Settings {
      const settings = parts.change({ offsetMs })
      world.schedule.wake()
      return settings
    },
    /**
     * Lets so much business time pass step by step: whatever is due on the way happens at its own
     * instant, as it would with a real clock. (`clock` jumps: what was due is done at the end.)
     */
    advance: (ms: number): Promise<Settings> => advance(parts, ms),
    /** Business time, milliseconds. */
    now: (): number => world.clock.now(),
    settings: (): Settings => world.settings(),
    /** Changes any of the settings; see `Settings` for what each means. */
    change: (changes: Partial<Omit<Settings, 'id'>>): Settings => parts.change(changes),
    /** Which of WeChat Pay's keys signs; `share` of answers and notices by the newer one. */
    keyMode: (keyMode: KeyMode, { share }: { share?: number } = {}): Settings =>
      parts.change({ keyMode, ...(share === undefined ? {} : { share }) }),
    /** WeChat Pay's keys in use, oldest first, without their secrets. */
    keys: () => world.signers.all().map(publicPart),
    /**
     * Issues a new certificate or public key beside the old one of its kind; `share` says how much
     * the new one signs. A certificate is told by /v3/certificates only; a public key stands in
     * credentials.json from then on, as the merchant would download it from the console.
     */
    async issueKey(kind: Signer['kind']) {
      const signer = await world.signers.issue(kind)
      parts.keysChanged()
      return publicPart(signer)
    },
    /** Takes an old key out of use. False when there is none such or no other of its kind. */
    retireKey(id: string): boolean {
      const retired = world.signers.retire(id)
      if (retired) parts.keysChanged()
      return retired
    },
    /** Delays of retries and refunds are divided by this. */
    speed: (speed: number): Settings => parts.change({ speed }),
    /** Does everything that is due now and waits for it. */
    settle: (): Promise<void> => world.schedule.settle(),
    outbox: (receiver?: string): Message[] => world.outbox.list(receiver),
    notices: (): Notice[] => notices.all(),
    /** Sends a notice, or all of an order or refund number, once more. Gives how many. */
    resend: (idOrNumber: string): number => notices.resend(idOrNumber),
    /** When the next try of a notice, or the next step of anything, is due; undefined when never. */
    nextAt: (ref?: string): number | undefined => world.schedule.nextAt(ref),
    /** Money that was under way while the merchant closed the order arrives after all. */
    payLate(platform: Platform, outTradeNo: string): boolean {
      if (platform === 'wechat') return orders.pay(outTradeNo, { late: true }) !== undefined
      const trade = trades.get(outTradeNo)
      return trade !== undefined && trades.pay(trade.tradeNo, { late: true }) !== undefined
    },
    /**
     * Ends a refund by hand: any way for one of WeChat Pay that is under way or abnormal, SUCCESS
     * for an open one of Alipay. False when there is none such.
     */
    endRefund(platform: Platform, refundNo: string, state: RefundEnd): boolean {
      if (platform === 'wechat') return parts.refunds.end(refundNo, state)
      return state === 'SUCCESS' && parts.alipayRefunds.end(refundNo)
    },
    /**
     * The merchant's own hand refunds in the platform's console: nothing the product asked for.
     * Gives the refund number, or undefined when so much cannot be refunded.
     */
    consoleRefund: (platform: Platform, outTradeNo: string, fen: number): string | undefined =>
      consoleRefund(parts, platform, outTradeNo, fen),
    /** The payer complains in WeChat about a paid order; undefined when there is none such. */
    complain: (outTradeNo: string, filing: Filing): Complaint | undefined =>
      parts.complaints.file(outTradeNo, filing),
    /** The payer writes more about their complaint; false when there is none such. */
    complainMore: (complaintId: string, words: string, pictures: Buffer[] = []): boolean =>
      parts.complaints.say(complaintId, words, pictures),
    /** The payer takes their complaint back; false when there is none such, or it is over. */
    complainNoMore: (complaintId: string): boolean => parts.complaints.revoke(complaintId),
    /** A person of the merchant answers in WeChat's own pages, or completes it (null). */
    complaintAnswered: (complaintId: string, words: string | null): void =>
      parts.complaints.answerHere(complaintId, words),
    /** Complaints as WeChat Pay keeps them, oldest first. */
    complaints: (): Complaint[] => parts.complaints.all(),
    /** Records trades that are paid already, with their refunds, and tells nobody; see bulk.ts. */
    bulk: (platform: Platform, trades: BulkTrade[]): BulkRecord[] =>
      recordBulk(parts, platform, trades),
    /**
     * Plants a difference between the next bills and what really happened. False, and nothing
     * planted, when there is no such trade or refund, or its row cannot show that.
     */
    plant: (platform: Platform, plant: Plant): boolean => plantIn(parts, platform, plant),
    plants: (): Planted[] => world.plants.all(),
    unplant: (): void => world.plants.clear(),
    /** Every order and refund as the platforms see them, newest first. */
    trades: () => ({
      wechat: orders.all().map((order) => ({
        kind: order.kind,
        prepayId: order.prepay.id,
        ...orders.view(order),
        refunds: parts.refunds.ofOrder(order.id).map(parts.refunds.view),
      })),
      alipay: trades.all().map((trade) => ({
        ...trades.view(trade),
        refunds: parts.alipayRefunds.ofTrade(trade.id).reverse(),
      })),
    }),
  }
}
