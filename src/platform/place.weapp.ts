import Taro from '@tarojs/taro'
import type { ChoosePlace } from './types.ts'

export const placeWords = '在地图上选择'

/** wx.chooseLocation; app.json declares it (requiredPrivateInfos). */
export const choosePlace: ChoosePlace = () =>
  Taro.chooseLocation({}).then(
    ({ name, address, latitude, longitude }) => ({ name, address, latitude, longitude }),
    ({ errMsg = '' }: { errMsg?: string }) => (errMsg.indexOf('cancel') >= 0 ? null : 'denied'),
  )
