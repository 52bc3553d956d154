/** The one way to another page: nothing of a dialog stays below it (platform/back.ts). */
import Taro from '@tarojs/taro'
import { unguard } from '../platform/back.ts'

export const go = {
  /** On top of this page. */
  async to(url: string): Promise<void> {
    await unguard()
    await Taro.navigateTo({ url })
  },
  /** In the place of this page. */
  async instead(url: string): Promise<void> {
    await unguard()
    await Taro.redirectTo({ url })
  },
  /** To one of the tabs. */
  async tab(url: string): Promise<void> {
    await unguard()
    await Taro.switchTab({ url })
  },
}
