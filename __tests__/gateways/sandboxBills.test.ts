import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { AlipaySdk } from 'alipay-sdk'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { download, readWechatBill, unzip } from './sandboxBillReader.ts'
import { keptKeys, postJson, rawCall, wechatSdk } from './sandboxMerchant.ts'
import vectors from './vectors.json'

/** Noon of a China day; the bills of that day are asked for on the next. */
const NOON = Date.parse('2026-10-01T12:00:00+08:00')
const DAY = 86_400_000

let sandbox: Sandbox
let now: number
/** Moves business time to noon of that day plus so many milliseconds. */
const at = (ms: number) => sandbox.admin.clock(NOON + ms - now)
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  at(0)
})
afterEach(() => sandbox.stop())
afterAll(() => fresh.end())

describe('WeChat Pay’s trade bill', () => {
  const ask = (query = 'bill_type=ALL') =>
    rawCall(sandbox.credentials, 'GET', `/v3/bill/tradebill?bill_date=2026-10-01&${query}`)

  async function trade(description: string) {
    const call = wechatSdk(sandbox.credentials)
    const { wechat, wechatPay } = sandbox.credentials
    const order = {
      appid: wechat.appid,
      mchid: wechatPay.mchid,
      description,
      out_trade_no: 'T2026_000001',
      notify_url: 'https://merchant.example.test/n',
      amount: { total: 100 },
    }
    const { data } = await call('POST', '/v3/pay/transactions/native', order)
    const pay = { codeUrl: data.code_url, outcome: 'pay' }
    await postJson(`${sandbox.url}/cashier/wechat/native/pay`, pay)
    const refund = {
      out_trade_no: order.out_trade_no,
      out_refund_no: 'R2026_1',
      amount: { refund: 40, total: 100, currency: 'CNY' },
    }
    at(60_000)
    await call('POST', '/v3/refund/domestic/refunds', refund)
  }

  async function file(query?: string) {
    const { body } = await ask(query)
    const answer = await download(sandbox.credentials, body.download_url)
    expect([answer.status, answer.headers.get('wechatpay-signature')]).toEqual([200, null])
    return { body, bytes: Buffer.from(await answer.arrayBuffer()) }
  }

  test('has the columns of the real one, its day’s payment and refund, and sums', async () => {
    await trade('课程,第一讲')
    at(DAY)
    const { body, bytes } = await file('bill_type=ALL&tar_type=GZIP')
    const text = gunzipSync(bytes).toString()
    expect(body.hash_type).toBe('SHA1')
    expect(createHash('sha1').update(text).digest('hex')).toBe(body.hash_value)
    // A byte order mark, and a back tick before every value: spreadsheets shall not guess.
    expect(text).toMatch(/^\ufeff交易时间,/)
    expect(text.split('\r\n')[1]).toMatch(/^(`[^`,]*,){26}`[^`,]*$/)
    const { head, rows, sums } = readWechatBill(text)
    expect(`\ufeff${head}`).toBe(vectors.wechat.tradebill_all.csv.split('\r\n')[0])
    expect(text).toContain('\r\n`2026-10-01 12:00:00,`')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      交易状态: 'SUCCESS',
      商户订单号: 'T2026_000001',
      订单金额: '1.00',
      商品名称: '课程\\ 第一讲',
      手续费: '0.01000',
    })
    expect(rows[1]).toMatchObject({
      交易时间: '2026-10-01 12:01:00',
      交易状态: 'REFUND',
      商户退款单号: 'R2026_1',
      申请退款金额: '0.40',
      应结订单金额: '0.00',
    })
    expect(sums).toEqual(['2', '1.00', '0.40', '0.00', '0.01000', '1.00', '0.40'])
  })

  test('SUCCESS has 20 columns, REFUND 29', async () => {
    await trade('课程')
    at(DAY)
    const success = readWechatBill((await file('bill_type=SUCCESS')).bytes.toString())
    expect([success.head.split(',').length, success.rows.length]).toEqual([20, 1])
    const refund = readWechatBill((await file('bill_type=REFUND')).bytes.toString())
    expect([refund.head.split(',').length, refund.rows.length]).toEqual([29, 1])
  })

  test('is made from nine o’clock of the next day; a day without trades has none', async () => {
    at(0)
    expect((await ask()).body.code).toBe('PARAM_ERROR')
    at(20.9 * 3_600_000)
    expect((await ask()).body.code).toBe('STATEMENT_CREATING')
    at(21 * 3_600_000)
    expect((await ask()).body.code).toBe('NO_STATEMENT_EXIST')
  })

  test('its address is good for five minutes and needs a signature', async () => {
    await trade('课程')
    at(DAY)
    const url = (await ask()).body.download_url
    expect((await fetch(url)).status).toBe(401)
    at(DAY + 5 * 60_000 + 1)
    const answer = await rawCall(sandbox.credentials, 'GET', url.slice(sandbox.url.length))
    expect(answer.status).toBe(404)
  })

  test('can lack a trade or show another amount', async () => {
    await trade('课程')
    at(DAY)
    sandbox.admin.fault('wechat.bill', 'missingRow')
    expect(readWechatBill((await file()).bytes.toString()).rows).toHaveLength(1)
    sandbox.admin.fault('wechat.bill', 'amountMismatch')
    const { rows } = readWechatBill((await file()).bytes.toString())
    expect(rows.map((row) => row.申请退款金额)).toEqual(['0.00', '0.41'])
  })
})

describe('Alipay’s bill', () => {
  const sdk = () => {
    const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
    const keys = { gateway, appId, privateKey, alipayPublicKey, keyType: 'PKCS8' as const }
    return new AlipaySdk({ ...keys, camelcase: false })
  }
  const exec = async (method: string, bizContent: object) => {
    const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    const answer = await sdk().exec(method, { timestamp, bizContent }, { validateSign: true })
    return answer as unknown as Record<string, string>
  }
  const METHOD = 'alipay.data.dataservice.bill.downloadurl.query'
  const ask = () => exec(METHOD, { bill_type: 'trade', bill_date: '2026-10-01' })

  async function trade() {
    const code = sandbox.admin.code('alipay', '小红')
    const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    const params = { timestamp, grantType: 'authorization_code', code }
    const token = (await sdk().exec('alipay.system.oauth.token', params)) as { open_id?: string }
    const content = {
      out_trade_no: 'A2026_1',
      total_amount: '88.00',
      subject: '体验课',
      product_code: 'JSAPI_PAY',
      op_app_id: sandbox.credentials.alipay.appId,
      buyer_open_id: token.open_id,
    }
    const { trade_no: tradeNO } = await exec('alipay.trade.create', content)
    await postJson(`${sandbox.url}/cashier/alipay/pay`, { tradeNO, outcome: 'pay' })
    at(60_000)
    const refund = { out_trade_no: 'A2026_1', refund_amount: '8.00', out_request_no: 'R1' }
    await exec('alipay.trade.refund', refund)
  }

  test('is a zip of GBK files with the day’s payment and refund', async () => {
    await trade()
    at(DAY)
    const { bill_download_url: url } = await ask()
    const [detail, summary] = unzip(Buffer.from(await (await fetch(url as string)).arrayBuffer()))
    const { sellerId } = sandbox.credentials.alipay
    expect(detail?.name).toBe(`${sellerId}0156_20261001_业务明细.csv`)
    expect(summary?.name).toBe(`${sellerId}0156_20261001_业务明细(汇总).csv`)
    const lines = detail?.text.trimEnd().split('\r\n') ?? []
    expect(lines[0]).toBe('#支付宝业务明细查询')
    const head = lines[4]?.split(',') ?? []
    expect(head).toHaveLength(25)
    const rows = lines
      .slice(5, 7)
      .map((line) => Object.fromEntries(line.split(',').map((value, i) => [head[i], value])))
    expect(rows[0]).toMatchObject({
      商户订单号: 'A2026_1\t',
      业务类型: '交易',
      '订单金额（元）': '88.00',
      完成时间: '2026-10-01 12:00:00',
    })
    expect(rows[1]).toMatchObject({
      业务类型: '退款',
      '订单金额（元）': '-8.00',
      '退款批次号/请求号': 'R1\t',
    })
    expect(lines.at(-2)).toContain('交易合计：2笔，商家实收共80.00元')
  })

  test('its address is dead after 30 seconds; a day without trades has no bill', async () => {
    at(DAY)
    expect((await ask()).sub_msg).toBe('NO_BILL_DATA')
    at(0)
    await trade()
    at(DAY)
    const { bill_download_url: url } = await ask()
    at(DAY + 30_001)
    expect((await fetch(url as string)).status).toBe(404)
  })
})
