/**
 * Everybody of a slot that falls through runs for the few seats offered instead (M9 X5): through the
 * product's own endpoints. Exactly as many move as there are seats; all the others keep their order and
 * their money's way back. TEST_HEAVY=1 runs it with 500 people for 100 seats.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { priceOrder } from '../../server/booking/price.ts'
import { type Db, openPool } from '../../server/db/pool.ts'
import { tx } from '../../server/db/tx.ts'
import { lecture } from '../../server/demo/world.ts'
import { endDisrupted, tellDisrupted } from '../../server/disruption/follow.ts'
import { apply } from '../../server/order/order.ts'
import { settle } from '../../server/payment/settle.ts'
import { allChanged, wholeRound } from '../server/auditing.ts'
import { caller, must, openWorld, signInOwner, type World } from '../world.ts'
import {
  copyWithout,
  deafBus,
  decide,
  newSlot,
  newUsers,
  openCrowd,
  seatsTaken,
} from './setting.ts'

const [people, seats] = process.env.TEST_HEAVY ? [500, 100] : [80, 16]
const priceFen = 6900

let world: World
let crowd: Db
beforeAll(async () => {
  world = await openWorld()
  crowd = openCrowd(world.database.url, 24)
  await sql`insert into rules values ('bookingDays', 365), ('ordersPerUser', 1000)`.execute(
    world.database.db,
  )
})
afterAll(async () => {
  await crowd.close()
  await world.close()
})

const quote = priceOrder(
  {
    name: '讲座',
    price_fen: priceFen,
    price_unit: '人',
    charged_per: 'person',
    includes: '',
    deposit_fen: 0,
    deposit_condition: null,
  },
  1,
  [],
  false,
)

/** Paid orders of one slot, one a person, each with a way to call. */
async function crowded(slot: string) {
  const { db } = world.parts
  const users = await newUsers(db, people)
  const orders = users.map((user) => ({ order: randomUUID(), user, slot, party: 1 }))
  expect(new Set(await decide(db, orders))).toEqual(new Set(['granted']))
  for (const { order } of orders) {
    await tx(db, (t) => apply(t, deafBus, order, 'register', { by: 'user', quote }))
    await pay(order)
  }
  const tokens = await Promise.all(users.map((user) => tokenOf(user)))
  return orders.map(({ order }, i) => ({ order, call: caller(world.url, tokens[i]) }))
}

/** Its money, as a verified notice brings it. */
async function pay(orderId: string) {
  const { db } = world.parts
  const id = randomUUID()
  const tradeNo = `P${id.replaceAll('-', '')}`
  const now = world.parts.now()
  await db
    .insertInto('payments')
    .values({
      id,
      order_id: orderId,
      method: 'wechat',
      scene: 'weapp',
      client_ip: '',
      trade_no: tradeNo,
      amount_fen: priceFen,
      state: 'pending',
      params: null,
      expires_at: new Date(now.getTime() + 600_000),
      ask_at: null,
      transaction_id: null,
      paid_fen: null,
      paid_at: null,
      created_at: now,
      move_id: null,
    })
    .execute()
  const fact = { kind: 'trade', method: 'wechat', tradeNo, state: 'paid' } as const
  const paid = { amountFen: priceFen, transactionId: `T${tradeNo}`.slice(0, 28), paidAt: now }
  await settle(world.parts, { ...fact, ...paid }, 'notice')
}

async function tokenOf(userId: string): Promise<string> {
  const { createHash, randomBytes } = await import('node:crypto')
  const token = randomBytes(32).toString('base64url')
  await world.parts.db
    .insertInto('sessions')
    .values({
      token_hash: createHash('sha256').update(token).digest(),
      user_id: userId,
      person_id: null,
      host: 'weapp',
      expires_at: new Date(Date.now() + 86_400_000),
    })
    .execute()
  return token
}

test(`${people} people run for ${seats} seats: as many move as fit, the rest are refunded in full`, async () => {
  const owner = await signInOwner(world)
  const { db } = world.parts
  const from = await newSlot(db, { serviceId: lecture, capacity: people, startsIn: 60 })
  const to = await newSlot(db, { serviceId: lecture, capacity: seats, startsIn: 90 })
  const crew = await crowded(from)
  const id = randomUUID()
  const acted = await must(owner.call, 'putDisruption', {
    params: { id },
    body: {
      slotIds: [from],
      reason: '场地停电',
      note: null,
      choiceIds: [to],
      fallback: 'refund',
      deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
      coupon: null,
    },
  })
  expect(acted.counts.waiting).toBe(people)
  while ((await tellDisrupted(world.parts)) > 0);
  const said = await Promise.all(
    crew.map(async ({ order, call }) => {
      const body = { orderId: order, slotId: to, dueFen: 0, refundFen: 0 }
      const params = { id: randomUUID() }
      // All of them want the same two rows: who waited too long asks again, as a phone does.
      for (;;) {
        const result = await call('putMove', { params, body })
        if (result.ok) return result.value.move.state
        if (result.code !== 'unavailable') return result.code
      }
    }),
  )
  expect(said.filter((one) => one === 'done')).toHaveLength(seats)
  expect(new Set(said)).toEqual(new Set(['done', 'slot_full']))
  expect([await seatsTaken(db, to), await seatsTaken(db, from)]).toEqual([seats, people - seats])

  // Two processes share the work; what a busy machine kept from ending is due again later.
  const rest = async () => {
    while ((await endDisrupted(world.parts)) > 0);
  }
  for (const hours of [2, 3, 4]) {
    world.clock.aheadMs = hours * 3_600_000
    await Promise.all([rest(), rest()])
  }
  const { counts } = await must(owner.call, 'getDisruption', { params: { id } })
  expect(counts).toMatchObject({ moved: seats, by_rule: people - seats, waiting: 0 })
  const { rows } = await sql<{ refunds: number; fen: number }>`
    select count(*)::int as refunds, sum(r.amount_fen)::int as fen from refunds r
    join payments p on p.id = r.payment_id join disrupted_orders d on d.order_id = p.order_id
    where d.disruption_id = ${id}`.execute(db)
  expect(rows[0]).toEqual({ refunds: people - seats, fen: (people - seats) * priceFen })
  expect([await seatsTaken(db, to), await seatsTaken(db, from)]).toEqual([seats, 0])
  await allChanged(world.parts)
  for (const round of ['slots', 'orders', 'history'] as const) await wholeRound(world.parts, round)
  const found = await sql`select kind from findings where resolved_at is null`.execute(db)
  expect(found.rows).toEqual([])
}, 300_000)

test('control: with a move that looks without locks and no constraint, more move than there are seats', async () => {
  const { db } = world.parts
  const rush = openPool(world.database.url, { max: 24, name: 'rush', waitMs: 60_000 })
  try {
    await copyWithout(db, 'lock_slots', 'lock_nothing', [[' for no key update of slots', '']])
    await copyWithout(db, 'lock_move', 'look_only', [['lock_slots(', 'lock_nothing(']])
    await copyWithout(db, 'move_order', 'move_unguarded', [['lock_move(', 'look_only(']])
    await sql`alter table slots drop constraint slots_never_oversold`.execute(db)
    let most = 0
    for (let round = 0; round < 10 && most <= 4; round++) {
      const from = await newSlot(db, { serviceId: lecture, capacity: 60 })
      const to = await newSlot(db, { serviceId: lecture, capacity: 4 })
      const users = await newUsers(db, 40)
      const orders = users.map((user) => ({ order: randomUUID(), user, slot: from, party: 1 }))
      await decide(db, orders)
      for (const { order } of orders) {
        await tx(db, (t) => apply(t, deafBus, order, 'register', { by: 'user', quote }))
        await tx(db, (t) => apply(t, deafBus, order, 'confirm', { by: 'payment' }))
      }
      await Promise.all(
        orders.map(({ order }) =>
          sql`select move_unguarded(${order}::uuid, ${to}::uuid, 'user',
            ${JSON.stringify(quote)}::jsonb)`.execute(rush.db),
        ),
      )
      most = await seatsTaken(db, to)
    }
    expect(most).toBeGreaterThan(4)
  } finally {
    await rush.close()
  }
}, 120_000)
