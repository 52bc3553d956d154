import type { FastifyInstance } from 'fastify'
import type { AlipayPage } from '../alipay/gateway.ts'
import type { Trade, Trades } from '../alipay/trades.ts'
import { type Params, signNotice, toYuan } from '../alipay/wire.ts'
import { chinaTime } from '../clock.ts'
import type { World } from '../world.ts'
import { outcomeOf, webAddress } from './back.ts'
import { type Bill, cashierPage, refusedPage, resultPage } from './pages.ts'

type Fields = Record<string, string | undefined>
type Outcome = 'pay' | 'cancel' | 'fail'

/** my.tradePay's words for how it ended. */
const RESULTS: Record<Outcome, { resultCode: string; memo: string }> = {
  pay: { resultCode: '9000', memo: '支付成功' },
  cancel: { resultCode: '6001', memo: '用户中途取消' },
  fail: { resultCode: '4000', memo: '订单支付失败' },
}
const HTML = 'text/html; charset=utf-8'

/**
 * Alipay's cashier: `/cashier/alipay?tradeNO=` is what my.tradePay shows; `/cashier/alipay/pay` is
 * the same as JSON for a headless phone. Web trades come in through the gateway (`webPages`).
 */
export function serveAlipayCashier(app: FastifyInstance, world: World, trades: Trades): void {
  const act = (tradeNo: string, outcome: Outcome, buyer?: string) => {
    const trade = trades.byTradeNo(tradeNo)
    if (!trade || trades.statusOf(trade) !== 'WAIT_BUYER_PAY')
      return { resultCode: '4000', memo: trade ? '交易已支付或已关闭' : '交易不存在' }
    if (outcome === 'pay') trades.pay(tradeNo, buyer ? { buyer } : {})
    return RESULTS[outcome]
  }

  app.get('/cashier/alipay', async (request, reply) => {
    const { tradeNO = '', back } = request.query as Fields
    const hidden: Record<string, string> = back ? { tradeNO, back } : { tradeNO }
    return reply.type(HTML).send(cashier(trades, tradeNO, hidden))
  })
  app.post('/cashier/alipay', async (request, reply) => {
    const { tradeNO = '', outcome, back } = request.body as Fields
    const chosen = outcomeOf(outcome) ?? 'cancel'
    const result = act(tradeNO, chosen)
    const trade = trades.byTradeNo(tradeNO)
    const address = webAddress(back) ?? (trade && returnAddress(world, trade, result.resultCode))
    if (address) return reply.redirect(address, 303)
    return reply.type(HTML).send(resultPage(result.memo, ''))
  })
  app.post('/cashier/alipay/pay', async (request) => {
    const { tradeNO = '', outcome, buyer } = (request.body ?? {}) as Fields
    const chosen = outcomeOf(outcome)
    if (!chosen) return { resultCode: '4000', memo: '参数 outcome 应为 pay、cancel 或 fail' }
    return act(tradeNO, chosen, buyer)
  })
}

/** alipay.trade.wap.pay and page.pay: the signed address itself opens the cashier. */
export function webPages(trades: Trades): Record<string, AlipayPage> {
  return {
    'alipay.trade.wap.pay': async (content, params) => {
      const { tradeNo } = trades.create('QUICK_WAP_WAY', content, params)
      return cashier(trades, tradeNo, { tradeNO: tradeNo })
    },
    'alipay.trade.page.pay': async (content, params) => {
      const { tradeNo } = trades.create('FAST_INSTANT_TRADE_PAY', content, params)
      return cashier(trades, tradeNo, { tradeNO: tradeNo })
    },
  }
}

function cashier(trades: Trades, tradeNo: string, hidden: Record<string, string>): string {
  const trade = trades.byTradeNo(tradeNo)
  if (!trade) return refusedPage('交易不存在')
  if (trades.statusOf(trade) !== 'WAIT_BUYER_PAY') return refusedPage('交易已支付或已关闭')
  return cashierPage(billOf(trade), '/cashier/alipay', hidden)
}

/** Where a web trade goes back to: signed to return_url when paid, else to quit_url. */
function returnAddress(world: World, trade: Trade, resultCode: string): string | undefined {
  if (resultCode !== '9000') return webAddress(trade.quitUrl) ?? webAddress(trade.returnUrl)
  const address = webAddress(trade.returnUrl)
  if (!address) return undefined
  const { keys, clock } = world
  const page = trade.productCode === 'QUICK_WAP_WAY' ? 'wap' : 'page'
  const params: Params = {
    app_id: keys.alipayAppId,
    auth_app_id: keys.alipayAppId,
    charset: 'utf-8',
    method: `alipay.trade.${page}.pay.return`,
    out_trade_no: trade.id,
    seller_id: keys.alipaySellerId,
    timestamp: chinaTime(clock.wire()),
    total_amount: toYuan(trade.totalFen),
    trade_no: trade.tradeNo,
    version: '1.0',
  }
  const signed = new URLSearchParams(signNotice(params, keys.alipayPrivateKey))
  return `${address}${address.includes('?') ? '&' : '?'}${signed}`
}

function billOf(trade: Trade): Bill {
  return {
    platform: '支付宝',
    totalFen: trade.totalFen,
    subject: trade.subject,
    number: trade.id,
    ...(trade.instalments ? { note: `花呗分期 ${trade.instalments} 期` } : {}),
  }
}
