/** WeChat Pay's trade bill: a signed answer names a file and its SHA-1, so its rows are proven. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Day } from '@jiyue/contract/time'
import { z } from 'zod'
import { type Answer, unknown, yes } from '../../../platforms/answer.ts'
import {
  amountIn,
  BILL_BYTES,
  BillError,
  broken,
  type Cells,
  chargeIn,
  checkSum,
  fenIn,
  numberIn,
  readable,
  rowsUnder,
  shown,
  sumOf,
  timeIn,
} from '../billText.ts'
import type { BillFile, BillRow } from '../gateway.ts'
import type { WechatClient } from './client.ts'

const named = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string(),
  download_url: z.url({ protocol: /^https?$/ }),
})

/** Fetches and reads the bill of `day`: payments and refunds of the merchant, whichever app. */
export async function fetchWechatBill(
  client: WechatClient,
  mchid: string,
  day: Day,
  now: Date,
): Promise<Answer<BillFile>> {
  const path = `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`
  const asked = await client.get(path, now)
  if (!asked.ok && asked.code === 'NO_STATEMENT_EXIST') return yes({ state: 'empty' })
  if (!asked.ok && asked.code === 'STATEMENT_CREATING') return yes({ state: 'not_ready' })
  if (!asked.ok) return asked
  const file = named.safeParse(asked.value)
  if (!file.success) return unknown('malformed', z.prettifyError(file.error))
  const packed = await client.download(file.data.download_url, now)
  if (!packed.ok) return packed
  const bytes = await unpacked(packed.value)
  if (!bytes.ok) return bytes
  // Of the file as it is before it is packed.
  if (hash('sha1', bytes.value) !== file.data.hash_value.toLowerCase()) {
    return unknown('bad_hash', `the bill of ${day} is not the file WeChat named`)
  }
  const rows = readable(() => readWechatBill(bytes.value.toString('utf8'), mchid, day))
  if (!rows.ok) return rows
  const digest = hash('sha256', bytes.value)
  return yes({ state: 'ready', rows: rows.value, digest, proven: true })
}

/** Pure. Throws `BillError`. */
export function readWechatBill(text: string, mchid: string, day: Day): BillRow[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const [header = '', ...rest] = lines
  const sums = rest.slice(-2)
  if (!header.startsWith('交易时间,') || !sums[0]?.startsWith('总交易单数,')) {
    throw broken(`begins with “${shown(header)}”, its sums with “${shown(sums[0] ?? '')}”`)
  }
  const rows = rowsUnder(header, rest.slice(0, -2), clean)
  checkSums(rowsUnder(sums[0], sums.slice(1), clean)[0] as Cells, rows)
  return rows.map((cells) => rowOf(cells, mchid, day))
}

/** Values stand behind a back tick, so that spreadsheets leave them alone; headers do not. */
function clean(cell: string): string {
  return cell.replace(/^`/, '').trim()
}

/** Fees are summed by WeChat with more decimals than it writes, so they are not compared. */
function checkSums(said: Cells, rows: readonly Cells[]): void {
  checkSum('总交易单数', Number(said('总交易单数')), rows.length)
  for (const [total, column] of SUMS) checkSum(total, fenIn(said, total), sumOf(rows, column))
}

const SUMS = [
  ['订单总金额', '订单金额'],
  ['申请退款总金额', '申请退款金额'],
  ['应结订单总金额', '应结订单金额'],
  ['退款总金额', '退款金额'],
] as const

function rowOf(cells: Cells, mchid: string, day: Day): BillRow {
  if (cells('商户号') !== mchid) {
    throw new BillError('wrong_merchant', `a row of mchid ${shown(cells('商户号'))}`)
  }
  const common = {
    tradeNo: numberIn(cells, '商户订单号'),
    charge: chargeIn(cells, '手续费'),
    transactionId: numberIn(cells, '微信订单号'),
    at: timeIn(cells, '交易时间', day),
  }
  const refundNo = refundNoOf(cells)
  if (refundNo === null) {
    const amountFen = amountIn(cells, '订单金额')
    return { kind: 'trade', refundNo, amountFen, state: stateIn(cells, '交易状态'), ...common }
  }
  const amountFen = amountIn(cells, '申请退款金额')
  return { kind: 'refund', refundNo, amountFen, state: stateIn(cells, '退款状态'), ...common }
}

/** Rows of payments have zeros there. A refund made in WeChat's own console may have only WeChat's. */
function refundNoOf(cells: Cells): string | null {
  const column = ['商户退款单号', '微信退款单号'].find((one) => !/^0?$/.test(cells(one)))
  return column === undefined ? null : numberIn(cells, column)
}

function stateIn(cells: Cells, column: '交易状态' | '退款状态'): BillRow['state'] {
  const state = STATES[column][cells(column)]
  if (!state) throw broken(`${column} says “${shown(cells(column))}”`)
  return state
}

/**
 * The bill's words are not the API's: FAIL is its CLOSED, CHANGE its ABNORMAL. A payment that is
 * REVOKED, or REFUND without any refund, left nothing with us.
 */
const STATES: Record<'交易状态' | '退款状态', Record<string, BillRow['state']>> = {
  交易状态: { SUCCESS: 'succeeded', REFUND: 'failed', REVOKED: 'failed' },
  退款状态: { SUCCESS: 'succeeded', PROCESSING: 'processing', FAIL: 'failed', CHANGE: 'failed' },
}

const gunzipped = promisify(gunzip)

async function unpacked(bytes: Buffer): Promise<Answer<Buffer>> {
  // Something between may have unpacked it already; the hash says whether it is the file.
  if (!bytes.subarray(0, 2).equals(GZIP_MARK)) return yes(bytes)
  try {
    return yes(await gunzipped(bytes, { maxOutputLength: BILL_BYTES }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const large = code === 'ERR_BUFFER_TOO_LARGE'
    return unknown(large ? 'too_large' : 'broken_bill', `does not unpack: ${code}`)
  }
}

const GZIP_MARK = Buffer.from([0x1f, 0x8b])

function hash(kind: 'sha1' | 'sha256', bytes: Buffer): string {
  return createHash(kind).update(bytes).digest('hex')
}
