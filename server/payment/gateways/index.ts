/** The registry of payment gateways, one per method. */
import type { Method } from '@jiyue/contract/payment'
import type { Credentials } from '../../platforms/credentials.ts'
import type { Wire } from '../../platforms/exchange.ts'
import { alipayGateway } from './alipay/gateway.ts'
import type { Gateway } from './gateway.ts'
import { wechatGateway } from './wechat/gateway.ts'

/** `publicUrl`: where providers reach us, without a slash at the end. `options` are for tests. */
export function gateways(
  credentials: Credentials,
  publicUrl: string,
  options: Partial<Wire> = {},
): Record<Method, Gateway> {
  const notices = `${publicUrl}/v1/notices`
  return {
    wechat: wechatGateway(credentials, { ...options, noticeUrl: `${notices}/wechat` }),
    alipay: alipayGateway(credentials.alipay, { ...options, noticeUrl: `${notices}/alipay` }),
  }
}
