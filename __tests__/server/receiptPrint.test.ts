/** The printed receipt (P9): Chinese that is there on every phone, and a code that a camera reads. */
import type { Receipt } from '@jiyue/contract/receipt'
import jsQR from 'jsqr'
import { openPress, type Press } from '../../server/receipt/press.ts'
import { refundLabel, type Sheet, type SheetRefund, stampOf } from '../../server/receipt/sheet.ts'
import { type Read, readPdf } from './pdf.ts'

let press: Press
beforeAll(() => {
  press = openPress()
})
afterAll(() => press.close())

const receipt: Receipt = {
  code: '7K2M9PQ4XYZ01ABC',
  orderNumber: 'JY261001000123',
  payee: '上海禾悦生活服务有限公司',
  payer: '林**',
  service: '家庭深度保洁',
  slot: { startsAt: '2026-10-01T06:00:00.000Z', endsAt: '2026-10-01T08:00:00.000Z' },
  lines: [
    { label: '家庭深度保洁 × 1', amountFen: 12_800 },
    { label: '新人立减', amountFen: -2_000 },
    { label: '押金', amountFen: 20_000 },
  ],
  paidFen: 30_800,
  method: 'wechat',
  paidAt: '2026-09-28T06:03:22.000Z',
  transactionId: '4200002212202610018837261940',
  issuedAt: '2026-09-28T06:04:00.000Z',
}

const sheet: Sheet = {
  receipt,
  merchant: '禾悦生活服务',
  refunds: [],
  verifyUrl: 'https://jiyue.example.com/pages/receipt/index?code=7K2M9PQ4XYZ01ABC',
  printedAt: '2026-09-28T06:05:00.000Z',
}

const refund = (of: Partial<SheetRefund> = {}): SheetRefund => ({
  reason: 'cancelled',
  state: 'succeeded',
  amountFen: 30_800,
  at: '2026-10-03T06:00:00.000Z',
  ...of,
})

async function printed(of: Partial<Sheet> = {}): Promise<Read & { bytes: number }> {
  const pdf = await press.print({ ...sheet, ...of })
  return { ...readPdf(pdf), bytes: pdf.length }
}

test('it says who paid whom for what, when, how and how much, in figures and in capitals', async () => {
  const { text } = await printed()
  for (const said of [
    '支付凭证',
    '禾悦生活服务',
    '¥308.00',
    '人民币叁佰零捌元整',
    '上海禾悦生活服务有限公司',
    '林**',
    '2026年10月1日 周四 14:00–16:00',
    '微信支付',
    '2026-09-28 14:03',
    '4200002212202610018837261940',
    '家庭深度保洁 × 1',
    '¥128.00',
    '新人立减',
    '-¥20.00',
    '押金',
    '¥200.00',
    'JY261001000123',
    '7K2M 9PQ4 XYZ0 1ABC',
  ]) {
    expect(text).toContain(said)
  }
})

test('a camera reads the full address of its verification page from it', async () => {
  expect(qrOf(await printed())).toBe(sheet.verifyUrl)
})

/** Paints the code's bars, four dots to the point, as a screen would, and reads them. */
function qrOf({ rectangles }: Read): string | undefined {
  // The bar at the top and the hairlines are as wide as the page.
  const bars = rectangles.filter((one) => one.width < 100)
  const [left, top] = [Math.min(...bars.map(({ x }) => x)), Math.min(...bars.map(({ y }) => y))]
  const [dots, quiet, side] = [4, 40, 84 * 4 + 80]
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255)
  const dot = (point: number, from: number) => Math.round((point - from) * dots) + quiet
  for (const { x, y, width, height } of bars) {
    for (let row = dot(y, top); row < dot(y + height, top); row++) {
      const [from, to] = [dot(x, left), dot(x + width, left)].map((one) => (row * side + one) * 4)
      for (let at = from ?? 0; at < (to ?? 0); at += 4) pixels.fill(0, at, at + 3)
    }
  }
  return jsQR(pixels, side, side)?.data
}

test('every character is in the file, as a subset: under 120 KB, one page of A5', async () => {
  const { fonts, glyphs, bytes, pages, size } = await printed({ refunds: [refund()] })
  expect(fonts.map(({ name }) => name.slice(7)).sort()).toEqual([
    'NotoSansHans-Medium',
    'NotoSansHans-Regular',
  ])
  expect(fonts.every(({ name, embedded }) => embedded && /^[A-Z]{6}\+/.test(name))).toBe(true)
  expect(glyphs.length).toBeGreaterThan(200)
  expect(glyphs).not.toContain(0)
  expect(bytes).toBeLessThan(120 * 1024)
  expect([pages, ...size.map(Math.round)]).toEqual([1, 420, 595])
})

test('a name of rare characters is printed as it is', async () => {
  const { text, glyphs } = await printed({
    receipt: { ...receipt, payee: '㛃龘𬭎（上海）有限公司', payer: '𬭎**' },
  })
  expect(text).toContain('㛃龘𬭎（上海）有限公司')
  expect(text).toContain('𬭎**')
  expect(glyphs).not.toContain(0)
})

test('what the font lacks is one 〓, what has no shape is nothing', async () => {
  const { text, glyphs } = await printed({
    receipt: {
      ...receipt,
      payee: '𠮷祥😀👨‍👩‍👧店\u200b\u202e葛\u{e0100}\ufeff家\u0007',
      service: '한글 \ud83d 课',
    },
  })
  expect(text).toContain('〓祥〓〓店葛家')
  expect(text).toContain('〓〓 〓 课')
  expect(glyphs).not.toContain(0)
})

test('long names and many lines make it longer, never cut or spread over pages', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => ({
    label: `场地租赁及企业团建策划服务（含主持、摄影、餐饮、接送、保险） 第 ${index} 项`,
    amountFen: 100_000 + index,
  }))
  const refunds = Array.from({ length: 10 }, (_, index) => refund({ amountFen: 1 + index }))
  const service = '很长的服务名'.repeat(30)
  const read = await printed({ receipt: { ...receipt, lines, service }, refunds })
  expect(read.pages).toBe(1)
  expect(read.text.replaceAll('\n', '')).toContain(service)
  for (const { amountFen } of lines) expect(read.text).toContain(`¥${amountFen / 100}`)
  expect(qrOf(read)).toBe(sheet.verifyUrl)
  expect(read.bytes).toBeLessThan(120 * 1024)
})

describe('the stamp says what became of the money', () => {
  const stamp = (...refunds: SheetRefund[]) => stampOf({ receipt, refunds })
  const part = { amountFen: 100 }
  const under = { state: 'requested' } as const
  const deposit = { reason: 'deposit', amountFen: 20_000 } as const

  test.each([
    ['nothing went back', null, []],
    ['all of it', '已全额退款', [refund()]],
    ['all of it in two parts', '已全额退款', [refund(part), refund({ amountFen: 30_700 })]],
    ['all of it is on its way', '全额退款中', [refund(under)]],
    ['a part', '部分退款', [refund(part)]],
    ['a part is on its way', '部分退款中', [refund(part), refund({ ...part, state: 'failed' })]],
    ['the deposit', '押金已退', [refund(deposit)]],
    ['the deposit is on its way', '押金退还中', [refund({ ...deposit, ...under })]],
    ['the deposit and a part', '部分退款', [refund(deposit), refund(part)]],
  ] as const)('%s: %s', (_, expected, refunds) => {
    expect(stamp(...refunds)).toBe(expected)
  })

  test('it stands on the paper, with every refund by its reason', async () => {
    const refunds = [refund(deposit), refund({ ...part, ...under, reason: 'manual' })]
    const { text } = await printed({ refunds })
    expect(text).toContain('部分退款中')
    for (const one of refunds) expect(text).toContain(refundLabel(one))
    expect(text).toContain('-¥200.00')
    expect(text).toContain('-¥1.00')
  })
})

test('receipts asked for together are printed each as its own', async () => {
  const codes = ['0', '1', '2', '3', '4', '5'].map((letter) => letter.repeat(16))
  const reads = await Promise.all(
    codes.map((code) =>
      printed({ receipt: { ...receipt, code }, verifyUrl: `https://a.cn/?code=${code}` }),
    ),
  )
  expect(reads.map(qrOf)).toEqual(codes.map((code) => `https://a.cn/?code=${code}`))
})

test('one that cannot be drawn is an error of its own, and the next is printed', async () => {
  const broken = { ...sheet, receipt: { ...receipt, paidFen: -1 } }
  await expect(press.print(broken)).rejects.toThrow('-1 is no amount')
  expect((await printed()).pages).toBe(1)
})

test('a press that is closed while it prints says so, and starts anew when asked again', async () => {
  const waiting = expect(press.print(sheet)).rejects.toThrow('the press stopped')
  // The worker is there once its turn has come.
  await Promise.resolve()
  await press.close()
  await waiting
  expect((await printed()).pages).toBe(1)
})
