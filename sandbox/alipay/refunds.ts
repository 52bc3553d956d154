import { SECOND } from '../clock.ts'
import { ofOwner } from '../ofOwner.ts'
import type { World } from '../world.ts'
import { refused } from './refusal.ts'
import type { Trade, Trades } from './trades.ts'
import { toFen, toYuan } from './wire.ts'

/** One refund; `id` joins the trade and the merchant's out_request_no. */
export type AlipayRefund = {
  id: string
  trade: string
  requestNo: string
  fen: number
  createdAt: number
  done: boolean
  doneAt?: number
  /** Whether the merchant is told when it is done; only some merchants have that switched on. */
  tell?: boolean
}

type Content = Record<string, unknown>

/** How long a refund stays open when the fault `pending` is armed; else it is done at once. */
const PENDING_MS = 5 * SECOND

/** Refunds of Alipay (facts 2.2). */
export function makeAlipayRefunds(world: World, trades: Trades) {
  const refunds = world.store.table<AlipayRefund>('alipay.refunds')
  const { of: ofTrade, put } = ofOwner(refunds, (refund) => refund.trade)

  const ask = (content: Content, faults: Set<string>): object => {
    const trade = trades.find(content)
    const fen = toFen(content.refund_amount)
    if (fen === null || fen < 1) throw refused('INVALID_PARAMETER', '参数无效：refund_amount')
    const requestNo = requestNoOf(trade, fen, content)
    const known = refunds.get(`${trade.id} ${requestNo}`)
    if (known) return again(known, trade, fen)
    check(trade, fen)
    if (faults.has('notEnough')) throw refused('SELLER_BALANCE_NOT_ENOUGH', '卖家余额不足')
    return begin(trade, requestNo, fen, faults)
  }

  const begin = (trade: Trade, requestNo: string, fen: number, faults: Set<string>): object => {
    const pending = faults.has('pending') || faults.has('stuck')
    const now = world.clock.now()
    const tell = faults.has('noticeOnRefund')
    const id = `${trade.id} ${requestNo}`
    const row = { id, trade: trade.id, requestNo, fen, createdAt: now, done: false, tell }
    const refund = put(row)
    const after = trades.takeOff(trade, fen)
    if (!pending) finish(refund, now)
    else if (!faults.has('stuck')) world.schedule.plan('alipay.refund', id, PENDING_MS)
    return view(after, pending ? 'N' : 'Y')
  }

  const finish = (refund: AlipayRefund, at: number): void => {
    put({ ...refund, done: true, doneAt: at })
    const trade = trades.get(refund.trade) as Trade
    if (refund.tell) trades.tell(trade, { requestNo: refund.requestNo, at })
  }

  world.schedule.on('alipay.refund', (id, dueAt) => {
    const refund = refunds.get(id)
    if (refund && !refund.done) finish(refund, dueAt)
  })

  /** A tester ends an open refund by hand. False when there is no open one of that number. */
  const end = (requestNo: string): boolean => {
    const refund = refunds.all().find((one) => one.requestNo === requestNo && !one.done)
    if (refund) finish(refund, world.clock.now())
    return refund !== undefined
  }

  /** Without a number of its own a whole refund is known by the order number. */
  const requestNoOf = (trade: Trade, fen: number, content: Content): string => {
    const { out_request_no: given } = content
    if (given === undefined && fen === trade.totalFen) return trade.id
    if (typeof given !== 'string' || !/^[\w-]{1,64}$/.test(given))
      throw refused('INVALID_PARAMETER', '参数无效：部分退款必须传入 out_request_no')
    return given
  }

  const again = (known: AlipayRefund, trade: Trade, fen: number): object => {
    if (known.fen !== fen) throw refused('DISCORDANT_REPEAT_REQUEST', '请求信息不一致')
    return view(trade, 'N')
  }

  const check = (trade: Trade, fen: number): void => {
    const status = trades.statusOf(trade)
    if (status === 'TRADE_FINISHED') throw refused('TRADE_HAS_FINISHED', '交易已完结')
    if (status !== 'TRADE_SUCCESS') throw refused('TRADE_STATUS_ERROR', '交易状态不合法')
    if (trade.refundedFen + fen > trade.totalFen)
      throw refused('REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限')
  }

  /** `refund_fee` is the sum of all refunds so far. */
  const view = (trade: Trade, change: 'Y' | 'N') => ({
    trade_no: trade.tradeNo,
    out_trade_no: trade.id,
    ...(trade.buyer ? { buyer_open_id: trade.buyer } : {}),
    fund_change: change,
    refund_fee: toYuan(trade.refundedFen),
  })

  /** A wrong number and an unfinished refund look alike: both come without refund_status. */
  const query = (content: Content): object => {
    const trade = trades.find(content)
    const { out_request_no: requestNo } = content
    if (typeof requestNo !== 'string')
      throw refused('INVALID_PARAMETER', '参数无效：out_request_no')
    const refund = refunds.get(`${trade.id} ${requestNo}`)
    if (!refund) return { trade_no: trade.tradeNo, out_trade_no: trade.id }
    return {
      trade_no: trade.tradeNo,
      out_trade_no: trade.id,
      out_request_no: requestNo,
      total_amount: toYuan(trade.totalFen),
      refund_amount: toYuan(refund.fen),
      ...(refund.done ? { refund_status: 'REFUND_SUCCESS' } : {}),
    }
  }

  return {
    ask,
    /** Begins a refund that nobody asked for over the wire: the merchant's console, or a test. */
    begin,
    /** Records a refund as it is and tells nobody. */
    record: put,
    query,
    end,
    ofTrade,
    all: () => refunds.all().reverse(),
  }
}

export type AlipayRefunds = ReturnType<typeof makeAlipayRefunds>
