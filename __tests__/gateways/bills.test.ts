/** Fetching and reading the providers' bills (M3). */
import { fetchWechatBill } from '../../server/payment/gateways/wechat/bill.ts'
import { wechatClient } from '../../server/payment/gateways/wechat/client.ts'
import { wire } from '../../server/platforms/exchange.ts'
import { billCases, DAY } from './billCases.ts'

describe('WeChat Pay', () =>
  billCases('wechat', {
    calls: { ask: 'wechat.bill', file: 'wechat.billFile' },
    proven: true,
    charges: ['0.07000', '0.00000'],
    unread: [
      ['truncated', 'broken_bill'],
      ['corrupt', 'broken_bill'],
      ['garbage', 'bad_hash'],
      ['huge', 'too_large'],
      ['hugeDeclared', 'no_answer'],
      ['bomb', 'too_large'],
      ['status500', 'SYSTEM_ERROR'],
      ['dropAfterCommit', 'no_answer'],
    ],
    foreign({ credentials, now }) {
      const client = wechatClient(credentials.wechatPay, wire())
      return fetchWechatBill(client, '1900000000', DAY, now)
    },
  }))

describe('Alipay', () =>
  billCases('alipay', {
    calls: { ask: 'alipay.data.dataservice.bill.downloadurl.query', file: 'alipay.billFile' },
    proven: false,
    charges: ['0.07', '0.00'],
    unread: [
      ['truncated', 'broken_bill'],
      ['corrupt', 'broken_bill'],
      ['garbage', 'broken_bill'],
      ['huge', 'too_large'],
      ['hugeDeclared', 'no_answer'],
      ['bomb', 'too_large'],
      ['expired', 'http_404'],
      ['status500', 'http_500'],
      ['dropAfterCommit', 'no_answer'],
    ],
    foreign: (merchant) =>
      merchant
        .gatewaysWith(({ alipay }) => {
          alipay.sellerId = '2088000000000000'
        })
        .alipay.bill(DAY, merchant.now),
  }))
