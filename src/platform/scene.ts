import type { Scene } from '@jiyue/contract/payment'

/** Where the person pays from: WeChat's own browser, a phone's, or one with a mouse. */
export function scene(): Scene {
  const agent = navigator.userAgent
  if (/MicroMessenger/i.test(agent)) return 'wechat-browser'
  return /Mobile|Android|iPhone|iPad/i.test(agent) ? 'h5' : 'desktop'
}
