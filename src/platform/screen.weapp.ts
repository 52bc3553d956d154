import Taro from '@tarojs/taro'
import type { OnResize, WindowSize } from './types.ts'

/** The page area; tablets and WeChat on a PC change it while running. */
export const windowSize: WindowSize = () => {
  const { windowWidth, windowHeight } = Taro.getSystemInfoSync()
  return { width: windowWidth, height: windowHeight }
}

export const onResize: OnResize = (changed) => {
  const told: Taro.onWindowResize.Callback = ({ size }) =>
    changed({ width: size.windowWidth, height: size.windowHeight })
  Taro.onWindowResize(told)
  return () => Taro.offWindowResize(told as unknown as Taro.offWindowResize.Callback)
}
