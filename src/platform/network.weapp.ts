import Taro from '@tarojs/taro'
import { stateOf } from './networkType.ts'
import type { NetworkState, Off, OnNetwork } from './types.ts'

/** WeChat tells type changes and, apart from them, weak lines. */
export const onNetwork: OnNetwork = (changed): Off => {
  let byType: NetworkState = 'online'
  let weakNet = false
  const tell = () => changed(byType === 'online' && weakNet ? 'weak' : byType)

  const typeChanged: Taro.onNetworkStatusChange.Callback = ({ isConnected, networkType }) => {
    byType = isConnected ? stateOf(networkType) : 'offline'
    tell()
  }
  const weakChanged: Taro.onNetworkWeakChange.Callback = (result) => {
    weakNet = result.weakNet
    tell()
  }
  Taro.onNetworkStatusChange(typeChanged)
  Taro.onNetworkWeakChange(weakChanged)
  Taro.getNetworkType().then(({ networkType }) => {
    byType = stateOf(networkType)
    tell()
  }, tell)
  return () => {
    Taro.offNetworkStatusChange(typeChanged)
    Taro.offNetworkWeakChange(weakChanged)
  }
}
