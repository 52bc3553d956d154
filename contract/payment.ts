/** Payments and refunds: their states, methods and what a phone needs to let a wallet pay. */

export const methods = ['wechat', 'alipay'] as const
export type Method = (typeof methods)[number]

/**
 * What money is counted under: a provider's method, or what a person of the merchant took by hand
 * (M7). Nobody can be asked about that, no bill lists it, and a person gives it back.
 */
export const moneyMethods = [...methods, 'offline'] as const
export type MoneyMethod = (typeof moneyMethods)[number]

/** True of money that a provider can be asked about. */
export function hasGateway(method: MoneyMethod | null): method is Method {
  return methods.some((one) => one === method)
}

/** The methods to show of some money: the providers' always, by hand only where there is any. */
export function methodsShown(used: readonly MoneyMethod[]): MoneyMethod[] {
  return moneyMethods.filter((method) => hasGateway(method) || used.includes(method))
}

/** How money was taken by hand. */
export const offlineWays = {
  cash: '现金',
  transfer: '银行转账',
  card: '刷卡',
  other: '其他',
} as const
export type OfflineWay = keyof typeof offlineWays

/** Where the person pays from; decides the way within a method. */
export const scenes = ['weapp', 'alipay', 'wechat-browser', 'h5', 'desktop'] as const
export type Scene = (typeof scenes)[number]

/** Methods each host can show, the first one preselected (SPEC: where the platforms limit us). */
export const methodsOf: Record<Scene, readonly Method[]> = {
  weapp: ['wechat'],
  alipay: ['alipay'],
  'wechat-browser': ['wechat'],
  h5: ['wechat', 'alipay'],
  desktop: ['wechat', 'alipay'],
}

export const methodWords: Record<MoneyMethod, { zh: string; safety: string }> = {
  wechat: { zh: '微信支付', safety: '微信支付安全认证' },
  alipay: { zh: '支付宝', safety: '支付宝安全保障' },
  offline: { zh: '线下收款', safety: '由商家登记' },
}

/** Under every method (P8). */
export const safetyNote = '支付过程加密，信息不会泄露'

export const paymentStates = ['created', 'pending', 'succeeded', 'failed', 'closed'] as const
export type PaymentState = (typeof paymentStates)[number]
export const paymentEvents = ['open', 'succeed', 'fail', 'close'] as const
export type PaymentEvent = (typeof paymentEvents)[number]

/**
 * Money that arrives is a fact: `succeed` is allowed from every state but itself, also when the
 * notice overtakes our own answer (created) or comes after closing (closed, failed).
 */
export const paymentMoves: Record<PaymentState, Partial<Record<PaymentEvent, PaymentState>>> = {
  created: { open: 'pending', succeed: 'succeeded', fail: 'failed', close: 'closed' },
  pending: { succeed: 'succeeded', fail: 'failed', close: 'closed' },
  succeeded: {},
  failed: { succeed: 'succeeded' },
  closed: { succeed: 'succeeded' },
}

export const paymentStateWords: Record<PaymentState, string> = {
  created: '待支付',
  pending: '支付中',
  succeeded: '已支付',
  failed: '支付失败',
  closed: '已关闭',
}

export const refundStates = ['requested', 'succeeded', 'failed', 'closed', 'otherwise'] as const
export type RefundState = (typeof refundStates)[number]
export const refundEvents = ['succeed', 'fail', 'close', 'retry', 'pay_otherwise'] as const
export type RefundEvent = (typeof refundEvents)[number]

/**
 * `failed` is never the end: a person tries again under the same number, and a provider that says
 * later that it is done is believed. `closed`: the provider will never pay under this number
 * (WeChat CLOSED, seven days without funds); another refund with a new number follows it at once.
 * `otherwise`: a person paid it back without the provider, and said how.
 */
export const refundMoves: Record<RefundState, Partial<Record<RefundEvent, RefundState>>> = {
  requested: { succeed: 'succeeded', fail: 'failed', close: 'closed', pay_otherwise: 'otherwise' },
  succeeded: {},
  failed: { retry: 'requested', succeed: 'succeeded', close: 'closed', pay_otherwise: 'otherwise' },
  closed: {},
  otherwise: {},
}

export const refundStateWords: Record<RefundState, string> = {
  requested: '退款中',
  succeeded: '已退款',
  failed: '退款处理中，客服将跟进',
  closed: '退款未成功，已重新发起',
  otherwise: '已通过其他方式退还',
}

/** Why a refund of money taken by hand waits: no provider makes it, a person does. */
export const byHandFailure = 'BY_HAND'

/** Of such a refund, for the payer. */
export const byHandHint = '款项由商家线下收取，将由商家线下退还，请留意商家联系'

/** What happens next with a refund, for the payer. */
export const refundHints: Record<RefundState, string> = {
  requested: '已提交退款，预计 3 个工作日内原路退回',
  succeeded: '已原路退回，请在支付账单中查看',
  failed: '支付平台暂未受理，客服正在跟进，款项不会丢失',
  closed: '支付平台未完成这笔退款，已用新单号重新发起',
  otherwise: '商家已通过其他方式退还，如有疑问请联系商家',
}

/** Why money goes back. */
export const refundReasons = {
  cancelled: '取消预约退款',
  slot_gone: '时段已失效，全额退款',
  paid_twice: '重复支付，全额退款',
  wrong_amount: '支付金额不符，全额退款',
  deposit: '押金退还',
  moved: '改期退还差价',
  move_failed: '改期未成功，差价全额退回',
  manual: '商家退款',
  called_off: '商家取消，全额退款',
} as const
export type RefundReason = keyof typeof refundReasons

/** Ways in which we hear about money; all enter by the one door, payment/settle.ts. */
export const heardBy = {
  notice: '支付平台通知',
  query: '主动查询',
  close: '关单结果',
  answer: '接口应答',
  return: '收银台返回后查询',
  bill: '次日账单',
  proof: '人工审核凭证',
  desk: '商家登记收款',
} as const
export type HeardBy = keyof typeof heardBy

/** What a front hands to its wallet. The wallet's answer is for display only, never proof (P1). */
export type PayParams =
  | {
      way: 'wechat-jsapi'
      appId: string
      timeStamp: string
      nonceStr: string
      package: string
      signType: 'RSA'
      paySign: string
    }
  | { way: 'alipay-trade'; tradeNo: string }
  | { way: 'redirect'; url: string }
  | { way: 'qr'; codeUrl: string }
  /** Nothing to pay: the order is confirmed already. */
  | { way: 'none' }
