/** Receipts (P9): issued once, what stands on them stays, and whoever has the code may check it. */
import { randomUUID } from 'node:crypto'
import { spacedCode } from '@jiyue/contract/receipt'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { linesOf } from '../../server/receipt/content.ts'
import { newSlot } from '../races/setting.ts'
import { caller, must, openWorld, registeredOrder, signIn, type World } from '../world.ts'
import { readPdf } from './pdf.ts'
import { codeOf, everything, type Paying, paid } from './proving.ts'

let world: World
let mei: Paying
beforeAll(async () => {
  world = await openWorld()
  mei = await paid(world)
})
afterAll(() => world.close())

const db = () => world.database.db
const anyone = () => caller(world.url)
const issue = ({ person, order }: Paying) =>
  must(person.call, 'putReceipt', { params: { id: order.id } })
const verify = (code: string) => must(anyone(), 'getReceipt', { params: { code } })
const receipts = ({ order }: Paying) =>
  db().selectFrom('receipts').selectAll().where('order_id', '=', order.id).execute()

test('200 taps at once issue one receipt, with one event', async () => {
  const lan = await paid(world)
  const taps = await Promise.all(Array.from({ length: 200 }, () => issue(lan)))
  const [receipt, ...others] = await receipts(lan)
  expect(others).toEqual([])
  const code = receipt?.code as string
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
  for (const tap of taps) {
    expect(tap).toEqual({
      code,
      verifyPath: `/pages/receipt/index?code=${code}`,
      pdfPath: `/v1/receipts/${code}/pdf`,
    })
  }
  const { rows } = await sql`select * from events
    where order_id = ${lan.order.id} and what = 'issue_receipt'`.execute(db())
  expect(rows).toHaveLength(1)
})

test('it says what was paid to the fen, and of the payer one character', async () => {
  const { code } = await issue(mei)
  const { receipt, refundedFen } = await verify(code)
  const { number, slot, service, quote, payment } = mei.order
  expect(receipt).toEqual({
    code,
    orderNumber: number,
    payee: '上海禾悦生活服务有限公司',
    payer: '林**',
    service: service.name,
    slot: { startsAt: slot.startsAt, endsAt: slot.endsAt },
    lines: quote.lines.map(({ label, amountFen }) => ({ label, amountFen })),
    paidFen: 4900,
    method: 'wechat',
    paidAt: payment?.paidAt,
    transactionId: payment?.transactionId,
    issuedAt: expect.any(String),
  })
  expect(receipt.lines.reduce((sum, { amountFen }) => sum + amountFen, 0)).toBe(4900)
  expect(refundedFen).toBe(0)
})

test('however it is typed, a code is found; one that was never issued is not', async () => {
  const { code } = await issue(mei)
  const loose = code.replaceAll('0', 'o').replaceAll('1', 'l')
  for (const typed of [code, spacedCode(code), code.toLowerCase(), ` ${spacedCode(loose)} `]) {
    expect((await verify(typed)).receipt.code).toBe(code)
  }
  const other = code.endsWith('0') ? `${code.slice(0, -1)}2` : `${code.slice(0, -1)}0`
  for (const typed of [other, 'U'.repeat(16), '0', "' or 1=1 --", '😀']) {
    expect(codeOf(await anyone()('getReceipt', { params: { code: typed } }))).toBe('not_found')
  }
})

test('what was issued stays as it was, whatever is renamed afterwards', async () => {
  const lan = await paid(world)
  const { code } = await issue(lan)
  const { receipt } = await verify(code)
  await sql`update services set name = '改了名字' where id = ${lecture}`.execute(db())
  await sql`update merchant set payee = '改了公司'`.execute(db())
  try {
    expect((await issue(lan)).code).toBe(code)
    expect((await verify(code)).receipt).toEqual(receipt)
  } finally {
    await sql`update services set name = ${receipt.service} where id = ${lecture}`.execute(db())
    await sql`update merchant set payee = ${receipt.payee}`.execute(db())
  }
})

test('what went back since is told: of this payment, without what a provider closed', async () => {
  const lan = await paid(world)
  const { code, pdfPath } = await issue(lan)
  const owe = (state: string, fen: number) =>
    sql`insert into refunds (id, payment_id, refund_no, amount_fen, reason, state, requested_at, refunded_at)
      values (gen_random_uuid(), ${lan.paymentId}, gen_random_uuid(), ${fen}, 'manual', ${state}, now(),
        ${state === 'succeeded' ? new Date() : null})`.execute(db())
  await owe('closed', 4900)
  expect((await verify(code)).refundedFen).toBe(0)
  await owe('succeeded', 900)
  expect((await verify(code)).refundedFen).toBe(900)
  expect((await pdf(pdfPath)).text).toContain('部分退款')
  await owe('succeeded', 4000)
  expect((await verify(code)).refundedFen).toBe(4900)
  expect((await pdf(pdfPath)).text).toContain('已全额退款')
})

test('nothing paid, nothing issued: unpaid, or all of it on its way back', async () => {
  const person = await signIn(world)
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const order = await registeredOrder(person, slotId)
  const ask = (id: string) => person.call('putReceipt', { params: { id } })
  const before = await everything(world)
  expect(codeOf(await ask(order.id))).toBe('not_paid')
  expect(await everything(world)).toBe(before)

  const lan = await paid(world)
  await sql`insert into refunds (id, payment_id, refund_no, amount_fen, reason, state, requested_at)
    values (gen_random_uuid(), ${lan.paymentId}, gen_random_uuid(), 4900, 'slot_gone', 'requested', now())`.execute(
    db(),
  )
  const none = await lan.person.call('putReceipt', { params: { id: lan.order.id } })
  expect(codeOf(none)).toBe('not_paid')
  expect(await receipts(lan)).toEqual([])
})

test('somebody else’s order answers like none', async () => {
  const ask = (id: string) => mei.person.call('putReceipt', { params: { id } })
  const lan = await paid(world)
  const before = await everything(world)
  expect(await ask(lan.order.id)).toEqual(await ask(randomUUID()))
  expect(codeOf(await ask(lan.order.id))).toBe('not_found')
  expect(await everything(world)).toBe(before)
})

describe('lines', () => {
  const quote = {
    lines: [
      { kind: 'base' as const, label: '讲座 × 1 人', amountFen: 6900 },
      { kind: 'discount' as const, label: '新人立减', amountFen: -2000 },
    ],
    listFen: 6900,
    discountFen: -2000,
    depositFen: 0,
    payableFen: 4900,
    includes: '',
  }
  test('those of the price where they come to what was paid', () => {
    const lines = linesOf(quote, { paid_fen: 4900, move_id: null }, '讲座')
    expect(lines.map(({ amountFen }) => amountFen)).toEqual([6900, -2000])
  })
  test('one that adds up where the order has another price since, or a move was paid', () => {
    expect(linesOf(quote, { paid_fen: 5900, move_id: null }, '讲座')).toEqual([
      { label: '讲座', amountFen: 5900 },
    ])
    expect(linesOf(quote, { paid_fen: 4900, move_id: randomUUID() }, '讲座')).toEqual([
      { label: '讲座（改期差价）', amountFen: 4900 },
    ])
    expect(linesOf(null, { paid_fen: 1, move_id: null }, '讲座')).toEqual([
      { label: '讲座', amountFen: 1 },
    ])
  })
})

describe('the PDF', () => {
  test('comes under a Chinese name, for one person only, and shows the receipt', async () => {
    const { pdfPath, code } = await issue(mei)
    const response = await fetch(world.url + pdfPath)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/pdf')
    expect(response.headers.get('cache-control')).toMatch(/^private/)
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="receipt-${code}.pdf"; filename*=UTF-8''${encodeURIComponent(
        `支付凭证-${mei.order.number}.pdf`,
      )}`,
    )
    const { text } = readPdf(Buffer.from(await response.arrayBuffer()))
    for (const said of ['¥49.00', '人民币肆拾玖元整', spacedCode(code), '林**', mei.order.number]) {
      expect(text).toContain(said)
    }
    expect(text).not.toContain('林小满')
  })

  test.each(['0'.repeat(16), 'U'.repeat(16), '%00', 'x'.repeat(3000), '..%2f..', '%F0%9F%98%80'])(
    'of a code nobody has (%#) is a clear no',
    async (code) => {
      const response = await fetch(`${world.url}/v1/receipts/${code}/pdf`)
      expect(response.status).toBe(404)
      expect(await response.json()).toMatchObject({ error: { code: 'not_found' } })
    },
  )
})

async function pdf(path: string) {
  const response = await fetch(world.url + path)
  return readPdf(Buffer.from(await response.arrayBuffer()))
}
