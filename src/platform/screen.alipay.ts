import Taro from '@tarojs/taro'
import type { OnResize, WindowSize } from './types.ts'

/** The page area. */
export const windowSize: WindowSize = () => {
  const { windowWidth, windowHeight } = Taro.getSystemInfoSync()
  return { width: windowWidth, height: windowHeight }
}

/** Older Alipay versions never change the window while running and have no such event. */
export const onResize: OnResize = (changed) => {
  if (!my.onWindowResize || !my.offWindowResize) return () => undefined
  const told = () => changed(windowSize())
  my.onWindowResize(told)
  return () => my.offWindowResize?.(told)
}
