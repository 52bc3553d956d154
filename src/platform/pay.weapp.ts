import Taro from '@tarojs/taro'
import type { Pay } from './types.ts'

/** wx.requestPayment. The other ways belong to other hosts; WeChat cannot open them. */
export const pay: Pay = async (params) => {
  if (params.way === 'none') return 'done'
  if (params.way !== 'wechat-jsapi') return 'failed'
  const { timeStamp, nonceStr, signType, paySign } = params
  return Taro.requestPayment({
    timeStamp,
    nonceStr,
    package: params.package,
    signType,
    paySign,
  }).then(
    () => 'done',
    ({ errMsg }: { errMsg: string }) => (/fail cancel/.test(errMsg) ? 'cancelled' : 'failed'),
  )
}
