import { AlipaySdk } from 'alipay-sdk'
import { Rsa } from 'wechatpay-axios-plugin'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import {
  isNoticeSigned,
  keptKeys,
  opened,
  postJson,
  startInbox,
  wechatSdk,
} from './sandboxMerchant.ts'

/** Refunds to their end on both rails, asked by the public SDKs. */

type Failed = { response: { status: number; data: { code: string; detail?: { field: string } } } }

const MINUTE = 60_000
const DAY = 86_400_000
let sandbox: Sandbox
let inbox: Awaited<ReturnType<typeof startInbox>>
let now: number
const fresh = keptKeys()

beforeEach(async () => {
  now = Date.now()
  sandbox = await startSandbox({ dir: fresh.dir(), clock: () => now })
  inbox = await startInbox({ status: 204, body: '' })
})
afterEach(async () => {
  await sandbox.stop()
  await inbox.stop()
})
afterAll(() => fresh.end())

async function later(ms: number) {
  sandbox.admin.clock(sandbox.admin.settings().offsetMs + ms)
  await sandbox.admin.settle()
}

describe('WeChat Pay', () => {
  const REFUNDS = '/v3/refund/domestic/refunds'
  const NO = 'T2026_000001'
  let call: ReturnType<typeof wechatSdk>

  beforeEach(async () => {
    call = wechatSdk(sandbox.credentials)
    const { wechatPay, wechat } = sandbox.credentials
    await call('POST', '/v3/pay/transactions/native', {
      appid: wechat.appid,
      mchid: wechatPay.mchid,
      description: '课程',
      out_trade_no: NO,
      notify_url: inbox.url,
      amount: { total: 10_000 },
    })
    expect(sandbox.admin.payLate('wechat', NO)).toBe(true)
    await sandbox.admin.settle()
    inbox.received.length = 0
  })

  const ask = (no: string, fen: number, changes: object = {}) =>
    call('POST', REFUNDS, {
      out_trade_no: NO,
      out_refund_no: no,
      notify_url: inbox.url,
      amount: { refund: fen, total: 10_000, currency: 'CNY' },
      ...changes,
    })
  const query = async (no: string) => (await call('GET', `${REFUNDS}/${no}`)).data
  const toCard = (refundId: string, body: object) =>
    call('POST', `${REFUNDS}/${refundId}/apply-abnormal-refund`, body)
  const told = () => inbox.received.map((one) => opened(sandbox.credentials, one).refund_status)

  async function abnormal(no = 'R1') {
    sandbox.admin.fault('wechat.refund', 'abnormal')
    const { data } = await ask(no, 10_000)
    await later(3_000)
    expect((await query(no)).status).toBe('ABNORMAL')
    return data.refund_id as string
  }

  test('a refund is PROCESSING until it is done: at its time, not before', async () => {
    expect((await ask('R1', 100)).data.status).toBe('PROCESSING')
    await later(2_999)
    expect((await query('R1')).status).toBe('PROCESSING')
    expect(inbox.received).toEqual([])
    await later(1)
    const done = await query('R1')
    expect(done).toMatchObject({ status: 'SUCCESS', user_received_account: '支付用户零钱' })
    expect(Date.parse(done.success_time)).toBe(Math.floor((now + 3_000) / 1000) * 1000)
    expect(told()).toEqual(['SUCCESS'])
  })

  test('an abnormal one goes back to the merchant: PROCESSING, then SUCCESS, each told', async () => {
    const id = await abnormal()
    const body = { out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' }
    expect((await toCard(id, body)).data).toMatchObject({ status: 'PROCESSING', refund_id: id })
    // The first answer may be lost: asked again it is the same refund, still under way.
    expect((await toCard(id, body)).data.status).toBe('PROCESSING')
    await later(3_000)
    const done = await query('R1')
    expect(done).toMatchObject({ status: 'SUCCESS', user_received_account: '商户结算银行账户' })
    expect(told()).toEqual(['ABNORMAL', 'SUCCESS'])
    expect(inbox.received.every((one) => isNoticeSigned(sandbox.credentials, one))).toBe(true)
  })

  describe('to the payer’s bank card', () => {
    const CARD = { bank_type: 'CMB_DEBIT', account: '6225880212345678', name: '王小明' }
    /** Encrypted by the public SDK with the key that the header names. */
    const sealed = (text: string, key = sandbox.credentials.wechatPay.publicKeyId) =>
      Rsa.encrypt(text, sandbox.credentials.wechatPay.publicKeys[key] as string)
    const body = (changes: object = {}) => ({
      out_refund_no: 'R1',
      type: 'USER_BANK_CARD',
      bank_type: CARD.bank_type,
      bank_account: sealed(CARD.account),
      real_name: sealed(CARD.name),
      ...changes,
    })
    const named = (serial: string | undefined) =>
      wechatSdk(sandbox.credentials, undefined, {
        headers: serial ? { 'Wechatpay-Serial': serial } : {},
      })
    const send = (id: string, of: object, serial?: string) =>
      named(serial)('POST', `${REFUNDS}/${id}/apply-abnormal-refund`, of)
    const field = async (work: Promise<unknown>) => {
      const error = await work.catch((one) => one)
      const { status, data } = (error as Failed).response
      return `${status} ${data.code} ${data.detail?.field ?? ''}`.trim()
    }

    test('card and name are decrypted with the key the header names, of either kind', async () => {
      const { publicKeyId, publicKeys } = sandbox.credentials.wechatPay
      const certificate = Object.keys(publicKeys).find((one) => one !== publicKeyId) as string
      for (const [at, key] of [publicKeyId, certificate].entries()) {
        const no = `R${at}`
        sandbox.admin.fault('wechat.refund', 'abnormal')
        const { data } = await ask(no, 100)
        await later(3_000)
        const account = { bank_account: sealed(CARD.account, key), real_name: sealed('李雷', key) }
        const sent = await send(data.refund_id, body({ out_refund_no: no, ...account }), key)
        expect(sent.data).toMatchObject({
          status: 'PROCESSING',
          channel: 'OTHER_BANKCARD',
          user_received_account: '用户银行卡5678',
        })
        await later(MINUTE)
        expect((await query(no)).status).toBe('SUCCESS')
      }
    })

    test('nothing is sent anywhere with a wrong, missing or plain field', async () => {
      const id = await abnormal()
      const { publicKeyId } = sandbox.credentials.wechatPay
      const other = Object.keys(sandbox.credentials.wechatPay.publicKeys).find(
        (one) => one !== publicKeyId,
      ) as string
      const cases: [object, string, string?][] = [
        [{ type: 'CASH' }, '400 PARAM_ERROR /body/type'],
        [{ bank_type: undefined }, '400 PARAM_ERROR /body/bank_type'],
        [{ bank_type: 'CMB_CREDIT' }, '400 PARAM_ERROR /body/bank_type'],
        [{ bank_account: undefined }, '400 PARAM_ERROR /body/bank_account'],
        [{ bank_account: CARD.account }, '400 PARAM_ERROR /body/bank_account'],
        [{ bank_account: sealed('1234') }, '400 PARAM_ERROR /body/bank_account'],
        [{ real_name: '王小明' }, '400 PARAM_ERROR /body/real_name'],
        [{ real_name: undefined }, '400 PARAM_ERROR /body/real_name'],
        [{ out_refund_no: 'R9' }, '404 RESOURCE_NOT_EXISTS'],
        [{}, '400 PARAM_ERROR /body/bank_account', other],
        [{}, '400 PARAM_ERROR Wechatpay-Serial', ''],
        [{}, '400 PARAM_ERROR Wechatpay-Serial', 'PUB_KEY_ID_0000'],
      ]
      for (const [changes, expected, serial = publicKeyId] of cases)
        expect([changes, await field(send(id, body(changes), serial))]).toEqual([changes, expected])
      expect(await field(send('50300000', body(), publicKeyId))).toBe('404 RESOURCE_NOT_EXISTS')
      expect((await query('R1')).status).toBe('ABNORMAL')
    })

    test('only an abnormal refund can be sent there', async () => {
      const { data } = await ask('R1', 100)
      const early = toCard(data.refund_id, { out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' })
      expect(await field(early)).toBe('400 INVALID_REQUEST')
      await later(3_000)
      const late = toCard(data.refund_id, { out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' })
      expect(await field(late)).toBe('400 INVALID_REQUEST')
    })

    test('it can fail there again, and be sent on once more', async () => {
      const id = await abnormal()
      sandbox.admin.fault('wechat.abnormalRefund', 'abnormal')
      await send(id, body(), sandbox.credentials.wechatPay.publicKeyId)
      await later(3_000)
      expect((await query('R1')).status).toBe('ABNORMAL')
      await toCard(id, { out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' })
      await later(3_000)
      expect((await query('R1')).status).toBe('SUCCESS')
      expect(told()).toEqual(['ABNORMAL', 'ABNORMAL', 'SUCCESS'])
    })

    test('the answer can be lost after the work is done', async () => {
      const id = await abnormal()
      sandbox.admin.fault('wechat.abnormalRefund', 'dropAfterCommit')
      const lost = toCard(id, { out_refund_no: 'R1', type: 'MERCHANT_BANK_CARD' })
      await expect(lost).rejects.toThrow()
      expect((await query('R1')).status).toBe('PROCESSING')
    })
  })

  test('a closed one stays closed; a new number for the same money goes through', async () => {
    sandbox.admin.fault('wechat.refund', 'closed')
    await ask('R1', 10_000)
    await later(MINUTE)
    expect((await query('R1')).status).toBe('CLOSED')
    expect((await ask('R1', 10_000)).data.status).toBe('CLOSED')
    await later(30 * DAY)
    expect((await query('R1')).status).toBe('CLOSED')
    expect(sandbox.admin.endRefund('wechat', 'R1', 'SUCCESS')).toBe(false)
    expect((await ask('R2', 10_000)).data.status).toBe('PROCESSING')
    await later(3_000)
    expect((await query('R2')).status).toBe('SUCCESS')
    expect(told()).toEqual(['CLOSED', 'SUCCESS'])
  })

  test('a stuck one is PROCESSING for as long as nobody ends it', async () => {
    sandbox.admin.fault('wechat.refund', 'stuck')
    await ask('R1', 10_000)
    await later(6 * DAY)
    expect((await query('R1')).status).toBe('PROCESSING')
    expect(sandbox.admin.endRefund('wechat', 'R1', 'CLOSED')).toBe(true)
    await sandbox.admin.settle()
    expect([(await query('R1')).status, told()]).toEqual(['CLOSED', ['CLOSED']])
  })

  test('what the merchant’s console ends by hand stays so', async () => {
    await abnormal()
    expect(sandbox.admin.endRefund('wechat', 'R1', 'SUCCESS')).toBe(true)
    expect(sandbox.admin.endRefund('wechat', 'R1', 'ABNORMAL')).toBe(false)
    expect(sandbox.admin.endRefund('wechat', 'nothing', 'SUCCESS')).toBe(false)
    await later(DAY)
    expect((await query('R1')).status).toBe('SUCCESS')
  })

  describe('refuses', () => {
    const refusal = async (work: Promise<unknown>) => {
      const { response } = (await work.catch((one) => one)) as Failed
      return `${response.status} ${response.data.code}`
    }

    test('other amounts under the same number, more than was paid, and no order at all', async () => {
      await ask('R1', 6_000)
      await later(MINUTE)
      expect(await refusal(ask('R1', 6_001))).toBe('400 INVALID_REQUEST')
      const total = { amount: { refund: 6_000, total: 9_999, currency: 'CNY' } }
      expect(await refusal(ask('R1', 0, total))).toBe('400 INVALID_REQUEST')
      expect(await refusal(ask('R2', 4_001))).toBe('400 INVALID_REQUEST')
      expect(await refusal(ask('R3', 1, { out_trade_no: 'T2026_none' }))).toBe(
        '404 RESOURCE_NOT_EXISTS',
      )
      const id = { out_trade_no: undefined, transaction_id: '4200000000202601010000000000' }
      expect(await refusal(ask('R3', 1, id))).toBe('404 RESOURCE_NOT_EXISTS')
      expect(await refusal(query('R3'))).toBe('404 RESOURCE_NOT_EXISTS')
      expect((await ask('R4', 4_000)).data.status).toBe('PROCESSING')
    })

    test('the 51st part, and anything a year after the payment', async () => {
      sandbox.admin.change({ refundsApart: false })
      for (let at = 1; at <= 50; at += 1) await ask(`R${at}`, 1)
      expect(await refusal(ask('R51', 1))).toBe('400 INVALID_REQUEST')
      expect((await ask('R50', 1)).data.out_refund_no).toBe('R50')
      await later(365 * DAY + 1)
      expect(await refusal(ask('R52', 1))).toBe('400 INVALID_REQUEST')
    })

    test('a second part within the minute, unless the setting lets it', async () => {
      await ask('R1', 1)
      await later(MINUTE - 1)
      expect(await refusal(ask('R2', 1))).toBe('429 FREQUENCY_LIMITED')
      sandbox.admin.change({ refundsApart: false })
      expect((await ask('R2', 1)).data.status).toBe('PROCESSING')
    })

    test.each([
      ['notEnough', '403 NOT_ENOUGH'],
      ['payerAbnormal', '403 USER_ACCOUNT_ABNORMAL'],
    ])('%s, having done nothing', async (fault, expected) => {
      sandbox.admin.fault('wechat.refund', fault)
      expect(await refusal(ask('R1', 100))).toBe(expected)
      expect(await refusal(query('R1'))).toBe('404 RESOURCE_NOT_EXISTS')
      expect((await ask('R1', 100)).data.status).toBe('PROCESSING')
    })
  })

  test('without a notify_url the console’s address gets the old version’s XML', async () => {
    await ask('R1', 100, { notify_url: undefined })
    await later(MINUTE)
    expect(inbox.received).toEqual([])
    sandbox.admin.change({ refundNotifyUrl: inbox.url })
    const number = sandbox.admin.consoleRefund('wechat', NO, 200)
    await later(3_000)
    expect(inbox.received[0]?.headers['content-type']).toBe('text/xml')
    expect(inbox.received[0]?.body).toMatch(/^<xml><return_code><!\[CDATA\[SUCCESS\]\]>/)
    expect(await query(number as string)).toMatchObject({ status: 'SUCCESS', out_trade_no: NO })
    expect(sandbox.admin.consoleRefund('wechat', NO, 9_701)).toBeUndefined()
    expect(sandbox.admin.consoleRefund('wechat', NO, 0)).toBeUndefined()
    expect(sandbox.admin.consoleRefund('wechat', 'T2026_none', 1)).toBeUndefined()
  })

  test('the admin endpoints steer the same refunds', async () => {
    sandbox.admin.fault('wechat.refund', 'stuck')
    await ask('R1', 100)
    const post = (path: string, body: object) => postJson(`${sandbox.url}/admin/${path}`, body)
    const end = { platform: 'wechat', refundNo: 'R1', state: 'ABNORMAL' }
    expect((await post('refunds/end', end)).body).toEqual({ ended: true })
    expect((await post('refunds/end', end)).body).toEqual({ ended: false })
    expect((await post('refunds/end', { ...end, state: 'GONE' })).status).toBe(400)
    const byHand = { platform: 'wechat', outTradeNo: NO, fen: 100 }
    expect((await post('refunds/console', byHand)).body.refundNo).toMatch(/^C\d{20}$/)
    const none = { platform: 'wechat', outTradeNo: NO, fen: 1e6 }
    expect((await post('refunds/console', none)).body).toEqual({ refundNo: null })
    expect((await post('settings', { refundsApart: 'perhaps' })).status).toBe(400)
    expect((await post('settings', { refundsApart: false })).body.refundsApart).toBe(false)
  })
})

describe('Alipay', () => {
  const NO = 'A2026_1'
  let exec: (method: string, content: object) => Promise<Record<string, string>>

  beforeEach(async () => {
    inbox.answer.status = 200
    inbox.answer.body = 'success'
    const { gateway, appId, privateKey, alipayPublicKey } = sandbox.credentials.alipay
    const keys = { gateway, appId, privateKey, alipayPublicKey, keyType: 'PKCS8' as const }
    const sdk = new AlipaySdk({ ...keys, camelcase: false })
    const timestamp = new Date(now).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' })
    exec = async (method, bizContent) => {
      const asked = { timestamp, bizContent }
      const answer = await sdk.exec(`alipay.trade.${method}`, asked, { validateSign: true })
      return answer as unknown as Record<string, string>
    }
    const content = { out_trade_no: NO, total_amount: '100.00', subject: '课', quit_url: 'x' }
    const address = sdk.pageExecute('alipay.trade.wap.pay', 'GET', {
      timestamp,
      bizContent: { ...content, product_code: 'QUICK_WAP_WAY' },
      notifyUrl: inbox.url,
    })
    expect((await fetch(address)).status).toBe(200)
    expect(sandbox.admin.payLate('alipay', NO)).toBe(true)
    await sandbox.admin.settle()
    inbox.received.length = 0
  })

  const ask = (no: string, yuan: string) =>
    exec('refund', { out_trade_no: NO, refund_amount: yuan, out_request_no: no })
  const query = (no: string) =>
    exec('fastpay.refund.query', { out_trade_no: NO, out_request_no: no })
  const told = () =>
    inbox.received.map((one) => {
      const form = new URLSearchParams(one.body)
      return [form.get('out_biz_no'), form.get('refund_fee'), form.get('trade_status')]
    })

  test('an open refund is told of when it is done, where the merchant asked for notices', async () => {
    const { admin } = sandbox
    admin.fault('alipay.trade.refund', 'pending')
    admin.fault('alipay.trade.refund', 'noticeOnRefund')
    expect((await ask('R1', '30.00')).fund_change).toBe('N')
    await sandbox.admin.settle()
    expect([told(), await query('R1')]).toMatchObject([[], { out_request_no: 'R1' }])
    await later(5_000)
    expect((await query('R1')).refund_status).toBe('REFUND_SUCCESS')
    expect(told()).toEqual([['R1', '30.00', 'TRADE_SUCCESS']])
    admin.fault('alipay.trade.refund', 'noticeOnRefund')
    expect(await ask('R2', '70.00')).toMatchObject({ fund_change: 'Y', refund_fee: '100.00' })
    await sandbox.admin.settle()
    expect(told()[1]).toEqual(['R2', '100.00', 'TRADE_CLOSED'])
  })

  test('a stuck one stays without refund_status until somebody ends it', async () => {
    sandbox.admin.fault('alipay.trade.refund', 'stuck')
    await ask('R1', '30.00')
    await later(30 * DAY)
    expect(await query('R1')).not.toHaveProperty('refund_status')
    expect(await ask('R1', '30.00')).toMatchObject({ fund_change: 'N', refund_fee: '30.00' })
    expect(sandbox.admin.endRefund('alipay', 'R1', 'ABNORMAL')).toBe(false)
    expect(sandbox.admin.endRefund('alipay', 'R1', 'SUCCESS')).toBe(true)
    expect(sandbox.admin.endRefund('alipay', 'R1', 'SUCCESS')).toBe(false)
    expect((await query('R1')).refund_status).toBe('REFUND_SUCCESS')
  })

  test('the merchant’s console refunds what the product never asked for', async () => {
    const number = sandbox.admin.consoleRefund('alipay', NO, 10_000) as string
    expect(await query(number)).toMatchObject({ refund_amount: '100.00' })
    expect((await exec('query', { out_trade_no: NO })).trade_status).toBe('TRADE_CLOSED')
    expect(sandbox.admin.consoleRefund('alipay', NO, 1)).toBeUndefined()
  })
})
