/** The text of Alipay's bill → its rows. Pure. */
import type { Day } from '@jiyue/contract/time'
import {
  amountIn,
  BillError,
  broken,
  type Cells,
  chargeIn,
  checkSum,
  numberIn,
  rowsUnder,
  shown,
  sumOf,
  timeIn,
} from '../billText.ts'
import type { BillRow } from '../gateway.ts'
import { fenOf } from './yuan.ts'

/** Throws `BillError`: of another account or day, cut, or not adding up. */
export function readAlipayBill(text: string, sellerId: string, day: Day): BillRow[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const begin = lines.findIndex((line) => /^#-+业务明细列表-+$/.test(line))
  const end = lines.findIndex((line) => /^#-+业务明细列表结束-+$/.test(line))
  if (!lines[0]?.startsWith('#支付宝业务明细查询') || begin < 0 || end < begin + 2) {
    throw broken(`begins with “${shown(lines[0] ?? '')}” and has no list to its end`)
  }
  checkHead(lines.slice(1, begin), sellerId, day)
  const rows = rowsUnder(lines[begin + 1] ?? '', lines.slice(begin + 2, end), clean)
  checkSums(lines.slice(end + 1), rows)
  return rowsOf(rows, day)
}

/** Numbers end with a tab, so that spreadsheets leave them alone. */
function clean(cell: string): string {
  return cell.trim()
}

function checkHead(head: readonly string[], sellerId: string, day: Day): void {
  const account = partOf(head, /^#账号：\[(\d+)\]/)
  if (account !== `${sellerId}0156`) throw new BillError('wrong_merchant', `bill of ${account}`)
  const from = partOf(head, /^#起始日期：\[(\d{4}年\d\d月\d\d日)/)
  if (from.replace(/[年月]/g, '-').replace('日', '') !== day) {
    throw new BillError('wrong_day', `asked for ${day}, told about ${from}`)
  }
}

/** `#交易合计：2笔，商家实收共80.00元，商家优惠共0.00元` */
function checkSums(foot: readonly string[], rows: readonly Cells[]): void {
  const count = partOf(foot, /^#交易合计：(\d+)笔，/)
  checkSum('交易合计', Number(count), rows.length)
  const said = partOf(foot, /，商家实收共(-?[\d.]+)元/)
  const fen = fenOf(said.replace('-', ''))
  if (fen === null) throw broken(`商家实收共 says “${shown(said)}”`)
  checkSum('商家实收', said.startsWith('-') ? 0 - fen : fen, sumOf(rows, '商家实收（元）'))
}

function partOf(lines: readonly string[], form: RegExp): string {
  for (const line of lines) {
    const value = form.exec(line)?.[1]
    if (value !== undefined) return value
  }
  throw broken(`has no line like ${form.source}`)
}

function rowsOf(rows: readonly Cells[], day: Day): BillRow[] {
  const unnamed = new Map<string, number>()
  return rows.map((cells) => {
    const tradeNo = numberIn(cells, '商户订单号')
    const common = {
      tradeNo,
      state: 'succeeded' as const,
      charge: chargeOf(cells),
      transactionId: numberIn(cells, '支付宝交易号'),
      at: timeIn(cells, '完成时间', day),
    }
    const kind = cells('业务类型')
    if (kind === '交易') {
      const amountFen = amountIn(cells, '订单金额（元）')
      return { kind: 'trade', refundNo: null, amountFen, ...common }
    }
    if (kind !== '退款') throw broken(`业务类型 says “${shown(kind)}”`)
    const amountFen = amountIn(cells, '订单金额（元）', -1)
    return { kind: 'refund', refundNo: refundNoOf(cells, tradeNo, unnamed), amountFen, ...common }
  })
}

/** A refund without a number of its own goes by its payment's; several are told apart by counting. */
function refundNoOf(cells: Cells, tradeNo: string, unnamed: Map<string, number>): string {
  if (cells('退款批次号/请求号') !== '') return numberIn(cells, '退款批次号/请求号')
  const count = (unnamed.get(tradeNo) ?? 0) + 1
  unnamed.set(tradeNo, count)
  return count === 1 ? tradeNo : `${tradeNo}-${count}`
}

/** Alipay writes what it takes as negative; kept as WeChat writes it, what it takes is positive. */
function chargeOf(cells: Cells): string {
  const text = chargeIn(cells, '服务费（元）')
  if (/^-?0(\.0+)?$/.test(text)) return text.replace('-', '')
  return text.startsWith('-') ? text.slice(1) : `-${text}`
}
