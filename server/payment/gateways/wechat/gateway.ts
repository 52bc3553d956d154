/** WeChat Pay as a gateway. Each scene has its own way to pay; the table below says which. */
import type { PayParams, Scene } from '@jiyue/contract/payment'
import { type Answer, refused, unknown, yes } from '../../../platforms/answer.ts'
import { rfc3339 } from '../../../platforms/chinaTime.ts'
import type { Credentials } from '../../../platforms/credentials.ts'
import { type Wire, wire } from '../../../platforms/exchange.ts'
import type { Gateway, Trade, TradeFact } from '../gateway.ts'
import { fetchWechatBill } from './bill.ts'
import { wechatClient } from './client.ts'
import { wechatComplaints } from './complaints.ts'
import { type Self, same, tradeFact } from './facts.ts'
import { readWechatNotice } from './notice.ts'
import { wechatRefunds } from './refunds.ts'
import { cleaned } from './text.ts'

type Kind = 'jsapi' | 'h5' | 'native'

/** jsapi needs an openid of its own app; the others only an app that is bound to the merchant. */
const ways: Record<Scene, { kind: Kind; app: 'mini' | 'web' } | null> = {
  weapp: { kind: 'jsapi', app: 'mini' },
  'wechat-browser': { kind: 'jsapi', app: 'web' },
  h5: { kind: 'h5', app: 'mini' },
  desktop: { kind: 'native', app: 'mini' },
  alipay: null,
}

export interface WechatOptions extends Partial<Wire> {
  /** Public https address without query; `/payment` and `/refund` are put behind it. */
  noticeUrl: string
}

export function wechatGateway(
  credentials: Pick<Credentials, 'wechatPay' | 'wechat' | 'wechatWeb'>,
  { noticeUrl, ...options }: WechatOptions,
): Gateway {
  const { mchid } = credentials.wechatPay
  const apps = { mini: credentials.wechat.appid, web: credentials.wechatWeb?.appid }
  const self: Self = { mchid, appids: Object.values(apps).filter((id) => id !== undefined) }
  const client = wechatClient(credentials.wechatPay, wire(options))

  async function prepare(trade: Trade, now: Date): Promise<Answer<PayParams>> {
    const way = ways[trade.scene]
    const appid = way && apps[way.app]
    if (!appid) return refused('scene_not_supported', `WeChat cannot be paid in ${trade.scene}`)
    if (trade.expiresAt <= now) return refused('trade_expired', 'WeChat would open it all the same')
    if (way.kind === 'jsapi' && !trade.payerId)
      return refused('payer_missing', 'jsapi needs an openid')
    if (way.kind !== 'jsapi' && trade.installments) {
      return refused('installments_not_supported', `not in ${trade.scene}`)
    }
    const body = orderBody(trade, way.kind, appid)
    const opened = await client.post(`/v3/pay/transactions/${way.kind}`, body, now)
    return opened.ok ? payParams(opened.value, trade, way.kind, appid, now) : opened
  }

  function orderBody(trade: Trade, kind: Kind, appid: string): object {
    return {
      appid,
      mchid,
      description: cleaned(trade.description, 127) || '预约服务',
      out_trade_no: trade.tradeNo,
      time_expire: rfc3339(trade.expiresAt),
      notify_url: `${noticeUrl}/payment`,
      amount: { total: trade.amountFen, currency: 'CNY' },
      payer: kind === 'jsapi' ? { openid: trade.payerId } : undefined,
      scene_info:
        kind === 'h5' ? { payer_client_ip: trade.clientIp, h5_info: { type: 'Wap' } } : undefined,
      subsidy_info: trade.installments && subsidyInfo(trade.installments),
    }
  }

  function payParams(
    answer: Record<string, unknown>,
    trade: Trade,
    kind: Kind,
    appid: string,
    now: Date,
  ): Answer<PayParams> {
    const value = answer[ANSWER_KEYS[kind]]
    if (typeof value !== 'string')
      return unknown('malformed', `no ${ANSWER_KEYS[kind]} in the answer`)
    if (kind === 'native') return yes({ way: 'qr', codeUrl: value })
    if (kind === 'h5') return yes({ way: 'redirect', url: h5Url(value, trade.returnUrl) })
    const packageText = `prepay_id=${value}${installmentsText(trade.installments)}`
    return yes({ way: 'wechat-jsapi', ...client.signJsapi(appid, packageText, now) })
  }

  async function query(tradeNo: string, now: Date): Promise<Answer<TradeFact>> {
    const answer = await client.get(`${tradePath(tradeNo)}?mchid=${mchid}`, now)
    if (answer.ok) return same('tradeNo', tradeNo, tradeFact(answer.value, self, 'query'))
    if (answer.code !== 'ORDER_NOT_EXIST') return answer
    return yes({
      kind: 'trade',
      method: 'wechat',
      tradeNo,
      state: 'missing',
      amountFen: 0,
      reference: 'query',
    })
  }

  /** A "no" to closing does not say why in a way that can be trusted: the query says what is. */
  async function close(tradeNo: string, now: Date): Promise<Answer<'closed' | 'paid'>> {
    const answer = await client.post(`${tradePath(tradeNo)}/close`, { mchid }, now)
    if (answer.ok) return yes('closed')
    if (answer.kind === 'unknown') return answer
    const fact = await query(tradeNo, now)
    if (!fact.ok) return fact
    if (fact.value.state === 'unpaid') return unknown(answer.code, answer.message)
    return yes(fact.value.state === 'paid' ? 'paid' : 'closed')
  }

  return {
    method: 'wechat',
    prepare,
    query,
    close,
    ...wechatRefunds(client, self, `${noticeUrl}/refund`),
    complaints: wechatComplaints(client, mchid, `${noticeUrl}/complaint`),
    bill: (day, now) => fetchWechatBill(client, mchid, day, now),
    readNotice: (headers, rawBody, now) => readWechatNotice(client, self, headers, rawBody, now),
    noticeAnswer: {
      accepted: { status: 204, body: '', type: 'application/json' },
      refused: {
        status: 400,
        body: JSON.stringify({ code: 'FAIL', message: '未通过校验' }),
        type: 'application/json',
      },
    },
  }
}

const ANSWER_KEYS: Record<Kind, string> = { jsapi: 'prepay_id', h5: 'h5_url', native: 'code_url' }

function tradePath(tradeNo: string): string {
  return `/v3/pay/transactions/out-trade-no/${encodeURIComponent(tradeNo)}`
}

/** The h5_url may be extended by this one parameter and nothing else. */
function h5Url(url: string, returnUrl: string | undefined): string {
  return returnUrl ? `${url}&redirect_url=${encodeURIComponent(returnUrl)}` : url
}

/** 微信分付: the payer bears the fee; the chosen number goes into the signed package line. */
function subsidyInfo(installments: number): object {
  const plan = { subsidy_installment_num: installments, subsidy_percent: 0 }
  return { subsidy_detail: [{ subsidy_period_type: 'PERIOD', subsidy_plan: [plan] }] }
}

function installmentsText(installments: number | undefined): string {
  return installments
    ? `&subsidy_period_type=PERIOD&selected_installment_number=${installments}`
    : ''
}
