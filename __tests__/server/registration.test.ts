/** Registering (R3, R4, P6, T3): once, for the right price, whatever the network and others do. */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import { type RefusalBody, refusals } from '@jiyue/contract/refusals'
import type { Order } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { tx } from '../../server/db/tx.ts'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { expireLapsed } from '../../server/order/order.ts'
import { newSlot } from '../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  send,
  signIn,
  someIdCard,
  somePhone,
  type World,
} from '../world.ts'

let world: World
let mei: Person
let lan: Person
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  lan = await signIn(world)
  await sql`insert into rules values ('ordersPerUser', 1000)`.execute(world.database.db)
})
afterAll(() => world.close())

const newLecture = () => newSlot(world.database.db, { serviceId: lecture, capacity: 50 })

async function held(person: Person, slotId: string, party = 1): Promise<Order> {
  const params = { id: randomUUID() }
  return must(person.call, 'putOrder', { params, body: { slotId, party } })
}

const submit = (call: Call, id: string, values: Record<string, unknown>) =>
  call('putRegistration', { params: { id }, body: { formVersion: 1, values } })

const countOf = async (table: 'registrations' | 'registration_marks', orderId: string) =>
  (
    await world.database.db
      .selectFrom(table)
      .select('order_id')
      .where('order_id', '=', orderId)
      .execute()
  ).length

const eventsOf = (orderId: string, what: string) =>
  world.database.db
    .selectFrom('events')
    .select('id')
    .where('order_id', '=', orderId)
    .where('what', '=', what)
    .execute()

const lapse = async (orderId: string, tidy: boolean) => {
  const { db } = world.database
  await sql`update orders set held_until = clock_timestamp() where id = ${orderId}`.execute(db)
  if (tidy) await tx(db, (t) => expireLapsed(t, world.parts.bus))
}

const families = {
  address: {
    service: () => cleaning,
    party: 1,
    answers: () => ({
      name: '王女士',
      phone: somePhone(),
      address: { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪北路 88 号' },
      size: '60 ㎡ 以下',
      needs: ['家有宠物', '有婴幼儿'],
    }),
  },
  company: {
    service: () => venue,
    party: 8,
    answers: () => ({
      company: { name: '禾木科技有限公司', code: creditCode() },
      name: '周行政',
      phone: somePhone(),
      email: 'zhou@example.com',
      theme: '年会',
      catering: true,
    }),
  },
  person: { service: () => lecture, party: 1, answers: () => lectureAnswers() },
}

describe('the same submission twice, because its answer was lost', () => {
  test.each(Object.entries(families))(
    'a form with an %s',
    async (_, { service, party, answers }) => {
      const slot = await newSlot(world.database.db, { serviceId: service(), capacity: 50 })
      const order = await held(mei, slot, party)
      const values: Record<string, unknown> = answers()
      if (service() === venue) values.company = { name: '禾木科技有限公司', code: creditCode() }
      const first = await submit(mei.call, order.id, values)
      const again = await submit(mei.call, order.id, values)
      expect(first.ok ? first.value.state : first).toBe('registered')
      expect(again.ok ? { ...again.value, now: '' } : again).toEqual({
        ...(first.ok && first.value),
        now: '',
      })
      expect(await countOf('registrations', order.id)).toBe(1)
      expect(await eventsOf(order.id, 'register')).toHaveLength(1)
    },
  )

  test('typed otherwise but meaning the same it is the same', async () => {
    const order = await held(mei, await newLecture())
    const answers = lectureAnswers()
    expect((await submit(mei.call, order.id, answers)).ok).toBe(true)
    const phone = `+86 ${answers.phone.slice(0, 3)} ${answers.phone.slice(3)}`
    expect((await submit(mei.call, order.id, { ...answers, phone })).ok).toBe(true)
  })

  test('other answers are refused, and the first ones stay', async () => {
    const order = await held(mei, await newLecture())
    await submit(mei.call, order.id, lectureAnswers())
    const other = await submit(mei.call, order.id, lectureAnswers())
    expect(other).toMatchObject({ ok: false, code: 'order_state' })
    expect(await countOf('registrations', order.id)).toBe(1)
  })

  test('two taps at once are one registration, and both hear yes', async () => {
    for (let round = 0; round < 5; round++) {
      const order = await held(mei, await newLecture())
      const values = lectureAnswers()
      const both = await Promise.all([1, 2].map(() => submit(mei.call, order.id, values)))
      expect(both.map((one) => one.ok)).toEqual([true, true])
      expect(await eventsOf(order.id, 'register')).toHaveLength(1)
    }
  })
})

/** A credit code with its check character, GB 32100. */
function creditCode(): string {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
  const body = '91310000MA1FL0000'
  const sum = [...body].reduce(
    (total, sign, i) => total + alphabet.indexOf(sign) * (3 ** i % 31),
    0,
  )
  return body + alphabet[(31 - (sum % 31)) % 31]
}

describe('already registered (R4)', () => {
  test.each(['phone', 'idCard'] as const)('one %s is registered once for a slot', async (field) => {
    const slot = await newLecture()
    const first = lectureAnswers()
    await submit(mei.call, (await held(mei, slot)).id, first)
    const second = { ...lectureAnswers(), [field]: first[field] }
    const order = await held(lan, slot)
    const refused = await submit(lan.call, order.id, second)
    expect(refused).toMatchObject({ ok: false, code: 'already_registered' })
    expect(await countOf('registrations', order.id)).toBe(0)
    const after = await must(lan.call, 'getOrder', { params: { id: order.id } })
    expect(after).toMatchObject({ state: 'held', registered: false, heldUntil: order.heldUntil })
    // The same person, corrected, goes through on the same hold.
    expect((await submit(lan.call, order.id, lectureAnswers())).ok).toBe(true)
  })

  test('it tells nothing of the other: the same bytes for phone and ID, held, paid or not', async () => {
    const slot = await newLecture()
    const taken = lectureAnswers()
    await submit(mei.call, (await held(mei, slot)).id, taken)
    const { id } = await held(lan, slot)
    const bodies = []
    for (const field of ['phone', 'idCard'] as const) {
      const answer = await send(world.url, {
        method: 'PUT',
        path: `/v1/orders/${id}/registration`,
        token: lan.token,
        body: { formVersion: 1, values: { ...lectureAnswers(), [field]: taken[field] } },
      })
      if (answer.status === 0 || !('body' in answer)) throw new Error('no answer')
      bodies.push({ status: answer.status, body: answer.body as RefusalBody })
    }
    for (const { status, body } of bodies) {
      expect(status).toBe(409)
      expect(body).toEqual({
        error: {
          code: 'already_registered',
          message: '您已报名过该服务，无需重复提交',
          requestId: expect.any(String),
        },
      })
    }
    expect(refusals.already_registered.zh).toBe('您已报名过该服务，无需重复提交')
  })

  test('another session of the same service is another registration', async () => {
    const answers = lectureAnswers()
    for (const slot of [await newLecture(), await newLecture()])
      expect((await submit(mei.call, (await held(mei, slot)).id, answers)).ok).toBe(true)
  })

  test('per service where the merchant wants it so', async () => {
    await sql`update services set unique_per = 'service' where id = ${lecture}`.execute(
      world.database.db,
    )
    try {
      const answers = lectureAnswers()
      await submit(mei.call, (await held(mei, await newLecture())).id, answers)
      const other = await submit(lan.call, (await held(lan, await newLecture())).id, answers)
      expect(other).toMatchObject({ ok: false, code: 'already_registered' })
    } finally {
      await sql`update services set unique_per = 'slot' where id = ${lecture}`.execute(
        world.database.db,
      )
    }
  })

  test.each([
    ['was cancelled', (id: string) => must(mei.call, 'cancelOrder', { params: { id } })],
    ['has lapsed', (id: string) => lapse(id, true)],
    ['has lapsed and nobody has tidied up', (id: string) => lapse(id, false)],
  ])('free again once the other order %s', async (_, end) => {
    const slot = await newLecture()
    const answers = lectureAnswers()
    const first = await held(mei, slot)
    await submit(mei.call, first.id, answers)
    await end(first.id)
    expect((await submit(lan.call, (await held(lan, slot)).id, answers)).ok).toBe(true)
  })

  test('two at once with one phone number: one is registered, one hears already_registered', async () => {
    for (let round = 0; round < 10; round++)
      expect(await race()).toEqual(['already_registered', 'registered'])
  })
})

/** Two people submit one phone number for one slot in the same moment. */
async function race(): Promise<string[]> {
  const slot = await newLecture()
  const orders = [await held(mei, slot), await held(lan, slot)] as const
  const shared = somePhone()
  const answers = () => ({ ...lectureAnswers(), phone: shared, idCard: someIdCard() })
  const both = await Promise.all([
    submit(mei.call, orders[0].id, answers()),
    submit(lan.call, orders[1].id, answers()),
  ])
  return both.map((one) => (one.ok ? one.value.state : one.code)).sort()
}

describe('what is checked and locked', () => {
  test('every wrong field is named with its sentence, and nothing is written', async () => {
    const order = await held(mei, await newLecture())
    const refused = await submit(mei.call, order.id, { name: '', phone: '123', idCard: '1' })
    if (refused.ok) throw new Error('it was accepted')
    expect(refused.fields?.map(({ path, message }) => [path, message])).toEqual([
      ['name', '请填写姓名'],
      ['phone', '请输入 11 位有效手机号'],
      ['idCard', '请输入有效身份证号'],
      ['age', '请选择孩子年龄段'],
    ])
    expect(await countOf('registrations', order.id)).toBe(0)
  })

  test('an address outside the area is refused beside its field', async () => {
    const slot = await newSlot(world.database.db, { serviceId: cleaning, capacity: 9 })
    const order = await held(mei, slot)
    const spot = { name: '陈家镇', latitude: 31.52, longitude: 121.83 }
    const address = { region: ['上海市', '上海市', '崇明区'], detail: '陈家镇 1 号', spot }
    const answers = { ...families.address.answers(), address }
    const refused = await submit(mei.call, order.id, answers)
    expect(refused).toMatchObject({
      ok: false,
      code: 'outside_area',
      fields: [{ path: 'address.region', message: refusals.outside_area.zh }],
    })
  })

  test('a price change of the merchant does not touch a registered order (P6)', async () => {
    const { db } = world.database
    const before = await held(mei, await newLecture())
    const submitted = await submit(mei.call, before.id, lectureAnswers())
    const waiting = await held(mei, await newLecture())
    await sql`update services set price_fen = price_fen + 1000 where id = ${lecture}`.execute(db)
    try {
      const read = (id: string) => must(mei.call, 'getOrder', { params: { id } })
      expect((await read(before.id)).quote).toEqual(submitted.ok && submitted.value.quote)
      expect((await read(waiting.id)).payableFen).toBe(waiting.payableFen + 1000)
    } finally {
      await sql`update services set price_fen = price_fen - 1000 where id = ${lecture}`.execute(db)
    }
  })

  test('the payment clock starts, and never runs past the end of booking', async () => {
    const soon = await newSlot(world.database.db, {
      serviceId: lecture,
      capacity: 9,
      startsIn: 0.2,
    })
    for (const [slot, minutes] of [
      [await newLecture(), 30],
      [soon, 12],
    ] as const) {
      const order = await submit(mei.call, (await held(mei, slot)).id, lectureAnswers())
      if (!order.ok) throw new Error(order.code)
      const left = Date.parse(order.value.payUntil ?? '') - Date.parse(order.value.now)
      expect(left).toBeLessThanOrEqual(minutes * 60_000)
      expect(left).toBeGreaterThan(minutes * 60_000 - 15_000)
    }
  })

  test('phones and IDs are sealed at rest and masked on screens', async () => {
    const order = await held(mei, await newLecture())
    const answers = lectureAnswers()
    const submitted = await submit(mei.call, order.id, answers)
    const raw = await sql<{ text: string }>`
      select r::text || coalesce((select string_agg(m::text, ' ') from registration_marks m
        where m.order_id = r.order_id), '') as text
      from registrations r where order_id = ${order.id}`.execute(world.database.db)
    expect(raw.rows[0]?.text).not.toContain(answers.phone)
    expect(raw.rows[0]?.text).not.toContain(answers.idCard)
    expect(raw.rows[0]?.text).toContain(answers.name)
    const shown = JSON.stringify(submitted.ok && submitted.value.answers)
    expect(shown).toContain(`${answers.phone.slice(0, 3)}****${answers.phone.slice(-4)}`)
    expect(shown).not.toContain(answers.phone)
    expect(shown).not.toContain(answers.idCard)
  })
})

// Last in this file, for it takes the guard away.
test('control: without the key on (scope, mark) both of the race are registered', async () => {
  await sql`alter table registration_marks drop constraint registration_marks_pkey`.execute(
    world.database.db,
  )
  expect(await race()).toEqual(['registered', 'registered'])
})
