import { type Row, yuan } from './billRows.ts'

/** The file of a trade bill (facts 1.11). */
export type Kind = 'ALL' | 'SUCCESS' | 'REFUND'

const HEAD = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识'
const MONEY = '交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额'
const REFUND = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态'
const TAIL = '商品名称,商户数据包,手续费,费率,订单金额'
const COLUMNS: Record<Kind, string> = {
  ALL: `${HEAD},${MONEY},${REFUND},${TAIL},申请退款金额,费率备注`,
  SUCCESS: `${HEAD},${MONEY},${TAIL},费率备注`,
  REFUND: `${HEAD},${MONEY},退款申请时间,退款成功时间,${REFUND},${TAIL},申请退款金额,费率备注`,
}

/** Title of a sum, and the column it sums. */
const SUMS: [title: string, column: string][] = [
  ['应结订单总金额', '应结订单金额'],
  ['退款总金额', '退款金额'],
  ['充值券退款总金额', '充值券退款金额'],
  ['手续费总金额', '手续费'],
  ['订单总金额', '订单金额'],
  ['申请退款总金额', '申请退款金额'],
]

/** BOM, CRLF, a back tick before every value; then the sums. */
export function billText(kind: Kind, rows: Row[]): string {
  const columns = COLUMNS[kind].split(',')
  const lines = rows.map((row) => columns.map((name) => `\`${row[name] ?? ''}`).join(','))
  const sums = SUMS.filter(([, column]) => columns.includes(column))
  const total = sums.map(([, column]) => sumOf(rows, column))
  const summary = [
    ['总交易单数', ...sums.map(([title]) => title)].join(','),
    [rows.length, ...total].map((value) => `\`${value}`).join(','),
  ]
  return `\ufeff${[columns.join(','), ...lines, ...summary].join('\r\n')}\r\n`
}

function sumOf(rows: Row[], column: string): string {
  const fen = rows.reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0)
  return column === '手续费' ? `${yuan(fen)}000` : yuan(fen)
}
