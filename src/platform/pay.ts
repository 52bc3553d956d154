import type { PayParams } from '@jiyue/contract/payment'
import { leaveForCashier } from './cashier.ts'
import type { Pay, PayOutcome } from './types.ts'

/** The pay bridge that WeChat puts into its own browser. */
interface WeixinBridge {
  invoke(
    name: 'getBrandWCPayRequest',
    params: Record<string, string>,
    answer: (result: { err_msg: string }) => void,
  ): void
}
declare global {
  interface Window {
    WeixinJSBridge?: WeixinBridge
  }
}

/** A browser pays on the provider's page, by a code on screen, or in WeChat's browser by its bridge. */
export const pay: Pay = async (params, paymentId) => {
  switch (params.way) {
    case 'none':
      return 'done'
    case 'redirect':
      leaveForCashier(params.url, paymentId)
      return 'shown'
    case 'qr':
      // The pay page draws the code.
      return 'shown'
    case 'wechat-jsapi':
      return askBridge(await weixinBridge(), params)
    case 'alipay-trade':
      return 'failed'
  }
}

function askBridge(
  bridge: WeixinBridge,
  params: PayParams & { way: 'wechat-jsapi' },
): Promise<PayOutcome> {
  const { way: _, ...signed } = params
  return new Promise((resolve) => {
    bridge.invoke('getBrandWCPayRequest', signed, ({ err_msg }) => {
      if (err_msg === 'get_brand_wcpay_request:ok') return resolve('done')
      resolve(err_msg === 'get_brand_wcpay_request:cancel' ? 'cancelled' : 'failed')
    })
  })
}

/** The bridge comes a moment after the page. */
function weixinBridge(): Promise<WeixinBridge> {
  return new Promise((resolve) => {
    const bridge = window.WeixinJSBridge
    if (bridge) return resolve(bridge)
    document.addEventListener('WeixinJSBridgeReady', () => resolve(window.WeixinJSBridge!), {
      once: true,
    })
  })
}
