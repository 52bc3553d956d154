import { gatewayCases } from './cases.ts'

gatewayCases('wechat', {
  scene: 'weapp',
  calls: {
    open: 'wechat.order',
    query: 'wechat.query',
    close: 'wechat.close',
    refund: 'wechat.refund',
    refundQuery: 'wechat.refundQuery',
    notice: 'wechat.notice',
  },
  ways: {
    weapp: 'wechat-jsapi',
    'wechat-browser': 'wechat-jsapi',
    h5: 'redirect',
    desktop: 'qr',
  },
  disbelieved: [
    ['badSignature', 'bad_signature'],
    ['tamperedBody', 'bad_signature'],
    ['signtest', 'bad_signature'],
    ['unknownSerial', 'unknown_serial'],
    ['staleTime', 'stale'],
    ['missingHeaders', 'headers_missing'],
    ['status429', 'FREQUENCY_LIMITED'],
  ],
  refusedNotices: [
    ['badSignature', 'bad_signature'],
    ['forged', 'bad_signature'],
    ['signtest', 'bad_signature'],
    ['unknownSerial', 'unknown_serial'],
    ['staleTime', 'stale'],
    ['missingHeaders', 'headers_missing'],
    ['v2Xml', 'headers_missing'],
  ],
  stranger: (merchant) =>
    merchant.gatewaysWith(({ wechatPay }) => {
      wechatPay.mchid = '1900000000'
    }).wechat,
})
