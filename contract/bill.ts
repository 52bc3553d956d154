/** Providers' bills against our books (M3): the kinds of differences, and what to do about each. */

export const differenceKinds = {
  ours_only: {
    zh: '账单缺少此笔',
    action: '到商户平台按交易号核对；跨日入账会在次日账单自动核销，仍缺少时联系支付平台',
  },
  theirs_only: {
    zh: '系统缺少此笔',
    action: '先核对付款人与订单；查不到对应订单时，在商户平台原路退回，并在此写明处理结果',
  },
  amount: {
    zh: '金额不一致',
    action: '以账单为准核对订单；多收部分请在订单中退款，少收部分联系支付平台',
  },
  state: {
    zh: '状态不一致',
    action: '在订单中查看证据链；退款状态不一致时请重新查询或重新发起退款',
  },
} as const satisfies Record<string, { zh: string; action: string }>
export type DifferenceKind = keyof typeof differenceKinds

/** `waiting` is asked for again by itself; `failed` needs a person. */
export const billStates = {
  waiting: '等待账单',
  matched: '已对账',
  empty: '当日无交易',
  failed: '获取失败',
} as const
export type BillState = keyof typeof billStates

export const differenceStates = { open: '待处理', resolved: '已处理' } as const
export type DifferenceState = keyof typeof differenceStates
