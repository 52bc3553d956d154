import type { Pay, PayOutcome } from './types.ts'

/** resultCode of my.tradePay (facts 2.2). 8000, 6002 and 6004 mean that nobody knows yet. */
const outcomes: Record<string, PayOutcome> = {
  '9000': 'done',
  '8000': 'unknown',
  '6002': 'unknown',
  '6004': 'unknown',
  '6001': 'cancelled',
  '99': 'cancelled',
  '4000': 'failed',
  '4': 'failed',
}

/** my.tradePay. The other ways belong to other hosts; Alipay cannot open them. */
export const pay: Pay = (params) =>
  new Promise((resolve) => {
    if (params.way === 'none') return resolve('done')
    if (params.way !== 'alipay-trade') return resolve('failed')
    my.tradePay({
      tradeNO: params.tradeNo,
      success: ({ resultCode }) => resolve(outcomes[resultCode] ?? 'unknown'),
      fail: () => resolve('failed'),
    })
  })
