import type { FastifyInstance } from 'fastify'
import { HUGE_BYTES, sendBillFile } from '../billFile.ts'
import { chinaDay, chinaTime, HOUR, SECOND } from '../clock.ts'
import { encodeGbk } from '../gbk.ts'
import { nonce } from '../numbers.ts'
import type { World } from '../world.ts'
import { zip } from '../zip.ts'
import { COLUMNS, type Day, gardener, linesOf, type Row } from './billRows.ts'
import type { AlipayRefunds } from './refunds.ts'
import { AlipayRefusal } from './refusal.ts'
import type { Trades } from './trades.ts'
import { toFen, toYuan } from './wire.ts'

/** Alipay's daily bill: a ZIP of GBK files, its address dead after 30 seconds (facts 2.2). */
type File = { id: string; until: number; name: string; day: string; rows: Row[] }

const URL_LIFE = 30 * SECOND
const READY_AT = 9 * HOUR

export type AlipayBills = ReturnType<typeof makeAlipayBills>

export function makeAlipayBills(world: World, trades: Trades, refunds: AlipayRefunds) {
  const files = world.store.table<File>('alipay.bills')

  /** alipay.data.dataservice.bill.downloadurl.query, of one day. */
  const ask = (content: Record<string, unknown>, faults: Set<string>): object => {
    const now = world.clock.now()
    const { bill_type: type, bill_date: date } = content
    const day = typeof date === 'string' ? chinaDay(date) : null
    if ((type !== 'trade' && type !== 'signcustomer') || !day) throw invalid('入参不合法')
    if (day.until >= now) throw invalid('账单日期不能是今天或以后')
    if (faults.has('creating') || now < day.until + 1 + READY_AT) throw missing('账单尚未生成')
    const rows = rowsOf(day)
    if (faults.has('missingRow')) rows.pop()
    if (!rows.length || faults.has('empty'))
      throw new AlipayRefusal('40004', 'isp.no_bill_data', 'NO_BILL_DATA')
    if (faults.has('amountMismatch')) falsify(rows.at(-1) as Row)
    for (const old of files.all()) if (old.until < now) files.remove(old.id)
    const name = `${world.keys.alipaySellerId}0156_${(date as string).replaceAll('-', '')}`
    const id = nonce(32)
    files.put({ id, until: now + URL_LIFE, name, day: date as string, rows })
    return { bill_download_url: `${world.url()}/alipay/bills?token=${id}` }
  }

  /** What the bill of a day shows, planted differences included. */
  const rowsOf = (day: Day): Row[] =>
    world.plants.apply('alipay', linesOf(trades, refunds, day), day, gardener)

  /** The packed files of a token, or undefined when it is unknown or too old. */
  const download = (token: string, faults: Set<string>): Buffer | undefined => {
    const file = files.get(token)
    if (!file || file.until < world.clock.now() || faults.has('expired')) return undefined
    const at = chinaTime(world.clock.now())
    const detail = detailText(world.keys.alipaySellerId, file, at)
    const summary = summaryText(world.keys.alipaySellerId, file, at)
    const filler = Buffer.alloc(faults.has('bomb') ? HUGE_BYTES : 0, 0x0a)
    const content = Buffer.concat([encodeGbk(detail), filler])
    return zip([
      { name: `${file.name}_业务明细.csv`, content },
      { name: `${file.name}_业务明细(汇总).csv`, content: encodeGbk(summary) },
    ])
  }

  return { ask, download, rowsOf }
}

/** The address is open to whoever has it, as on the real platform. */
export function serveBillFiles(app: FastifyInstance, world: World, bills: AlipayBills): void {
  app.get('/alipay/bills', async (request, reply) => {
    const { token = '' } = request.query as { token?: string }
    const faults = world.faults.take('alipay.billFile')
    if (faults.has('status500')) return reply.code(500).send('')
    if (faults.has('dropAfterCommit')) {
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    }
    const file = bills.download(token, faults)
    if (!file) return reply.code(404).send('')
    return sendBillFile(request, reply.type('application/zip'), file, faults)
  })
}

/** One fen more than it was: a difference the merchant has to find. */
function falsify(row: Row): void {
  for (const name of ['订单金额（元）', '商家实收（元）']) {
    const text = row[name] as string
    const fen = toFen(text.replace('-', '')) as number
    row[name] = `${text.startsWith('-') ? '-' : ''}${toYuan(fen + 1)}`
  }
}

function detailText(seller: string, file: File, at: string): string {
  const lines = file.rows.map((row) =>
    COLUMNS.split(',')
      .map((name) => row[name] ?? '')
      .join(','),
  )
  return text([
    '#支付宝业务明细查询',
    ...head(seller, file),
    '#-----------------------------------------业务明细列表----------------------------------------',
    COLUMNS,
    ...lines,
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${file.rows.length}笔，商家实收共${sum(file.rows)}元，商家优惠共0.00元`,
    `#导出时间：[${at.replace(' ', '   ')}]`,
  ])
}

function summaryText(seller: string, file: File, at: string): string {
  const paid = file.rows.filter((row) => row.业务类型 === '交易')
  const back = file.rows.filter((row) => row.业务类型 === '退款')
  return text([
    '#支付宝业务汇总查询',
    ...head(seller, file),
    '#-----------------------------------------业务汇总列表----------------------------------------',
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）',
    `合计,,${paid.length},${back.length},${sum(file.rows)},${sum(file.rows)}`,
    '#-----------------------------------------业务汇总列表结束------------------------------------',
    `#导出时间：[${at.replace(' ', '   ')}]`,
  ])
}

function head(seller: string, file: File): string[] {
  const { from, until } = chinaDay(file.day) as { from: number; until: number }
  return [`#账号：[${seller}0156]`, `#起始日期：[${words(from)}]   终止日期：[${words(until + 1)}]`]
}

/** `2026年01月01日 00:00:00` */
function words(ms: number): string {
  const [date = '', time] = chinaTime(ms).split(' ')
  const [year, month, day] = date.split('-')
  return `${year}年${month}月${day}日 ${time}`
}

function sum(rows: Row[]): string {
  const fen = rows.reduce((all, row) => all + Math.round(Number(row['商家实收（元）']) * 100), 0)
  return `${fen < 0 ? '-' : ''}${toYuan(Math.abs(fen))}`
}

function text(lines: string[]): string {
  return `${lines.join('\r\n')}\r\n`
}

/** The platform's own spelling. */
function invalid(message: string): AlipayRefusal {
  return new AlipayRefusal('40004', 'isv.invalid-arguments', `INVAILID_ARGUMENTS：${message}`)
}

function missing(message: string): AlipayRefusal {
  return new AlipayRefusal('40004', 'isp.bill_not_exist', `BILL_NOT_EXIST：${message}`)
}
