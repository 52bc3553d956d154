/** Alipay as a gateway. Each scene has its own way to pay; the table below says which. */
import { yuan } from '@jiyue/contract/money'
import type { PayParams, Scene } from '@jiyue/contract/payment'
import { alipayClient } from '../../../platforms/alipayClient.ts'
import { type Answer, refused, unknown, yes } from '../../../platforms/answer.ts'
import { wallText } from '../../../platforms/chinaTime.ts'
import type { AlipayCredentials } from '../../../platforms/credentials.ts'
import { type Wire, wire } from '../../../platforms/exchange.ts'
import type { Gateway, RefundFact, RefundRequest, Trade, TradeFact } from '../gateway.ts'
import { fetchAlipayBill } from './bill.ts'
import { refundFact, tradeFact } from './facts.ts'
import { readAlipayNotice } from './notice.ts'
import { fenOf } from './yuan.ts'

interface Way {
  method: string
  /** Alipay's product_code. */
  code: string
}

const ways: Record<Scene, Way | null> = {
  alipay: { method: 'alipay.trade.create', code: 'JSAPI_PAY' },
  h5: { method: 'alipay.trade.wap.pay', code: 'QUICK_WAP_WAY' },
  desktop: { method: 'alipay.trade.page.pay', code: 'FAST_INSTANT_TRADE_PAY' },
  weapp: null,
  'wechat-browser': null,
}

export interface AlipayOptions extends Partial<Wire> {
  /** Public address of the notices. */
  noticeUrl: string
}

export function alipayGateway(
  alipay: AlipayCredentials,
  { noticeUrl, ...options }: AlipayOptions,
): Gateway {
  const over = wire(options)
  const client = alipayClient(alipay, over)

  async function prepare(trade: Trade, now: Date): Promise<Answer<PayParams>> {
    const way = ways[trade.scene]
    if (!way) return refused('scene_not_supported', `Alipay cannot be paid in ${trade.scene}`)
    if (trade.expiresAt <= now) return refused('trade_expired', 'its time is over')
    if (trade.scene !== 'alipay') return yes({ way: 'redirect', url: browserUrl(way, trade, now) })
    if (!trade.payerId) return refused('payer_missing', 'JSAPI_PAY needs an open_id')
    const content = {
      ...tradeContent(trade, way),
      op_app_id: alipay.appId,
      ...(USER_ID.test(trade.payerId)
        ? { buyer_id: trade.payerId }
        : { buyer_open_id: trade.payerId }),
    }
    const opened = await client.call(way.method, content, now, { noticeUrl })
    if (!opened.ok) return opened
    const { out_trade_no, trade_no } = opened.value
    if (out_trade_no !== trade.tradeNo || typeof trade_no !== 'string') {
      return unknown('answer_mismatch', `asked for ${trade.tradeNo}, told about ${out_trade_no}`)
    }
    return yes({ way: 'alipay-trade', tradeNo: trade_no })
  }

  /** Nothing exists at Alipay until the payer opens this address. */
  function browserUrl(way: Way, trade: Trade, now: Date): string {
    const quit = trade.scene === 'h5' ? { quit_url: trade.returnUrl } : {}
    const content = { ...tradeContent(trade, way), ...quit }
    return client.pageUrl(way.method, content, now, { noticeUrl, returnUrl: trade.returnUrl })
  }

  async function query(tradeNo: string, now: Date): Promise<Answer<TradeFact>> {
    const answer = await client.call('alipay.trade.query', { out_trade_no: tradeNo }, now)
    if (answer.ok) {
      const fact = tradeFact(answer.value, 'query')
      if (!fact.ok || fact.value.tradeNo === tradeNo) return fact
      return unknown('answer_mismatch', `asked about ${tradeNo}, told about ${fact.value.tradeNo}`)
    }
    if (!isMissing(answer)) return answer
    return yes({
      kind: 'trade',
      method: 'alipay',
      tradeNo,
      state: 'missing',
      amountFen: 0,
      reference: 'query',
    })
  }

  /** Only what waits for its payer can be closed; what it is instead, the query says. */
  async function close(tradeNo: string, now: Date): Promise<Answer<'closed' | 'paid'>> {
    const answer = await client.call('alipay.trade.close', { out_trade_no: tradeNo }, now)
    if (answer.ok || isMissing(answer)) return yes('closed')
    if (answer.kind === 'unknown') return answer
    const fact = await query(tradeNo, now)
    if (!fact.ok) return fact
    if (fact.value.state === 'unpaid') return unknown(answer.code, answer.message)
    return yes(fact.value.state === 'paid' ? 'paid' : 'closed')
  }

  /**
   * `fund_change` Y: done. Otherwise it may be under way, or done by an earlier call of the same
   * number: the refund query tells. `refund_fee` is the sum of all refunds: no measure of this one,
   * but never less than it.
   */
  async function refund(request: RefundRequest, now: Date): Promise<Answer<RefundFact>> {
    const content = {
      out_trade_no: request.tradeNo,
      refund_amount: yuan(request.amountFen),
      out_request_no: request.refundNo,
      refund_reason: cleaned(request.reason) || undefined,
    }
    const answer = await client.call('alipay.trade.refund', content, now)
    if (!answer.ok) return answer
    if (answer.value.out_trade_no !== request.tradeNo) {
      return unknown('answer_mismatch', `told about ${answer.value.out_trade_no}`)
    }
    const done = answer.value.fund_change === 'Y'
    const sumFen = (done && fenOf(String(answer.value.refund_fee))) || request.amountFen
    return yes({
      kind: 'refund',
      method: 'alipay',
      refundNo: request.refundNo,
      tradeNo: request.tradeNo,
      state: done ? 'succeeded' : 'processing',
      amountFen: Math.min(sumFen, request.amountFen),
      refundedAt: done ? now : undefined,
      reference: 'refund',
    })
  }

  async function queryRefund(
    refundNo: string,
    tradeNo: string,
    now: Date,
  ): Promise<Answer<RefundFact>> {
    const content = {
      out_trade_no: tradeNo,
      out_request_no: refundNo,
      query_options: ['gmt_refund_pay'],
    }
    const answer = await client.call('alipay.trade.fastpay.refund.query', content, now)
    if (answer.ok) return refundFact(answer.value, refundNo, tradeNo)
    return isMissing(answer) ? refundFact({ out_trade_no: tradeNo }, refundNo, tradeNo) : answer
  }

  return {
    method: 'alipay',
    prepare,
    query,
    close,
    refund,
    queryRefund,
    bill: (day, now) =>
      fetchAlipayBill(
        (content) => client.call(BILL_CALL, content, now),
        over,
        alipay.sellerId,
        day,
      ),
    readNotice: async (_headers, rawBody) => readAlipayNotice(alipay, client.signed, rawBody),
    noticeAnswer: {
      // Exactly these seven bytes: anything else is repeated for a day.
      accepted: { status: 200, body: 'success', type: 'text/plain' },
      refused: { status: 400, body: 'fail', type: 'text/plain' },
    },
  }
}

const BILL_CALL = 'alipay.data.dataservice.bill.downloadurl.query'

/** Old user ids; apps of today get open ids only. */
const USER_ID = /^2088\d{12}$/

function tradeContent(trade: Trade, way: Way): object {
  return {
    out_trade_no: trade.tradeNo,
    total_amount: yuan(trade.amountFen),
    subject: cleaned(trade.description) || '预约服务',
    product_code: way.code,
    time_expire: wallText(trade.expiresAt),
    // 花呗分期, the payer bears the fee. Both are strings on this wire.
    extend_params: trade.installments && {
      hb_fq_num: String(trade.installments),
      hb_fq_seller_percent: '0',
    },
  }
}

function isMissing(answer: Answer<unknown>): boolean {
  return !answer.ok && answer.kind === 'refused' && answer.code === 'ACQ.TRADE_NOT_EXIST'
}

/**
 * Alipay refuses `/ = &` in a subject, and a comma would split its row of the bill; their full-width
 * twins read the same.
 */
function cleaned(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ').replace(/[/=&,]/g, (sign) => TWINS[sign] ?? ' ')
  return [...plain.trim()].slice(0, 128).join('')
}

const TWINS: Record<string, string> = { '/': '／', '=': '＝', '&': '＆', ',': '，' }
