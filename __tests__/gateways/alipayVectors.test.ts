import { createPrivateKey, createPublicKey } from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
import fc from 'fast-check'
import { yuan } from '../../contract/money.ts'
import { readAlipayNotice } from '../../server/payment/gateways/alipay/notice.ts'
import { fenOf } from '../../server/payment/gateways/alipay/yuan.ts'
import { alipayClient } from '../../server/platforms/alipayClient.ts'
import {
  membersAsText,
  noticeTexts,
  requestText,
  signText,
  verifies,
} from '../../server/platforms/alipaySignature.ts'
import { wire } from '../../server/platforms/exchange.ts'
import vectors from './vectors.json'

const app = vectors.keys['ali-app-test']
const platform = vectors.keys['ali-platform-test']
const appKey = createPrivateKey(app.private_key)
const platformKey = createPublicKey(platform.public_key)
const signed = (text: string, signature: string) => verifies(platformKey, text, signature)
const us = { appId: '2021000000000001', sellerId: '2088000000000001' }
const now = new Date('2026-01-01T00:00:00Z')

const sdk = new AlipaySdk({
  appId: us.appId,
  privateKey: app.private_key,
  keyType: 'PKCS8',
  alipayPublicKey: platform.public_key,
})

describe('requests', () => {
  test('are signed like the vector', () => {
    const { params, message, sign } = vectors.alipay.request
    expect(requestText(params)).toBe(message)
    expect(signText(appKey, message)).toBe(sign)
  })

  test('are signed like the public SDK signs', () => {
    const content = { out_trade_no: 'A1', total_amount: '0.01', subject: '体验课 50% + 礼' }
    const notifyUrl = 'https://pay.example.test/n'
    const query = new URLSearchParams(
      sdk.sdkExecute('alipay.trade.app.pay', { bizContent: content, notifyUrl }),
    )
    const { sign, ...params } = Object.fromEntries(query)
    expect(signText(appKey, requestText(params))).toBe(sign)
  })

  test('reach the gateway as the vector’s, by China’s clock', async () => {
    const { params, sign } = vectors.alipay.request
    const sent: { url: URL; body: string }[] = []
    const fetch = async (url: URL, init: { body: string }) => {
      sent.push({ url, body: init.body })
      return new Response(vectors.alipay.response.raw)
    }
    const client = alipayClient(credentials(), wire({ fetch: fetch as never, attempts: 1 }))
    const { biz_content, ...envelope } = params
    const answer = await client.call('alipay.trade.create', JSON.parse(biz_content), now, {
      noticeUrl: params.notify_url,
    })
    expect(answer).toMatchObject({ ok: true, value: { trade_no: '2026010122000000000000000001' } })
    expect(Object.fromEntries(sent[0]?.url.searchParams ?? [])).toEqual({ ...envelope, sign })
    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({ biz_content })
  })
})

function credentials() {
  return {
    ...us,
    gateway: 'http://127.0.0.1:9/gateway.do',
    privateKey: app.private_key,
    alipayPublicKey: platform.public_key,
    aesKey: Buffer.alloc(16).toString('base64'),
  }
}

describe('answers are believed for the text of their node', () => {
  const { raw, signed_node } = vectors.alipay.response
  const asked = async (body: string, status = 200) => {
    const fetch = async () => new Response(body, { status })
    const over = wire({ fetch: fetch as never, pause: async () => {} })
    return alipayClient(credentials(), over).call('alipay.trade.create', {}, now)
  }
  const sealedAs = (name: string, node: string) =>
    `{"${name}":${node},"sign":"${signText(createPrivateKey(platform.private_key), node)}"}`
  const create = 'alipay_trade_create_response'

  test('the vector’s node is found byte for byte', () => {
    expect(membersAsText(raw).get(create)).toBe(signed_node)
  })

  test('escapes, blanks, braces and quotes inside a node are kept', async () => {
    const node =
      '{ "code":"10000", "msg":"\\u6210\\/\\"}]{,", "list":[{"a":1},[2]], "out_trade_no" : "A1" }'
    expect(membersAsText(sealedAs(create, node)).get(create)).toBe(node)
    expect(await asked(sealedAs(create, node))).toMatchObject({
      ok: true,
      value: { out_trade_no: 'A1' },
    })
  })

  test('members of any JSON object come out as they went in', () => {
    const member = fc.tuple(fc.stringMatching(/^[a-z_]{1,8}$/), fc.jsonValue())
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { selector: ([name]) => name }),
        fc.nat(2),
        (members, indent) => {
          const text = JSON.stringify(Object.fromEntries(members), null, indent)
          const found = [...membersAsText(text)].map(([name, value]) => [name, JSON.parse(value)])
          expect(Object.fromEntries(found)).toEqual(JSON.parse(text))
        },
      ),
    )
  })

  test.each([
    ['a changed node', raw.replace('"10000"', '"10001"'), 'bad_signature'],
    [
      'a second node before the signed one',
      raw.replace('{', `{"${create}":{"code":"10000"},`),
      'bad_signature',
    ],
    ['no signature', `{"${create}":${signed_node}}`, ''],
    ['another signature', raw.replace('"sign":"I', '"sign":"J'), 'bad_signature'],
    ['a web page', '<html>502</html>', 'malformed'],
    ['nothing', '', 'malformed'],
    ['a node of another call', sealedAs('alipay_trade_query_response', signed_node), 'malformed'],
    ['a node that is no object', sealedAs(create, '"10000"'), 'malformed'],
  ])('%s is never a yes', async (_name, body, code) => {
    expect(await asked(body)).toMatchObject({ ok: false, kind: 'unknown', ...(code && { code }) })
  })

  test('an unsigned gateway error is told, but as unknown', async () => {
    const node =
      '{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-signature","sub_msg":"验签出错"}'
    for (const name of ['error_response', create]) {
      expect(await asked(`{"${name}":${node}}`)).toEqual({
        ok: false,
        kind: 'unknown',
        code: 'isv.invalid-signature',
        message: '验签出错',
      })
    }
  })

  test.each([
    ['40004', 'ACQ.TRADE_HAS_CLOSE', 'refused'],
    ['40004', 'ACQ.SYSTEM_ERROR', 'unknown'],
    ['20000', 'isp.unknow-error', 'unknown'],
    ['40005', 'isv.app-call-limited', 'unknown'],
  ])('signed %s %s is %s', async (code, sub_code, kind) => {
    const node = JSON.stringify({ code, msg: 'm', sub_code, sub_msg: 's' })
    expect(await asked(sealedAs(create, node))).toMatchObject({ ok: false, kind, code: sub_code })
  })

  test('a server error is unknown', async () => {
    expect(await asked('', 502)).toMatchObject({ kind: 'unknown', code: 'http_502' })
  })
})

describe('notices', () => {
  const { notify } = vectors.alipay
  const read = (body: string, who = us) => readAlipayNotice(who, signed, Buffer.from(body))

  test('the vector is read', () => {
    expect(read(notify.body)).toEqual({
      ok: true,
      fact: {
        kind: 'trade',
        method: 'alipay',
        tradeNo: 'A20260101000001',
        state: 'paid',
        amountFen: 100,
        transactionId: '2026010122000000000000000001',
        paidAt: new Date('2026-01-01T00:00:04Z'),
        payerId: 'test-open-id',
        reference: 'notice 2026010100222080005000000000000001',
      },
    })
  })

  test('the signed text is the vector’s', () => {
    const params = { ...notify.params, sign: notify.sign }
    expect(noticeTexts(Object.entries(params))[0]).toBe(notify.message)
  })

  /** A form as Alipay would send it, checked by the public SDK before we look at it. */
  function form(
    change: Record<string, string | undefined>,
    drop: 'keep' | 'drop' = 'keep',
  ): string {
    const all = { ...notify.params, ...change }
    const params = Object.entries(all).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    )
    const text = noticeTexts(params)[drop === 'keep' ? 0 : 1]
    const sign = signText(createPrivateKey(platform.private_key), text)
    const sent = Object.fromEntries([...params, ['sign', sign]])
    if (drop === 'keep') expect(sdk.checkNotifySignV2(sent)).toBe(true)
    return new URLSearchParams(sent).toString()
  }

  test.each(['keep', 'drop'] as const)('empty values: %s', (drop) => {
    expect(read(form({ body: '', subject: '100% 好课 + 礼' }, drop))).toMatchObject({ ok: true })
  })

  test.each([
    [
      'one character',
      notify.body.replace('total_amount=1.00', 'total_amount=9.00'),
      'bad_signature',
    ],
    ['a parameter more', `${notify.body}&total_amount2=9.00`, 'bad_signature'],
    ['a parameter twice', `total_amount=9.00&${notify.body}`, 'malformed'],
    ['no signature', notify.body.replace(/&sign=.*/, ''), 'sign_missing'],
    ['the weaker algorithm', notify.body.replace('RSA2', 'RSA'), 'sign_missing'],
    ['broken escapes', `${notify.body}&x=%`, 'bad_signature'],
    ['nothing', '', 'sign_missing'],
    ['another app', form({ app_id: '2' }), 'wrong_merchant'],
    ['another seller', form({ seller_id: '2' }), 'wrong_merchant'],
    ['no seller', form({ seller_id: undefined }), 'wrong_merchant'],
    ['another event', form({ notify_type: 'servicemarket_order_notify' }), 'other_event'],
    ['an amount that is none', form({ total_amount: '1.001' }), 'malformed'],
    ['a negative amount', form({ total_amount: '-1.00' }), 'malformed'],
  ])('%s → refused', (_name, body, reason) => {
    expect(read(body)).toEqual({ ok: false, reason })
  })

  test.each([
    ['TRADE_SUCCESS', 'paid'],
    ['TRADE_FINISHED', 'paid'],
    ['TRADE_CLOSED', 'closed'],
    ['WAIT_BUYER_PAY', 'unpaid'],
    ['SOMETHING_NEW', 'unpaid'],
  ])('%s is %s', (trade_status, state) => {
    expect(read(form({ trade_status }))).toMatchObject({ ok: true, fact: { state } })
  })

  test('a refund’s notice is a hint to ask: its fee is the sum of all refunds', () => {
    const body = form({
      out_biz_no: 'R2',
      refund_fee: '0.70',
      gmt_refund: '2026-01-01 09:00:00.123',
    })
    expect(read(body)).toMatchObject({
      ok: true,
      fact: {
        kind: 'refund',
        refundNo: 'R2',
        tradeNo: 'A20260101000001',
        state: 'processing',
        amountFen: 0,
      },
    })
  })
})

describe('yuan text', () => {
  test('every amount survives the way there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000_00 }), (fen) => {
        expect(fenOf(yuan(fen))).toBe(fen)
      }),
    )
  })

  test('it is read exactly, where floats are not', () => {
    const pair = fc.tuple(fc.nat(10 ** 9), fc.nat(99))
    fc.assert(
      fc.property(pair, ([whole, part]) => {
        const fraction = String(part).padStart(2, '0')
        expect(fenOf(`${whole}.${fraction}`)).toBe(Number(`${whole}${fraction}`))
      }),
    )
    expect(['1', '1.5', '0.29', '1.10'].map(fenOf)).toEqual([100, 150, 29, 110])
  })

  test.each([
    '',
    '1.',
    '.5',
    '1.001',
    '01.00',
    '1e3',
    '-1.00',
    '+1.00',
    ' 1.00',
    '1,000.00',
    'NaN',
    '￥1',
  ])('%j is no amount', (text) => expect(fenOf(text)).toBeNull())
})
