import Taro from '@tarojs/taro'
import { AGREE_BUTTON } from './privacyButton.ts'
import type { OnPrivacyAsked } from './types.ts'

/**
 * WeChat pauses an API that reads personal data and asks us to show the guide first (facts 6.3).
 * The sheet's agree button must be `<Button id={AGREE_BUTTON} openType='agreePrivacyAuthorization'>`.
 */
export const onPrivacyAsked: OnPrivacyAsked = (show) => {
  // Old base libraries ask by themselves (`__usePrivacyCheck__` in app.config.ts).
  if (!Taro.canIUse('onNeedPrivacyAuthorization')) return
  Taro.onNeedPrivacyAuthorization((resolve) => {
    resolve({ event: 'exposureAuthorization' })
    show((agreed) =>
      resolve(agreed ? { event: 'agree', buttonId: AGREE_BUTTON } : { event: 'disagree' }),
    )
  })
}

/** Opens the merchant's privacy guide where the host keeps one; false: show our own page. */
export const openPrivacyGuide = (): Promise<boolean> =>
  new Promise((resolve) => {
    Taro.openPrivacyContract({ success: () => resolve(true), fail: () => resolve(false) })
  })
