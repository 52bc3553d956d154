import Taro from '@tarojs/taro'
import type { LoginCode } from './types.ts'

/** wx.login: a code for five minutes, good once (facts 4.1). No question to the person. */
export const loginCode: LoginCode = () =>
  Taro.login().then(
    ({ code }) => ({ host: 'weapp', code: code || null }),
    () => ({ host: 'weapp', code: null }),
  )
