/** Reading the text of bills (M3): by the names of columns, exactly, or not at all. */

import { readAlipayBill } from '../../server/payment/gateways/alipay/billRows.ts'
import { BillError, chargeIn, rowsUnder } from '../../server/payment/gateways/billText.ts'
import { readWechatBill } from '../../server/payment/gateways/wechat/bill.ts'
import vectors from '../gateways/vectors.json'

const { csv } = vectors.wechat.tradebill_all
const mchid = '1900000001'
const DAY = '2026-01-01'
const readWechat = (text: string) => readWechatBill(text, mchid, DAY)

const seller = '2088000000000001'
const readAlipay = (text: string) => readAlipayBill(text, seller, DAY)

/** A bill as Alipay writes it (facts 2.2). */
function alipayBill({
  rows = [PAID, BACK] as Record<string, string>[],
  columns = COLUMNS,
  head = `#账号：[${seller}0156]`,
  days = '#起始日期：[2026年01月01日 00:00:00]   终止日期：[2026年01月02日 00:00:00]',
  sums = '#交易合计：2笔，商家实收共0.60元，商家优惠共0.00元',
  end = '#-----------------------------------------业务明细列表结束------------------------------------',
} = {}): string {
  return [
    '#支付宝业务明细查询',
    head,
    days,
    '#-----------------------------------------业务明细列表----------------------------------------',
    columns.join(','),
    ...rows.map((row) => columns.map((name) => row[name] ?? '').join(',')),
    end,
    sums,
    '#导出时间：[2026年01月02日   10:00:00]',
    '',
  ].join('\r\n')
}

const COLUMNS = (
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,' +
  '订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,' +
  '券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'
).split(',')

const PAID: Record<string, string> = {
  支付宝交易号: '2026010122000000000000000001\t',
  商户订单号: 'A20260101000001\t',
  业务类型: '交易',
  商品名称: '体验课',
  创建时间: '2026-01-01 07:59:50',
  完成时间: '2026-01-01 08:00:04',
  '订单金额（元）': '1.00',
  '商家实收（元）': '1.00',
  '服务费（元）': '-0.01',
  '分润（元）': '0.00',
}
const BACK: Record<string, string> = {
  ...PAID,
  业务类型: '退款',
  完成时间: '2026-01-01 08:30:00',
  '订单金额（元）': '-0.40',
  '商家实收（元）': '-0.40',
  '退款批次号/请求号': 'R20260101000001\t',
  '服务费（元）': '0.00',
}

/** The code a text is refused with. */
function refusalOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof BillError) return error.code
    throw error
  }
  return 'read'
}

describe('WeChat Pay', () => {
  const expected = [
    {
      kind: 'trade',
      tradeNo: 'T20260101000001',
      refundNo: null,
      amountFen: 100,
      state: 'succeeded',
      charge: '0.01000',
      transactionId: '4200000000202601010000000001',
      at: new Date('2026-01-01T00:00:00Z'),
    },
    {
      kind: 'refund',
      tradeNo: 'T20260101000001',
      refundNo: 'R20260101000001',
      amountFen: 40,
      state: 'succeeded',
      charge: '0.00000',
      transactionId: '4200000000202601010000000001',
      at: new Date('2026-01-01T00:30:00Z'),
    },
  ]

  test('the vector', () => {
    expect(readWechat(csv)).toEqual(expected)
  })

  /** The same bill with its columns in another order, sums included. */
  function shuffled(text: string): string {
    const lines = text.replace('\ufeff', '').trimEnd().split('\r\n')
    const turn = (line: string) => {
      const cells = line.split(',')
      return [...cells.slice(0, 1), ...cells.slice(1).reverse()].join(',')
    }
    return `\ufeff${lines.map(turn).join('\r\n')}\r\n`
  }

  test.each([
    ['without a byte order mark', csv.replace('\ufeff', '')],
    ['with plain line ends', csv.replaceAll('\r\n', '\n')],
    ['without back ticks', csv.replaceAll('`', '')],
    ['with columns in another order', shuffled(csv)],
    [
      'with a column nobody knew',
      csv
        .replace('费率备注', '费率备注,新列')
        .replace(/`\r\n`/, '`,`\r\n`')
        .replace('`0.40,`\r\n总', '`0.40,`,`\r\n总'),
    ],
    ['with a comma of ours, escaped', csv.replaceAll('体验课', '体验课\\ 第一讲')],
  ])('%s', (_name, text) => {
    expect(text).not.toBe(csv)
    expect(readWechat(text)).toEqual(expected)
  })

  test('what is taken keeps its decimals and its sign', () => {
    const text = csv.replace('`0.01000,`0.60%', '`-0.00246,`0.60%')
    expect(readWechat(text)[0]?.charge).toBe('-0.00246')
  })

  test('amounts are exact: 0.29 yuan are 29 fen', () => {
    const text = csv.replace(/`1\.00/g, '`0.29')
    expect(readWechat(text)[0]?.amountFen).toBe(29)
  })

  test.each([
    ['SUCCESS', 'succeeded'],
    ['PROCESSING', 'processing'],
    ['FAIL', 'failed'],
    ['CHANGE', 'failed'],
  ])('a refund that is %s %s', (word, state) => {
    const text = csv.replace('`ORIGINAL,`SUCCESS', `\`ORIGINAL,\`${word}`)
    expect(readWechat(text)[1]).toMatchObject({ kind: 'refund', state, amountFen: 40 })
  })

  test('a payment that was revoked moved no money', () => {
    expect(readWechat(csv.replace('`JSAPI,`SUCCESS', '`JSAPI,`REVOKED'))[0]).toMatchObject({
      kind: 'trade',
      state: 'failed',
      amountFen: 100,
    })
  })

  test('a refund without a number of the merchant’s goes by WeChat’s', () => {
    const text = csv.replace('`R20260101000001', '`0')
    expect(readWechat(text)[1]?.refundNo).toBe('50000000000000000000000000001')
  })

  const lines = csv.split('\r\n')
  test.each([
    ['nothing', '', 'broken_bill'],
    ['a page', '<html><h1>502</h1></html>', 'broken_bill'],
    ['no sums', lines.slice(0, 3).join('\r\n'), 'broken_bill'],
    ['no values of the sums', lines.slice(0, 4).join('\r\n'), 'broken_bill'],
    ['a missing row', [lines[0], ...lines.slice(2)].join('\r\n'), 'broken_bill'],
    ['another count', csv.replace('`2,`1.00', '`3,`1.00'), 'broken_bill'],
    [
      'another sum of payments',
      csv.replace('`0.01000,`1.00,`0.40', '`0.01000,`1.01,`0.40'),
      'broken_bill',
    ],
    ['another sum of refunds', csv.replace('`1.00,`0.40\r\n', '`1.00,`0.41\r\n'), 'broken_bill'],
    ['a half row', csv.replace(',`体验课,`,`0.01000,`0.60%,`1.00,`0.00,`', ''), 'broken_bill'],
    ['a row with a cell more', csv.replace('`体验课', '`体验,课'), 'broken_bill'],
    ['an amount in words', csv.replaceAll('`1.00', '`一元'), 'broken_bill'],
    ['an amount with a thousands mark', csv.replaceAll('`1.00', '`1 000.00'), 'broken_bill'],
    ['a power', csv.replaceAll('`1.00', '`1e2'), 'broken_bill'],
    ['a negative payment', csv.replaceAll('`1.00', '`-1.00'), 'broken_bill'],
    ['three decimals', csv.replaceAll('`1.00', '`1.005'), 'broken_bill'],
    ['more than can be kept', csv.replaceAll('`1.00', '`21474836.48'), 'broken_bill'],
    ['an unknown state', csv.replace('`JSAPI,`SUCCESS', '`JSAPI,`MAYBE'), 'broken_bill'],
    ['no time', csv.replace('`2026-01-01 08:00:00', '`gestern'), 'broken_bill'],
    ['no number', csv.replaceAll('`T20260101000001', '`'), 'broken_bill'],
    ['a number that is none', csv.replaceAll('`T20260101000001', "`' or 1=1 --"), 'broken_bill'],
    ['a column less', csv.replace('商户订单号', '商户单号'), 'broken_bill'],
    ['a column twice', csv.replace('设备号', '商户订单号'), 'broken_bill'],
    ['GBK taken for UTF-8', Buffer.from(csv, 'latin1').toString('utf8'), 'broken_bill'],
    ['another merchant', csv.replace(/`1900000001/g, '`1900000002'), 'wrong_merchant'],
    ['one row of another merchant', csv.replace('`1900000001', '`1900000002'), 'wrong_merchant'],
    ['another day', csv.replaceAll('`2026-01-01', '`2026-01-04'), 'wrong_day'],
  ])('%s is refused', (_name, text, code) => {
    expect(refusalOf(() => readWechat(text))).toBe(code)
  })
})

describe('Alipay', () => {
  const expected = [
    {
      kind: 'trade',
      tradeNo: 'A20260101000001',
      refundNo: null,
      amountFen: 100,
      state: 'succeeded',
      charge: '0.01',
      transactionId: '2026010122000000000000000001',
      at: new Date('2026-01-01T00:00:04Z'),
    },
    {
      kind: 'refund',
      tradeNo: 'A20260101000001',
      refundNo: 'R20260101000001',
      amountFen: 40,
      state: 'succeeded',
      charge: '0.00',
      transactionId: '2026010122000000000000000001',
      at: new Date('2026-01-01T00:30:00Z'),
    },
  ]

  test.each([
    ['as it is', alipayBill()],
    ['with plain line ends', alipayBill().replaceAll('\r\n', '\n')],
    ['with columns in another order', alipayBill({ columns: [...COLUMNS].reverse() })],
    ['with a column nobody knew', alipayBill({ columns: ['新列', ...COLUMNS] })],
  ])('%s', (_name, text) => {
    expect(readAlipay(text)).toEqual(expected)
  })

  test('a day with nothing but its frame has no rows', () => {
    const sums = '#交易合计：0笔，商家实收共0.00元，商家优惠共0.00元'
    expect(readAlipay(alipayBill({ rows: [], sums }))).toEqual([])
  })

  test('more refunded than paid: the sum is negative', () => {
    const sums = '#交易合计：1笔，商家实收共-0.40元，商家优惠共0.00元'
    expect(readAlipay(alipayBill({ rows: [BACK], sums }))).toMatchObject([{ amountFen: 40 }])
  })

  test('what is given back of what was taken is negative, as WeChat writes it', () => {
    const rows = [PAID, { ...BACK, '服务费（元）': '0.01' }]
    expect(readAlipay(alipayBill({ rows })).map((row) => row.charge)).toEqual(['0.01', '-0.01'])
  })

  test('refunds without a number go by their payment’s, each by its own', () => {
    const bare = { ...BACK, '退款批次号/请求号': '' }
    const sums = '#交易合计：3笔，商家实收共0.20元，商家优惠共0.00元'
    const read = readAlipay(alipayBill({ rows: [PAID, bare, bare], sums }))
    expect(read.map((row) => row.refundNo)).toEqual([null, 'A20260101000001', 'A20260101000001-2'])
  })

  test('half a character in a name costs nothing', () => {
    const rows = [{ ...PAID, 商品名称: '体验\ufffd' }, BACK]
    expect(readAlipay(alipayBill({ rows }))).toEqual(expected)
  })

  const spoilt = (change: Record<string, string>) =>
    alipayBill({ rows: [{ ...PAID, ...change }, BACK] })
  test.each([
    ['nothing', '', 'broken_bill'],
    ['a page', '<html>', 'broken_bill'],
    [
      'UTF-8 taken for GBK',
      new TextDecoder('gbk').decode(Buffer.from(alipayBill())),
      'broken_bill',
    ],
    ['no end of the list', alipayBill({ end: PAID.商品名称 ?? '' }), 'broken_bill'],
    ['no sums', alipayBill({ sums: '' }), 'broken_bill'],
    ['another count', alipayBill({ rows: [PAID] }), 'broken_bill'],
    ['another sum', spoilt({ '商家实收（元）': '1.01' }), 'broken_bill'],
    ['a comma more in a row', spoilt({ 商品名称: '体验,课' }), 'broken_bill'],
    ['an unknown kind', spoilt({ 业务类型: '其它' }), 'broken_bill'],
    ['a payment below nothing', spoilt({ '订单金额（元）': '-1.00' }), 'broken_bill'],
    ['a refund above nothing', spoilt({ 业务类型: '退款' }), 'broken_bill'],
    ['an amount in words', spoilt({ '订单金额（元）': '一元' }), 'broken_bill'],
    ['no number', spoilt({ 商户订单号: '\t' }), 'broken_bill'],
    ['no time', spoilt({ 完成时间: '' }), 'broken_bill'],
    ['a missing column', alipayBill({ columns: COLUMNS.slice(0, -4) }), 'broken_bill'],
    ['another account', alipayBill({ head: '#账号：[20880000000000020156]' }), 'wrong_merchant'],
    ['another day', alipayBill({ days: '#起始日期：[2026年01月02日 00:00:00]' }), 'wrong_day'],
    ['a row of another day', spoilt({ 完成时间: '2026-01-09 08:00:00' }), 'wrong_day'],
  ])('%s is refused', (_name, text, code) => {
    expect(refusalOf(() => readAlipay(text))).toBe(code)
  })
})

test('a charge is yuan with up to five decimals', () => {
  const [cells] = rowsUnder('fee', ['0.123456'], (cell) => cell)
  expect(refusalOf(() => cells && chargeIn(cells, 'fee'))).toBe('broken_bill')
})
