import type { Parts } from '../admin.ts'
import type { AlipayMethod } from './gateway.ts'
import { sendTemplateMessage } from './messages.ts'
import { makeOauth } from './oauth.ts'

/** The gateway methods the sandbox speaks (facts 2.2, 4.3, 5.2). */
export function alipayMethods(parts: Parts): Record<string, AlipayMethod> {
  const { world, trades, alipayRefunds, alipayBills: bills, codes } = parts
  const oauth = makeOauth(world, codes)
  return {
    'alipay.trade.create': {
      handle(content, params) {
        const { id, tradeNo } = trades.create('JSAPI_PAY', content, params)
        return { out_trade_no: id, trade_no: tradeNo }
      },
    },
    'alipay.trade.query': {
      handle(content, _params, faults) {
        const view = trades.view(trades.find(content))
        return faults.has('amountMismatch') ? { ...view, total_amount: '0.01' } : view
      },
    },
    'alipay.trade.close': {
      handle(content) {
        const { id, tradeNo } = trades.close(content)
        return { out_trade_no: id, trade_no: tradeNo }
      },
    },
    'alipay.trade.refund': {
      handle: (content, _params, faults) => alipayRefunds.ask(content, faults),
    },
    'alipay.trade.fastpay.refund.query': { handle: (content) => alipayRefunds.query(content) },
    'alipay.system.oauth.token': { plain: true, handle: (_content, params) => oauth(params) },
    'alipay.open.app.mini.templatemessage.send': {
      handle: (content) => sendTemplateMessage(world, content),
    },
    'alipay.data.dataservice.bill.downloadurl.query': {
      handle: (content, _params, faults) => bills.ask(content, faults),
    },
  }
}
