import type { World } from '../world.ts'
import { applyAbnormalRefund } from './abnormalRefund.ts'
import type { Bills } from './bills.ts'
import { certificates } from './certificates.ts'
import type { Complaints } from './complaints.ts'
import { optional, read, text } from './fields.ts'
import type { V3Request, V3Route } from './gate.ts'
import type { OrderKind } from './orderShape.ts'
import type { Order, Orders } from './orders.ts'
import type { Refunds } from './refunds.ts'
import { paramError } from './refusal.ts'

/** The endpoints of WeChat Pay v3 that the sandbox speaks. */
export function wechatPayRoutes(
  world: World,
  orders: Orders,
  refunds: Refunds,
  bills: Bills,
  complaints: Complaints,
): V3Route[] {
  const checkMchid = (mchid: string | null, field: string) => {
    if (mchid !== world.keys.mchid) throw paramError(field, mchid, '与签名的商户号不一致')
  }
  const queried = (order: Order, request: V3Request, faults: Set<string>) => {
    checkMchid(request.query.get('mchid'), '/query/mchid')
    const body = orders.view(order)
    if (faults.has('amountMismatch')) body.amount.total += 1
    return { status: 200, body }
  }
  return [
    ...complaints.routes,
    {
      method: 'POST',
      pattern: /^\/v3\/pay\/transactions\/(jsapi|h5|native|app)$/,
      call: 'wechat.order',
      handle({ params, body }) {
        return { status: 200, body: placed(world, orders.place(params[0] as OrderKind, body)) }
      },
    },
    {
      method: 'GET',
      pattern: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
      call: 'wechat.query',
      handle: (request, faults) =>
        queried(orders.find(request.params[0] as string), request, faults),
    },
    {
      method: 'GET',
      pattern: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
      call: 'wechat.query',
      handle: (request, faults) =>
        queried(orders.findTransaction(request.params[0] as string), request, faults),
    },
    {
      method: 'POST',
      pattern: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
      call: 'wechat.close',
      handle({ params, body }) {
        read(body, { mchid: optional(text(32)) })
        checkMchid((body as { mchid?: string }).mchid ?? null, '/body/mchid')
        orders.close(params[0] as string)
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      pattern: /^\/v3\/refund\/domestic\/refunds$/,
      call: 'wechat.refund',
      handle: ({ body }, faults) => ({
        status: 200,
        body: refunds.view(refunds.ask(body, faults)),
      }),
    },
    {
      method: 'POST',
      pattern: /^\/v3\/refund\/domestic\/refunds\/([^/]+)\/apply-abnormal-refund$/,
      call: 'wechat.abnormalRefund',
      handle({ params, body, serial }, faults) {
        const asked = { refundId: params[0] as string, body, serial }
        return {
          status: 200,
          body: refunds.view(applyAbnormalRefund(world, refunds, asked, faults)),
        }
      },
    },
    {
      method: 'GET',
      pattern: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
      call: 'wechat.refundQuery',
      handle: ({ params }) => ({
        status: 200,
        body: refunds.view(refunds.find(params[0] as string)),
      }),
    },
    {
      method: 'GET',
      pattern: /^\/v3\/bill\/tradebill$/,
      call: 'wechat.bill',
      handle: ({ query }, faults) => ({ status: 200, body: bills.ask(query, faults) }),
    },
    {
      method: 'GET',
      pattern: /^\/v3\/billdownload\/file$/,
      call: 'wechat.billFile',
      handle: ({ query }, faults) => ({
        status: 200,
        raw: bills.download(query.get('token'), faults),
      }),
    },
    {
      method: 'GET',
      pattern: /^\/v3\/certificates$/,
      call: 'wechat.certificates',
      handle: () => ({ status: 200, body: certificates(world) }),
    },
  ]
}

/** What an order call answers, by the kind of order. */
function placed(world: World, { kind, prepay }: Order): object {
  if (kind === 'native') return { code_url: `weixin://wxpay/bizpayurl?pr=${prepay.id}` }
  // Merchants append `&redirect_url=…` to this address, so it carries a query of its own.
  if (kind === 'h5')
    return { h5_url: `${world.url()}/cashier/wechat/h5/${prepay.id}?prepay_id=${prepay.id}` }
  return { prepay_id: prepay.id }
}
