import { gatewayCases } from './cases.ts'

gatewayCases('alipay', {
  scene: 'alipay',
  calls: {
    open: 'alipay.trade.create',
    query: 'alipay.trade.query',
    close: 'alipay.trade.close',
    refund: 'alipay.trade.refund',
    refundQuery: 'alipay.trade.fastpay.refund.query',
    notice: 'alipay.notice',
  },
  ways: { alipay: 'alipay-trade', h5: 'redirect', desktop: 'redirect' },
  disbelieved: [
    ['badSignature', 'bad_signature'],
    ['tamperedBody', 'bad_signature'],
    ['unknownError', 'isp.unknow-error'],
  ],
  refusedNotices: [
    ['badSignature', 'bad_signature'],
    ['forged', 'bad_signature'],
  ],
  stranger: (merchant) =>
    merchant.gatewaysWith(({ alipay }) => {
      alipay.sellerId = '2088000000000000'
    }).alipay,
})
