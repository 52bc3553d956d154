import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { HUGE_BYTES } from '../billFile.ts'
import { chinaDay, DAY, HOUR, MINUTE } from '../clock.ts'
import { nonce } from '../numbers.ts'
import type { World } from '../world.ts'
import { type Day, gardener, isRefund, paidLines, type Row, refundLines, yuan } from './billRows.ts'
import { billText, type Kind } from './billText.ts'
import type { Orders } from './orders.ts'
import type { Refunds } from './refunds.ts'
import { paramError, Refusal } from './refusal.ts'

/** Trade bills of WeChat Pay (facts 1.11): asked for one day, fetched by a short-lived address. */
type File = { id: string; until: number; text: string; gzip: boolean }

const URL_LIFE = 5 * MINUTE
const READY_AT = 9 * HOUR
const OLDEST = 92 * DAY

export type Bills = ReturnType<typeof makeBills>

export function makeBills(world: World, orders: Orders, refunds: Refunds) {
  const files = world.store.table<File>('wechat.bills')
  const parts = { orders, refunds }
  const hand = gardener(world)

  /** GET /v3/bill/tradebill */
  const ask = (query: URLSearchParams, faults: Set<string>): object => {
    const now = world.clock.now()
    const { day, kind } = readQuery(query, now)
    if (faults.has('creating') || now < madeAt(day))
      throw new Refusal(400, 'STATEMENT_CREATING', '账单生成中')
    const rows = rowsOf(day, kind)
    if (faults.has('missingRow')) rows.pop()
    if (!rows.length || faults.has('empty'))
      throw new Refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
    if (faults.has('amountMismatch')) falsify(rows.at(-1) as Row)
    const text = billText(kind, rows)
    for (const old of files.all()) if (old.until < now) files.remove(old.id)
    const gzip = query.get('tar_type') === 'GZIP'
    const file = files.put({ id: nonce(32), until: now + URL_LIFE, text, gzip })
    return {
      hash_type: 'SHA1',
      // Of the file as it is before it is packed.
      hash_value: sha1(faults.has('hashMismatch') ? `${text} ` : text),
      download_url: `${world.url()}/v3/billdownload/file?token=${file.id}`,
    }
  }

  const download = (token: string | null, faults: Set<string>): Buffer => {
    const file = files.get(token ?? '')
    if (!file || file.until < world.clock.now() || faults.has('expired'))
      throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '下载地址无效或已过期')
    const text = faults.has('bomb') ? `${file.text}${'\n'.repeat(HUGE_BYTES)}` : file.text
    return file.gzip ? gzipSync(text) : Buffer.from(text)
  }

  /** What the bill of a day shows, planted differences included. */
  const rowsOf = (day: Day, kind: Kind): Row[] =>
    world.plants
      .apply(
        'wechat',
        [...paidLines(parts, day), ...refundLines(parts, day, madeAt(day))],
        day,
        hand,
      )
      .filter((row) => kind === 'ALL' || (kind === 'REFUND') === isRefund(row))

  return { ask, download, rowsOf }
}

/** Nine o'clock of the next day. */
function madeAt(day: Day): number {
  return day.until + 1 + READY_AT
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** One fen more than was paid or refunded: a difference the merchant has to find. */
function falsify(row: Row): void {
  const column = isRefund(row) ? '申请退款金额' : '订单金额'
  row[column] = yuan(Math.round(Number(row[column]) * 100) + 1)
}

function readQuery(query: URLSearchParams, now: number) {
  const date = query.get('bill_date') ?? ''
  const day = chinaDay(date)
  if (!day || day.until >= now || day.from < now - OLDEST)
    throw paramError('/query/bill_date', date, '账单日期错误，只能是三个月内的过去日期')
  const kind = query.get('bill_type') ?? 'ALL'
  if (kind !== 'ALL' && kind !== 'SUCCESS' && kind !== 'REFUND')
    throw paramError('/query/bill_type', kind, '枚举值错误')
  const tar = query.get('tar_type')
  if (tar !== null && tar !== 'GZIP') throw paramError('/query/tar_type', tar, '枚举值错误')
  return { day, kind: kind as Kind }
}
