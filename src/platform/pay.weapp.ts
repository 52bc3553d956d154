import Taro from '@tarojs/taro'
import type { Pay } from './types.ts'

/** wx.requestPayment. The other ways belong to other hosts; WeChat cannot open them. */
export const pay: Pay = (params) =>
  new Promise((resolve) => {
    if (params.way === 'none') return resolve('done')
    if (params.way !== 'wechat-jsapi') return resolve('failed')
    const { timeStamp, nonceStr, signType, paySign } = params
    // By callbacks: Taro makes no promise of this call, and old WeChat versions neither.
    Taro.requestPayment({
      timeStamp,
      nonceStr,
      package: params.package,
      signType,
      paySign,
      success: () => resolve('done'),
      fail: ({ errMsg }) => resolve(/fail cancel/.test(errMsg) ? 'cancelled' : 'failed'),
    })
  })
