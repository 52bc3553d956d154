import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { AlipaySdk } from 'alipay-sdk'
import { Formatter } from 'wechatpay-axios-plugin'
import { FILE_FAULTS } from '../../sandbox/billFile.ts'
import type { Plant } from '../../sandbox/plants.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import {
  type BillRow,
  download,
  readAlipayBill,
  readWechatBill,
  unzip,
} from './sandboxBillReader.ts'
import { keptKeys, postJson, rawCall, wechatSdk } from './sandboxMerchant.ts'

/** A merchant's busy day on both rails: thousands of trades, and differences planted among them. */

const DATE = '2026-10-01'
const MIDNIGHT = Date.parse(`${DATE}T00:00:00+08:00`)
const DAY = 86_400_000
const TRADES = 2000
const REFUND_STATES = ['SUCCESS', 'PROCESSING', 'CLOSED', 'ABNORMAL'] as const

let sandbox: Sandbox
let now: number
const fresh = keptKeys()
/** Moves business time to so many milliseconds after the day's midnight. */
const at = (ms: number) => sandbox.admin.clock(MIDNIGHT + ms - now)

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
})
afterEach(() => sandbox.stop())
afterAll(() => fresh.end())

/** Every third trade has a refund of a third of it; on WeChat Pay in each of the four states. */
const day = (withStates: boolean) =>
  Array.from({ length: TRADES }, (_, at) => ({
    outTradeNo: `T${String(at).padStart(6, '0')}`,
    fen: 1_000 + at,
    paidAt: MIDNIGHT + at * 40_000,
    refunds:
      at % 3 === 0
        ? [
            {
              refundNo: `R${String(at).padStart(6, '0')}`,
              fen: 300 + at,
              at: MIDNIGHT + at * 40_000 + 60_000,
              ...(withStates ? { state: REFUND_STATES[(at / 3) % 4] as 'SUCCESS' } : {}),
            },
          ]
        : [],
  }))

const yuan = (fen: number) => (fen / 100).toFixed(2)

async function wechatBill() {
  const url = `/v3/bill/tradebill?bill_date=${DATE}&bill_type=ALL&tar_type=GZIP`
  const { body } = await rawCall(sandbox.credentials, 'GET', url)
  if (!body.download_url) return { code: body.code as string, isRight: false, rows: [], sums: [] }
  const answer = await download(sandbox.credentials, body.download_url)
  const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString()
  const isRight = createHash('sha1').update(text).digest('hex') === body.hash_value
  return { isRight, ...readWechatBill(text) }
}

function alipay() {
  const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
  const keys = { gateway, appId, privateKey, alipayPublicKey, keyType: 'PKCS8' as const }
  const sdk = new AlipaySdk({ ...keys, camelcase: false })
  return async (method: string, bizContent: object) => {
    const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    const answer = await sdk.exec(method, { timestamp, bizContent }, { validateSign: true })
    return answer as unknown as Record<string, string>
  }
}

const askAlipay = () =>
  alipay()('alipay.data.dataservice.bill.downloadurl.query', {
    bill_type: 'trade',
    bill_date: DATE,
  })

async function alipayBill() {
  const { bill_download_url: url, sub_msg: said } = await askAlipay()
  if (!url) return { said, rows: [], foot: '' }
  const [detail] = unzip(Buffer.from(await (await fetch(url)).arrayBuffer()))
  return { said: undefined, ...readAlipayBill(detail?.text ?? '') }
}

describe('WeChat Pay', () => {
  const key = (row: BillRow) =>
    row.微信退款单号 === '0' ? row.商户订单号 : `${row.商户订单号} ${row.商户退款单号}`
  const amount = (row: BillRow) => (row.微信退款单号 === '0' ? row.订单金额 : row.申请退款金额)
  const state = (row: BillRow) => (row.微信退款单号 === '0' ? row.交易状态 : row.退款状态)
  const seen = (rows: BillRow[]) =>
    rows.map((row) => `${key(row)} ${amount(row)} ${state(row)}`).sort()
  const WORDS = { SUCCESS: 'SUCCESS', PROCESSING: 'PROCESSING', CLOSED: 'FAIL', ABNORMAL: 'CHANGE' }
  const expected = () =>
    day(true)
      .flatMap(({ outTradeNo, fen, refunds }) => [
        `${outTradeNo} ${yuan(fen)} SUCCESS`,
        ...refunds.map(
          (one) =>
            `${outTradeNo} ${one.refundNo} ${yuan(one.fen)} ${WORDS[one.state ?? 'SUCCESS']}`,
        ),
      ])
      .sort()

  test('lists a day of 2,000 payments and 667 refunds to the fen, each with its own state', async () => {
    const recorded = sandbox.admin.bulk('wechat', day(true))
    at(DAY + DAY / 2)
    const { rows, sums, isRight } = await wechatBill()
    expect(isRight).toBe(true)
    expect(seen(rows)).toEqual(expected())
    const numbers = new Set(rows.map((row) => row.微信订单号))
    expect(numbers).toEqual(new Set(recorded.map((one) => one.transactionId)))
    const times = rows.map((row) => row.交易时间 as string)
    expect(times).toEqual([...times].sort())
    const paidFen = day(true).reduce((sum, one) => sum + one.fen, 0)
    const backFen = day(true).reduce((sum, one) => sum + (one.refunds[0]?.fen ?? 0), 0)
    expect([sums[0], sums[5], sums[6]]).toEqual(['2667', yuan(paidFen), yuan(backFen)])
  })

  test('the public SDK asks for it, verifies, downloads and casts the same rows and sums', async () => {
    sandbox.admin.bulk('wechat', day(true))
    at(DAY + DAY / 2)
    const path = `/v3/bill/tradebill?bill_date=${DATE}&bill_type=ALL`
    const { data } = await wechatSdk(sandbox.credentials)('GET', path)
    const { pathname, searchParams } = new URL(data.download_url)
    const params = Object.fromEntries(searchParams)
    const options = { responseType: 'arraybuffer', params } as const
    const { data: bytes } = await wechatSdk(
      sandbox.credentials,
      undefined,
      options,
    )('GET', pathname)
    expect(createHash('sha1').update(bytes).digest('hex')).toBe(data.hash_value)
    const cast = Formatter.castCsvBill(bytes) as { rows: BillRow[]; summary: BillRow }
    expect(seen(cast.rows)).toEqual(expected())
    const paidFen = day(true).reduce((sum, one) => sum + one.fen, 0)
    expect(cast.summary).toMatchObject({ 总交易单数: '2667', 订单总金额: yuan(paidFen) })
  })

  test('shows exactly the planted differences, and nothing once they are cleared', async () => {
    const { admin } = sandbox
    admin.bulk('wechat', day(true))
    const plants: Plant[] = [
      { kind: 'drop', outTradeNo: 'T000001' },
      { kind: 'drop', outTradeNo: 'T000003', refundNo: 'R000003' },
      { kind: 'twice', outTradeNo: 'T000010' },
      { kind: 'amount', outTradeNo: 'T000004', fen: 1 },
      { kind: 'amount', outTradeNo: 'T000006', refundNo: 'R000006', fen: 2 },
      { kind: 'state', outTradeNo: 'T000009', refundNo: 'R000009', state: 'SUCCESS' },
      { kind: 'state', outTradeNo: 'T000008', state: 'REVOKED' },
      { kind: 'stranger', day: DATE, outTradeNo: 'X1', fen: 777 },
      { kind: 'stranger', day: DATE, outTradeNo: 'T000002', refundNo: 'X2', fen: 778 },
      { kind: 'stranger', day: '2026-10-02', outTradeNo: 'X3', fen: 779 },
    ]
    for (const plant of plants) expect([plant, admin.plant('wechat', plant)]).toEqual([plant, true])
    at(DAY + DAY / 2)
    const shown = seen((await wechatBill()).rows)
    const right = expected()
    const less = right.filter((row) => !shown.includes(row))
    const more = shown.filter((row) => !right.includes(row))
    expect(less).toEqual([
      'T000001 10.01 SUCCESS',
      'T000003 R000003 3.03 PROCESSING',
      'T000004 10.04 SUCCESS',
      'T000006 R000006 3.06 FAIL',
      'T000008 10.08 SUCCESS',
      'T000009 R000009 3.09 CHANGE',
    ])
    expect(more).toEqual([
      'T000002 X2 7.78 SUCCESS',
      'T000004 0.01 SUCCESS',
      'T000006 R000006 0.02 FAIL',
      'T000008 10.08 REVOKED',
      'T000009 R000009 3.09 SUCCESS',
      'X1 7.77 SUCCESS',
    ])
    expect(shown.filter((row) => row.startsWith('T000010 '))).toHaveLength(2)
    admin.unplant()
    expect(seen((await wechatBill()).rows)).toEqual(right)
  })

  test('what was recorded in bulk is there for queries, refunds and the wallet', async () => {
    at(0)
    sandbox.admin.bulk('wechat', [{ outTradeNo: 'T000001', fen: 1000, transactionId: '42001' }])
    const { mchid } = sandbox.credentials.wechatPay
    const call = wechatSdk(sandbox.credentials)
    const order = await call('GET', `/v3/pay/transactions/id/42001?mchid=${mchid}`)
    expect(order.data).toMatchObject({ out_trade_no: 'T000001', trade_state: 'SUCCESS' })
    const refund = {
      out_trade_no: 'T000001',
      out_refund_no: 'R000001',
      amount: { refund: 1000, total: 1000, currency: 'CNY' },
    }
    const asked = await call('POST', '/v3/refund/domestic/refunds', refund)
    expect(asked.data.status).toBe('PROCESSING')
    expect(sandbox.admin.payLate('wechat', 'T000001')).toBe(false)
    expect(sandbox.admin.notices()).toEqual([])
  })

  test('a refund shows as it stood at nine o’clock of the next day, whatever came later', async () => {
    const { admin } = sandbox
    at(DAY - 60_000)
    admin.bulk('wechat', [{ outTradeNo: 'T000001', fen: 1000 }])
    admin.fault('wechat.refund', 'stuck')
    const amount = { refund: 400, total: 1000, currency: 'CNY' }
    const refund = { out_trade_no: 'T000001', out_refund_no: 'R000001', amount }
    await wechatSdk(sandbox.credentials)('POST', '/v3/refund/domestic/refunds', refund)
    at(DAY + DAY / 2)
    const words = async () => (await wechatBill()).rows.map((row) => row.退款状态)
    expect(await words()).toEqual(['', 'PROCESSING'])
    admin.endRefund('wechat', 'R000001', 'SUCCESS')
    expect(await words()).toEqual(['', 'PROCESSING'])
  })

  test('a refund that was due while the clock was moved over it counts from its own time', async () => {
    at(DAY / 2)
    sandbox.admin.bulk('wechat', [{ outTradeNo: 'T000001', fen: 1000 }])
    const amount = { refund: 400, total: 1000, currency: 'CNY' }
    const refund = { out_trade_no: 'T000001', out_refund_no: 'R000001', amount }
    await wechatSdk(sandbox.credentials)('POST', '/v3/refund/domestic/refunds', refund)
    at(DAY + DAY / 2)
    await sandbox.admin.settle()
    expect((await wechatBill()).rows[1]?.退款状态).toBe('SUCCESS')
  })

  test('can be late, empty, or not of its own hash', async () => {
    sandbox.admin.bulk('wechat', day(false).slice(0, 3))
    at(DAY + DAY / 2)
    sandbox.admin.fault('wechat.bill', 'creating')
    expect((await wechatBill()).code).toBe('STATEMENT_CREATING')
    sandbox.admin.fault('wechat.bill', 'empty')
    expect((await wechatBill()).code).toBe('NO_STATEMENT_EXIST')
    sandbox.admin.fault('wechat.bill', 'hashMismatch')
    expect((await wechatBill()).isRight).toBe(false)
    expect((await wechatBill()).isRight).toBe(true)
  })

  test('its file can be broken in every way the table names', async () => {
    sandbox.admin.bulk('wechat', day(false).slice(0, 100))
    at(DAY + DAY / 2)
    const url = `/v3/bill/tradebill?bill_date=${DATE}&bill_type=ALL&tar_type=GZIP`
    const { body } = await rawCall(sandbox.credentials, 'GET', url)
    const outcomes = await outcomesOf('wechat.billFile', () =>
      download(sandbox.credentials, body.download_url),
    )
    expect(outcomes).toEqual({
      truncated: 'does not unpack',
      corrupt: 'does not unpack',
      garbage: 'does not unpack',
      huge: 'over 64 MB',
      hugeDeclared: 'declares over 64 MB, then breaks',
      expired: '404',
      bomb: 'unpacks to over 64 MB',
    })
    const whole = await download(sandbox.credentials, body.download_url)
    expect(gunzipSync(Buffer.from(await whole.arrayBuffer())).toString()).toContain('T000000')
  })
})

describe('Alipay', () => {
  const seen = (rows: BillRow[]) =>
    rows
      .map((row) => `${row.商户订单号} ${row['退款批次号/请求号'] || '-'} ${row['订单金额（元）']}`)
      .sort()
  const expected = () =>
    day(false)
      .flatMap(({ outTradeNo, fen, refunds }) => [
        `${outTradeNo} - ${yuan(fen)}`,
        ...refunds.map((one) => `${outTradeNo} ${one.refundNo} -${yuan(one.fen)}`),
      ])
      .sort()

  test('lists a day of 2,000 payments and 667 refunds to the fen', async () => {
    sandbox.admin.bulk('alipay', day(false))
    at(DAY + DAY / 2)
    const { rows, foot } = await alipayBill()
    expect(seen(rows)).toEqual(expected())
    const sum = day(false).reduce((all, one) => all + one.fen - (one.refunds[0]?.fen ?? 0), 0)
    expect(foot).toContain(`交易合计：2667笔，商家实收共${yuan(sum)}元`)
  })

  test('shows exactly the planted differences', async () => {
    const { admin } = sandbox
    admin.bulk('alipay', day(false))
    const plants: Plant[] = [
      { kind: 'drop', outTradeNo: 'T000001' },
      { kind: 'drop', outTradeNo: 'T000003', refundNo: 'R000003' },
      { kind: 'amount', outTradeNo: 'T000004', fen: 1 },
      { kind: 'amount', outTradeNo: 'T000006', refundNo: 'R000006', fen: 2 },
      { kind: 'stranger', day: DATE, outTradeNo: 'X1', fen: 777 },
      { kind: 'stranger', day: DATE, outTradeNo: 'T000002', refundNo: 'X2', fen: 778 },
    ]
    for (const plant of plants) expect([plant, admin.plant('alipay', plant)]).toEqual([plant, true])
    at(DAY + DAY / 2)
    const shown = seen((await alipayBill()).rows)
    const right = expected()
    expect(right.filter((row) => !shown.includes(row))).toEqual([
      'T000001 - 10.01',
      'T000003 R000003 -3.03',
      'T000004 - 10.04',
      'T000006 R000006 -3.06',
    ])
    expect(shown.filter((row) => !right.includes(row))).toEqual([
      'T000002 X2 -7.78',
      'T000004 - 0.01',
      'T000006 R000006 -0.02',
      'X1 - 7.77',
    ])
  })

  test('what was recorded in bulk is there for queries and refunds', async () => {
    const exec = alipay()
    sandbox.admin.bulk('alipay', [
      { outTradeNo: 'A1', fen: 1000, refunds: [{ refundNo: 'R1', fen: 400 }] },
      { outTradeNo: 'A2', fen: 1000, refunds: [{ refundNo: 'R1', fen: 1000 }] },
    ])
    const refund = { out_trade_no: 'A1', refund_amount: '6.00', out_request_no: 'R2' }
    expect(await exec('alipay.trade.refund', refund)).toMatchObject({ refund_fee: '10.00' })
    const closed = await exec('alipay.trade.query', { out_trade_no: 'A2' })
    expect(closed.trade_status).toBe('TRADE_CLOSED')
    const first = { out_trade_no: 'A1', out_request_no: 'R1' }
    const done = await exec('alipay.trade.fastpay.refund.query', first)
    expect(done).toMatchObject({ refund_status: 'REFUND_SUCCESS', refund_amount: '4.00' })
  })

  test('can be late or say that there is nothing', async () => {
    sandbox.admin.bulk('alipay', day(false).slice(0, 3))
    at(DAY + 9 * 3_600_000 - 1)
    expect((await alipayBill()).said).toContain('BILL_NOT_EXIST')
    at(DAY + DAY / 2)
    sandbox.admin.fault('alipay.data.dataservice.bill.downloadurl.query', 'empty')
    expect((await alipayBill()).said).toBe('NO_BILL_DATA')
    expect((await alipayBill()).rows).toHaveLength(4)
  })

  test('lists a refund on the day it was done', async () => {
    at(DAY - 1_000)
    sandbox.admin.bulk('alipay', [{ outTradeNo: 'A1', fen: 1000 }])
    sandbox.admin.fault('alipay.trade.refund', 'pending')
    const refund = { out_trade_no: 'A1', refund_amount: '6.00', out_request_no: 'R1' }
    await alipay()('alipay.trade.refund', refund)
    at(DAY + DAY / 2)
    expect(seen((await alipayBill()).rows)).toEqual(['A1 - 10.00'])
  })

  test('its file can be broken in every way the table names', async () => {
    sandbox.admin.bulk('alipay', day(false).slice(0, 100))
    at(DAY + DAY / 2)
    const { bill_download_url: url } = await askAlipay()
    const outcomes = await outcomesOf('alipay.billFile', () => fetch(url as string))
    expect(outcomes).toEqual({
      truncated: 'does not unpack',
      corrupt: 'does not unpack',
      garbage: 'does not unpack',
      huge: 'over 64 MB',
      hugeDeclared: 'declares over 64 MB, then breaks',
      expired: '404',
      bomb: 'unpacks to over 64 MB',
    })
    expect(unzip(Buffer.from(await (await fetch(url as string)).arrayBuffer()))).toHaveLength(2)
  })
})

describe('nothing is recorded or planted', () => {
  test.each<[string, Parameters<Sandbox['admin']['bulk']>[1], string]>([
    ['with a number twice', [trade('T1', 1), trade('T1', 1)], 'taken'],
    ['with a number that is there', [trade('T0', 1)], 'taken'],
    ['with part of a fen', [trade('T1', 0.5)], 'no amount'],
    ['with nothing to pay', [trade('T1', 0)], 'no amount'],
    ['with more refunded than paid', [trade('T1', 5), trade('T2', 5, 6)], 'more is refunded'],
  ])('%s', (_what, trades, message) => {
    for (const rail of ['wechat', 'alipay'] as const) {
      sandbox.admin.bulk(rail, [trade('T0', 1)])
      expect(() => sandbox.admin.bulk(rail, trades)).toThrow(message)
      expect(sandbox.admin.trades()[rail]).toHaveLength(1)
    }
  })

  test('for a trade, refund, state or sum that cannot be shown', () => {
    const { admin } = sandbox
    admin.bulk('wechat', [trade('T1', 5, 1)])
    admin.bulk('alipay', [trade('T1', 5, 1)])
    const wrong: Plant[] = [
      { kind: 'drop', outTradeNo: 'T9' },
      { kind: 'drop', outTradeNo: 'T1', refundNo: 'R9' },
      { kind: 'amount', outTradeNo: 'T1', fen: 0.5 },
      { kind: 'state', outTradeNo: 'T1', refundNo: 'RT1', state: 'ABNORMAL' },
      { kind: 'stranger', day: '2026-02-30', outTradeNo: 'X1', fen: 1 },
      { kind: 'stranger', day: DATE, outTradeNo: 'T1', fen: 1 },
      { kind: 'gone' as 'drop', outTradeNo: 'T1' },
    ]
    for (const plant of wrong)
      for (const rail of ['wechat', 'alipay'] as const)
        expect([plant, admin.plant(rail, plant)]).toEqual([plant, false])
    const state = { kind: 'state', outTradeNo: 'T1', refundNo: 'RT1', state: 'FAIL' } as const
    expect(admin.plant('alipay', state)).toBe(false)
    expect(admin.plant('wechat', state)).toBe(true)
    expect(admin.plants()).toHaveLength(1)
  })

  test('and the admin endpoints say so', async () => {
    const post = (path: string, body: object) => postJson(`${sandbox.url}/admin/${path}`, body)
    const made = await post('bulk', { platform: 'wechat', trades: [trade('T1', 5)] })
    expect(made.body.recorded).toMatchObject([{ outTradeNo: 'T1' }])
    const again = await post('bulk', { platform: 'wechat', trades: [trade('T1', 5)] })
    expect(again).toMatchObject({ status: 400, body: { error: 'The number T1 is taken' } })
    expect((await post('bulk', { platform: 'wechat', trades: [null] })).status).toBe(400)
    const plant = { platform: 'wechat', kind: 'amount', outTradeNo: 'T1', fen: '7' }
    expect((await post('plants', plant)).body.planted).toMatchObject([{ fen: 7 }])
    expect((await post('plants', { ...plant, outTradeNo: 'T9' })).status).toBe(400)
    expect((await post('plants/clear', {})).body).toEqual({ planted: [] })
  })
})

function trade(outTradeNo: string, fen: number, back?: number) {
  const refunds = back === undefined ? [] : [{ refundNo: `R${outTradeNo}`, fen: back }]
  return { outTradeNo, fen, refunds }
}

/** What a merchant meets with each fault of a file; nothing of it is kept in memory on purpose. */
async function outcomesOf(call: string, get: () => Promise<Response>) {
  const outcomes: Record<string, string> = {}
  for (const fault of [...FILE_FAULTS, 'bomb']) {
    expect(sandbox.admin.fault(call, fault)).toBe(true)
    outcomes[fault] = await outcomeOf(await get())
  }
  return outcomes
}

async function outcomeOf(answer: Response): Promise<string> {
  if (answer.status !== 200) return String(answer.status)
  const declared = Number(answer.headers.get('content-length') ?? 0)
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size < 2 ** 20) chunks.push(chunk)
    }
  } catch {
    return declared > 64 * 2 ** 20 ? 'declares over 64 MB, then breaks' : 'breaks'
  }
  if (size > 64 * 2 ** 20) return 'over 64 MB'
  const bytes = Buffer.concat(chunks)
  try {
    const unpacked = bytes[0] === 0x1f ? gunzipSync(bytes).length : sizeOfZip(bytes)
    return unpacked > 64 * 2 ** 20 ? 'unpacks to over 64 MB' : 'whole'
  } catch {
    return 'does not unpack'
  }
}

function sizeOfZip(bytes: Buffer): number {
  return unzip(bytes).reduce((sum, one) => sum + one.text.length, 0)
}
