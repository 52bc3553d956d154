/** What the tests of pictures, proofs and receipts share: drawn bills, orders that wait for money. */
import { createHash, randomUUID } from 'node:crypto'
import type { Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import sharp, { type Sharp } from 'sharp'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  until,
  type World,
} from '../world.ts'

export const codeOf = <T>(result: Result<T>) => (result.ok ? 'ok' : result.code)
export const minute = 60_000

/** Every row of every table, in one text: nothing was written when it is the same. */
export async function everything(
  { database: { db } }: World,
  except: readonly string[] = [],
): Promise<string> {
  const { rows } = await sql<{ table: string }>`
    select tablename as "table" from pg_tables where schemaname = 'public' order by 1`.execute(db)
  const sums = await Promise.all(
    rows
      .filter(({ table }) => !except.includes(table))
      .map(async ({ table }) => {
        const sum = await sql<{ n: number; sum: string }>`
        select count(*)::int as n, coalesce(sum(hashtext(t::text)), 0)::text as sum
        from ${sql.table(table)} t`.execute(db)
        return `${table} ${sum.rows[0]?.n} ${sum.rows[0]?.sum}`
      }),
  )
  return sums.join('\n')
}

export interface Bill {
  shop: string
  amount: string
  time: string
  number: string
  clock: string
}

let bills = 0
/** A bill nobody else in this test file has. */
export function someBill(of: Partial<Bill> = {}): Bill {
  bills += 1
  const hash = createHash('sha256').update(String(bills)).digest()
  let at = 0
  const digits = (count: number) =>
    Array.from({ length: count }, () => (hash[at++] ?? 0) % 10).join('')
  return {
    shop: '禾悦生活服务',
    amount: `-${digits(3)}.${digits(2)}`,
    time: `2026-${digits(2)}-${digits(2)} ${digits(2)}:${digits(2)}:${digits(2)}`,
    number: `42000${digits(12)}`,
    clock: `${digits(2)}:${digits(2)}`,
    ...of,
  }
}

const [WIDE, HIGH] = [540, 1170]

/** A wallet's bill as a phone's screenshot shows it. Characters are patterns: no font is needed. */
export function drawBill({ shop, amount, time, number, clock }: Bill): Sharp {
  const data = new Uint8Array(WIDE * HIGH).fill(255)
  data.fill(237, 0, 60 * WIDE)
  data.fill(237, 810 * WIDE)
  write(data, clock, 30, 20, 20)
  write(data, '账单详情', 220, 75, 24)
  write(data, shop, 200, 215, 22)
  write(data, amount, 150, 260, 45)
  const rows = [
    ['当前状态', '支付成功'],
    ['支付时间', time],
    ['商品', `${shop}订单`],
    ['商户全称', '上海禾悦生活服务有限公司'],
    ['支付方式', '零钱'],
    ['交易单号', number],
    ['商户单号', [...number].reverse().join('')],
  ]
  for (const [row, [label = '', value = '']] of rows.entries()) {
    write(data, label, 30, 360 + row * 55, 20)
    write(data, value, 160, 360 + row * 55, 20)
  }
  return sharp(data, { raw: { width: WIDE, height: HIGH, channels: 1 } })
}

/** Each character as its own pattern of 6 by 8 dots in a box of `size`. */
function write(data: Uint8Array, text: string, left: number, top: number, size: number): void {
  const isWide = /[^\0-\x7f]/.test(text)
  const width = isWide ? size : size * 0.6
  const ink = width * 0.85
  for (const [index, character] of [...text].entries()) {
    const code = Math.imul(character.codePointAt(0) ?? 0, 2_654_435_761)
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < ink; x++) {
        const bit = (((y * 8) / size) | 0) * 6 + (((x * 6) / ink) | 0)
        if ((code >>> (bit % 31)) & 1)
          data[(top + y) * WIDE + ((left + index * width + x) | 0)] = 30
      }
    }
  }
}

export const pngOf = (bill: Bill = someBill()) =>
  drawBill(bill).png({ compressionLevel: 1 }).toBuffer()

/** Sends a picture as somebody; its id. */
export async function sendPicture(person: Person, file: Buffer): Promise<string> {
  const params = { id: randomUUID() }
  await must(person.call, 'putPicture', { params, body: { base64: file.toString('base64') } })
  return params.id
}

export interface Paying {
  person: Person
  order: Order
  paymentId: string
  tradeNo: string
}

/** Somebody new with an open payment of the lecture: 49 yuan, 69 less 20 for newcomers. */
export async function paying(world: World, slotId?: string): Promise<Paying> {
  const person = await signIn(world)
  const slot = slotId ?? (await newSlot(world.database.db, { serviceId: lecture, capacity: 9 }))
  const order = await registeredOrder(person, slot)
  const { paymentId, tradeNo } = await openPayment(person, order.id)
  return { person, order, paymentId, tradeNo }
}

export async function openPayment(person: Person, orderId: string) {
  const id = randomUUID()
  const { params } = await must(person.call, 'createPayment', {
    params: { id: orderId },
    body: { id, method: 'wechat', scene: 'weapp' },
  })
  return { paymentId: id, tradeNo: id.replaceAll('-', ''), params }
}

/** An order whose money came as it should. */
export async function paid(world: World): Promise<Paying> {
  const person = await signIn(world)
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const order = await registeredOrder(person, slot)
  const { paymentId, tradeNo, params } = await openPayment(person, order.id)
  await payAtCashier(world, params)
  await until('confirmed', async () => (await readOrder(person, order.id)).state === 'confirmed')
  return { person, order: await readOrder(person, order.id), paymentId, tradeNo }
}

export const readOrder = (person: Person, id: string) =>
  must(person.call, 'getOrder', { params: { id } })
