/**
 * Both providers as a model in memory, by facts/PLATFORMS.md: trades, refunds, notices. It is the
 * environment, not our code; it knows nothing of the product but the interface of a gateway.
 */
import type { Method, PayParams } from '@jiyue/contract/payment'
import { dayOf } from '@jiyue/contract/time'
import type {
  Answer,
  BillFile,
  BillRow,
  Gateway,
  RefundFact,
  RefundRequest,
  Trade,
  TradeFact,
} from '../../server/payment/gateways/gateway.ts'
import { settleRefund } from '../../server/payment/refund.ts'
import { settle } from '../../server/payment/settle.ts'
import { refused, unknown, yes } from '../../server/platforms/answer.ts'
import { faulty } from './plan.ts'
import type { Fate, Mail, Rails, RefundSeen, TradeSeen } from './rails.ts'

const MINUTE = 60_000
/** Time a refund is on its way. */
const UNDER_WAY = 20_000

interface ModelRefund extends RefundSeen {
  fate: Fate
  createdAt: number
  /** Alipay says that money moved only to the request that moved it. */
  endedAt?: number
}

interface ModelTrade extends TradeSeen {
  fen: number
  expiresAt: number
  /** An address in a browser becomes a trade at Alipay only when somebody opens it. */
  exists: boolean
  closed: boolean
  refunds: ModelRefund[]
}

export interface ModelRails extends Rails {
  /** For a negative control: changes what a gateway does. */
  wrap?: (gateway: Gateway) => Gateway
}

export function modelRails(now: () => number): ModelRails {
  const trades = new Map<string, ModelTrade>()
  let letters: Mail[] = []
  let fate: Fate = 'success'

  const refundsEnd = () => {
    for (const trade of trades.values())
      for (const refund of trade.refunds)
        if (refund.state === 'processing' && now() >= refund.createdAt + UNDER_WAY)
          endRefund(trade, refund)
  }

  const endRefund = (trade: ModelTrade, refund: ModelRefund) => {
    refund.state = refund.fate === 'success' ? 'succeeded' : refund.fate
    refund.endedAt = now()
    tellRefund(trade, refund)
  }

  const tellTrade = (trade: ModelTrade) => {
    const fact = { ...factOf(trade), reference: 'notice' }
    letters.push({
      about: 'payment',
      tradeNo: trade.tradeNo,
      delivered: 0,
      deliver: (parts) => settle(parts, fact, 'notice'),
    })
  }

  const tellRefund = (trade: ModelTrade, refund: ModelRefund) => {
    if (trade.method === 'alipay') return
    const fact = { ...refundFactOf(trade, refund), reference: 'notice' }
    letters.push({
      about: 'refund',
      tradeNo: trade.tradeNo,
      delivered: 0,
      deliver: async (parts) => {
        await settleRefund(parts, fact, 'notice')
        return 'heard'
      },
    })
  }

  const take = (trade: ModelTrade, moreFen: number) => {
    trade.paidFen = trade.fen + moreFen
    trade.paidAt = now()
    tellTrade(trade)
  }

  const payable = (trade: ModelTrade) =>
    !trade.closed && trade.paidFen === null && now() < trade.expiresAt

  /** What a query and a notice say. A trade that went back whole is closed in Alipay's words. */
  function factOf(trade: ModelTrade): TradeFact {
    const { method, tradeNo, paidFen, paidAt } = trade
    const said = { kind: 'trade', method, tradeNo, reference: 'query' } as const
    if (!trade.exists) return { ...said, state: 'missing', amountFen: 0 }
    if (paidFen === null || paidAt === undefined)
      return { ...said, state: payable(trade) ? 'unpaid' : 'closed', amountFen: trade.fen }
    const back = sumOf(trade.refunds)
    const gone = method === 'alipay' && back === paidFen
    return {
      ...said,
      state: gone ? 'closed' : 'paid',
      amountFen: paidFen,
      transactionId: `42${tradeNo}`,
      paidAt: new Date(paidAt),
    }
  }

  function prepare(method: Method, asked: Trade): Answer<PayParams> {
    const known = trades.get(asked.tradeNo)
    if (known && (known.fen !== asked.amountFen || known.method !== method))
      return refused('OUT_TRADE_NO_USED', 'another amount')
    if (known?.closed) return refused('ORDER_CLOSED', 'closed')
    if (known && known.paidFen !== null) return refused('ORDERPAID', 'paid')
    const inBrowser = method === 'alipay' && asked.scene !== 'alipay'
    // WeChat raises a shorter time to one minute.
    const shortest = method === 'wechat' ? now() + MINUTE : 0
    if (!known)
      trades.set(asked.tradeNo, {
        tradeNo: asked.tradeNo,
        method,
        fen: asked.amountFen,
        paidFen: null,
        payable: false,
        refunds: [],
        expiresAt: Math.max(asked.expiresAt.getTime(), shortest),
        exists: !inBrowser,
        closed: false,
      })
    return yes(paramsOf(method, asked))
  }

  function close(tradeNo: string): Answer<'closed' | 'paid'> {
    const trade = trades.get(tradeNo)
    if (!trade?.exists) return yes('closed') // there is nothing to close
    if (trade.paidFen !== null) return yes('paid')
    trade.closed = true
    return yes('closed')
  }

  function refund(asked: RefundRequest): Answer<RefundFact> {
    refundsEnd()
    const trade = trades.get(asked.tradeNo)
    if (!trade || trade.paidFen === null) return refused('RESOURCE_NOT_EXISTS', 'not paid')
    const known = trade.refunds.find((one) => one.no === asked.refundNo)
    if (known && known.fen !== asked.amountFen) return refused('INVALID_REQUEST', 'another amount')
    if (known) return yes(refundFactOf(trade, known, 'again'))
    if (asked.totalFen !== trade.paidFen) return refused('INVALID_REQUEST', 'another total')
    if (sumOf(trade.refunds) + asked.amountFen > trade.paidFen)
      return refused('INVALID_REQUEST', 'more than was paid')
    const wechat = trade.method === 'wechat'
    const last = Math.max(0, ...trade.refunds.map((one) => one.createdAt))
    if (wechat && now() < last + MINUTE) return unknown('FREQUENCY_LIMITED', 'once a minute')
    const made: ModelRefund = {
      no: asked.refundNo,
      fen: asked.amountFen,
      state: 'processing',
      // Only WeChat ends refunds in these ways.
      fate: wechat ? fate : 'success',
      createdAt: now(),
    }
    trade.refunds.push(made)
    // Alipay moves the money at once, mostly.
    if (!wechat && fate === 'success') endRefund(trade, made)
    fate = 'success'
    return yes(refundFactOf(trade, made))
  }

  function refundFactOf(trade: ModelTrade, refund: ModelRefund, again?: 'again'): RefundFact {
    const state = refund.state === 'abnormal' ? 'failed' : refund.state
    return {
      kind: 'refund',
      method: trade.method,
      refundNo: refund.no,
      tradeNo: trade.tradeNo,
      // fund_change N: this request moved nothing, the query tells.
      state: again && trade.method === 'alipay' ? 'processing' : state,
      amountFen: refund.fen,
      refundedAt: refund.endedAt === undefined ? undefined : new Date(refund.endedAt),
      reason: SAID[refund.state],
      reference: 'refund',
    }
  }

  function queryRefund(method: Method, refundNo: string, tradeNo: string): Answer<RefundFact> {
    refundsEnd()
    const trade = trades.get(tradeNo)
    const found = trade?.refunds.find((one) => one.no === refundNo)
    // At Alipay a refund that is not done yet looks like none.
    if (trade && found && !(method === 'alipay' && found.state === 'processing'))
      return yes(refundFactOf(trade, found))
    return yes({ kind: 'refund', method, refundNo, tradeNo, state: 'missing', amountFen: 0 })
  }

  /** The payer's account cannot take it: the merchant's does. */
  function refundToMerchant(refundNo: string, tradeNo: string): Answer<RefundFact> {
    refundsEnd()
    const trade = trades.get(tradeNo)
    const found = trade?.refunds.find((one) => one.no === refundNo)
    if (!trade || !found) return refused('RESOURCE_NOT_EXISTS', 'no such refund')
    if (found.state === 'abnormal') Object.assign(found, { state: 'processing', fate: 'success' })
    return yes(refundFactOf(trade, found))
  }

  /** The bill of a day that is over: what came in and went out in it. Alipay's file is not signed. */
  function bill(method: Method, day: string): Answer<BillFile> {
    refundsEnd()
    if (day >= dayOf(now())) return yes({ state: 'not_ready' })
    const rows = [...trades.values()].filter((one) => one.method === method).flatMap(rowsOf)
    const listed = rows.filter((row) => dayOf(row.at.getTime()) === day)
    if (listed.length === 0) return yes({ state: 'empty' })
    return yes({ state: 'ready', rows: listed, digest: day, proven: method === 'wechat' })
  }

  const gatewayOf = (method: Method): Gateway => ({
    method,
    prepare: async (trade) => prepare(method, trade),
    query: async (tradeNo) =>
      yes(
        factOf(
          trades.get(tradeNo) ??
            ({ method, tradeNo, exists: false, refunds: [] } as unknown as ModelTrade),
        ),
      ),
    close: async (tradeNo) => close(tradeNo),
    refund: async (request) => refund(request),
    queryRefund: async (refundNo, tradeNo) => queryRefund(method, refundNo, tradeNo),
    ...(method === 'wechat' && {
      refundToMerchant: async (refundNo: string, tradeNo: string) =>
        refundToMerchant(refundNo, tradeNo),
    }),
    bill: async (day) => bill(method, day),
    readNotice: async () => ({ ok: false, reason: 'the model hands facts over' }),
    noticeAnswer: {
      accepted: { status: 204, body: '', type: 'text/plain' },
      refused: { status: 400, body: '', type: 'text/plain' },
    },
  })
  const gateways = { wechat: gatewayOf('wechat'), alipay: gatewayOf('alipay') }

  const rails: ModelRails = {
    anyAmount: true,
    gateways(plan) {
      const seen = (gateway: Gateway) => {
        const troubled = plan?.fault ? faulty(gateway, plan) : gateway
        return rails.wrap?.(troubled) ?? troubled
      }
      return { wechat: seen(gateways.wechat), alipay: seen(gateways.alipay) }
    },
    async pay(params, moreFen) {
      const trade = trades.get(tradeNoOf(params))
      if (!trade || !payable(trade)) return false
      trade.exists = true
      take(trade, moreFen)
      return true
    },
    async payLate(_, tradeNo) {
      const trade = trades.get(tradeNo)
      if (!trade?.exists || trade.paidFen !== null || payable(trade)) return false
      take(trade, 0)
      return true
    },
    refundFate(next) {
      fate = next
    },
    settle: async () => refundsEnd(),
    async rescueRefunds() {
      for (const trade of trades.values())
        for (const refund of trade.refunds)
          if (refund.state === 'abnormal') {
            refund.state = 'succeeded'
            refund.endedAt = now()
            tellRefund(trade, refund)
          }
    },
    mail: () => letters,
    trade(_, tradeNo) {
      const trade = trades.get(tradeNo)
      return trade && { ...trade, payable: payable(trade) && trade.exists }
    },
    clear() {
      trades.clear()
      letters = []
      fate = 'success'
    },
  }
  return rails
}

const SAID: Record<RefundSeen['state'], string | undefined> = {
  processing: undefined,
  succeeded: undefined,
  abnormal: 'ABNORMAL',
  closed: 'CLOSED',
}

function rowsOf({ tradeNo, paidFen, paidAt, refunds }: ModelTrade): BillRow[] {
  if (paidFen === null || paidAt === undefined) return []
  const fixed = { tradeNo, transactionId: `42${tradeNo}`, charge: '0', state: 'succeeded' } as const
  const paid = { ...fixed, kind: 'trade', refundNo: null, amountFen: paidFen, at: new Date(paidAt) }
  const back = refunds.flatMap(({ no, fen, state, endedAt }) =>
    state === 'succeeded' && endedAt !== undefined
      ? [{ ...fixed, kind: 'refund' as const, refundNo: no, amountFen: fen, at: new Date(endedAt) }]
      : [],
  )
  return [paid as BillRow, ...back]
}

const sumOf = (refunds: readonly RefundSeen[]) =>
  refunds.reduce((sum, one) => (one.state === 'closed' ? sum : sum + one.fen), 0)

/** What the phone gets; the model finds the trade in it again. */
function paramsOf(method: Method, { tradeNo, scene }: Trade): PayParams {
  if (method === 'alipay')
    return scene === 'alipay'
      ? { way: 'alipay-trade', tradeNo }
      : { way: 'redirect', url: `https://alipay/${tradeNo}` }
  if (scene === 'desktop') return { way: 'qr', codeUrl: `weixin://${tradeNo}` }
  if (scene === 'h5') return { way: 'redirect', url: `https://wechat/${tradeNo}` }
  const fixed = {
    appId: 'a',
    timeStamp: '0',
    nonceStr: 'n',
    signType: 'RSA',
    paySign: 's',
  } as const
  return { way: 'wechat-jsapi', ...fixed, package: `prepay_id=${tradeNo}` }
}

function tradeNoOf(params: PayParams): string {
  if (params.way === 'alipay-trade') return params.tradeNo
  if (params.way === 'redirect') return params.url.replace(/.*\//, '')
  if (params.way === 'qr') return params.codeUrl.replace(/.*\//, '')
  return params.way === 'wechat-jsapi' ? params.package.replace('prepay_id=', '') : ''
}
