/** Registrations for the merchant's team (M2): the right rows, masked; and as a file of any length. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { exportPath } from '@jiyue/contract/api/registrations'
import type { RegistrationFilter } from '@jiyue/contract/schema/registrations'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import { sql } from 'kysely'
import readSheet from 'read-excel-file/node'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { openSession } from '../../server/people/sessions.ts'
import { openExport } from '../../server/report/registrations/export.ts'
import { newSlot, type SlotOf } from '../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  payAtCashier,
  registeredOrder,
  signIn,
  signInOwner,
  somePhone,
  until,
  type World,
} from '../world.ts'

/** 100,000 with TEST_HEAVY=1. */
const MANY = process.env.TEST_HEAVY ? 100_000 : 20_000

jest.setTimeout(300_000)

let world: World
let owner: { call: Person['call']; token: string }
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(db())
})
afterAll(() => world?.close())

const db = () => world.database.db
const list = (query: RegistrationFilter & { after?: string }) =>
  must(owner.call, 'listRegistrations', { query })
const numbers = async (query: RegistrationFilter) =>
  (await list(query)).registrations.map(({ number }) => number)

const aSlot = (of: Partial<SlotOf> = {}) =>
  newSlot(db(), { serviceId: lecture, capacity: 50, ...of })

async function registeredWith(values: ReturnType<typeof lectureAnswers>, slotId: string) {
  const person = await signIn(world)
  const params = { id: randomUUID() }
  await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  return must(person.call, 'putRegistration', { params, body: { formVersion: 1, values } })
}

async function paid(person: Person, slotId: string) {
  const order = await registeredOrder(person, slotId)
  const { params } = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(world, params)
  await until('it is confirmed', async () => {
    const { state } = await must(person.call, 'getOrder', { params: { id: order.id } })
    return state === 'confirmed'
  })
  return order
}

async function personOf(role: string) {
  const [row] = (
    await sql<{ id: string }>`insert into people (id, login, name, role, password_hash)
      select gen_random_uuid(), ${randomUUID()}, ${`试用${role}`}, ${role}, password_hash
      from people limit 1 returning id`.execute(db())
  ).rows
  const { token } = await openSession(db(), { personId: row?.id ?? '' }, new Date())
  return token
}

describe('the list', () => {
  test('is narrowed by service, day, state as time makes it, payment and text', async () => {
    const mei = await signIn(world)
    const soon = await aSlot({ startsIn: 30 })
    const later = await aSlot({ startsIn: 30 + 24 * 7 })
    const [unpaid, other] = [await registeredOrder(mei, soon), await registeredOrder(mei, later)]
    const good = await paid(await signIn(world), soon)
    const lapsing = await registeredOrder(await signIn(world), soon)
    await sql`update orders set held_until = now() - interval '1 s' where id = ${lapsing.id}`.execute(
      db(),
    )
    const day = dayOf(other.slot.startsAt)
    const all = [unpaid, other, good, lapsing].map(({ number }) => number)

    expect((await numbers({ serviceId: lecture })).sort()).toEqual([...all].sort())
    expect(await numbers({ serviceId: cleaning })).toEqual([])
    expect(await numbers({ from: day, to: day })).toEqual([other.number])
    expect(await numbers({ state: 'expired' })).toEqual([lapsing.number])
    expect(await numbers({ state: 'confirmed' })).toEqual([good.number])
    expect(await numbers({ paid: 'paid' })).toEqual([good.number])
    expect((await numbers({ paid: 'unpaid' })).sort()).toEqual(
      [unpaid.number, other.number, lapsing.number].sort(),
    )
    expect(await numbers({ text: good.number.slice(4) })).toEqual([good.number])
    expect(await must(owner.call, 'countRegistrations', { query: { paid: 'unpaid' } })).toEqual({
      count: 3,
    })
  })

  test('finds a whole phone number by its blind index, never a part of one', async () => {
    const phone = somePhone()
    const order = await registeredWith(lectureAnswers(phone), await aSlot())
    expect(await numbers({ text: phone })).toEqual([order.number])
    expect(
      await numbers({ text: `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}` }),
    ).toEqual([order.number])
    expect(await numbers({ text: phone.slice(0, 8) })).toEqual([])
  })

  test('shows phones and ID numbers masked', async () => {
    const values = lectureAnswers()
    const order = await registeredWith(values, await aSlot())
    const [row] = (await list({ text: order.number })).registrations
    const text = JSON.stringify(row)
    expect(text).not.toContain(values.phone)
    expect(text).not.toContain(values.idCard)
    expect(row?.answers).toContainEqual(
      expect.objectContaining({
        label: '手机号',
        text: `${values.phone.slice(0, 3)}****${values.phone.slice(7)}`,
      }),
    )
  })
})

interface Taken {
  status: number
  bytes: Buffer
}

async function take(filter: RegistrationFilter, token = owner.token): Promise<Taken> {
  const response = await fetch(`${world.url}${exportPath}?${new URLSearchParams(filter)}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** By another library than the one that wrote it: rows of cells under the header's words. */
async function rowsIn({ bytes }: Taken): Promise<Record<string, unknown>[]> {
  const [sheet] = await readSheet(bytes)
  const [head = [], ...rows] = (sheet as { data: unknown[][] }).data
  return rows.map((row) => Object.fromEntries(head.map((word, i) => [String(word), row[i]])))
}

describe('the file', () => {
  test('holds every answer whole, under its question', async () => {
    const values = lectureAnswers()
    const order = await registeredWith(values, await aSlot())
    const [row, ...others] = await rowsIn(await take({ serviceId: lecture, text: order.number }))
    expect(others).toEqual([])
    expect(row).toMatchObject({
      订单号: order.number,
      状态: '待缴费',
      人数: 1,
      '应付（元）': order.payableFen / 100,
      缴费: '未支付',
      姓名: values.name,
      手机号: values.phone,
      身份证号: values.idCard,
    })
  })

  test.each([
    ['a formula', '=HYPERLINK("http://x","y")'],
    ['a formula by another sign', '@SUM(1)'],
    ['another', '+1-2'],
    ['HTML', '<script>alert(1)</script>'],
    ['emoji and rare letters', '👨‍👩‍👧 𠮷野家'],
    ['quotes and lines', 'a"b\nc'],
  ])('%s stays the text it is', async (_, name) => {
    const order = await registeredWith({ ...lectureAnswers(), name: '林小满' }, await aSlot())
    await sql`update registrations set answers = answers || ${JSON.stringify({ name })}::jsonb
      where order_id = ${order.id}`.execute(db())
    const taken = await take({ serviceId: lecture, text: order.number })
    const [row] = await rowsIn(taken)
    expect(row?.姓名).toBe(name)
    // What a program that opens it would reckon with stands in <f>.
    expect(await sheetXml(taken.bytes)).not.toContain('<f>')
  })

  test('a text longer than a cell may be is cut, and the file opens', async () => {
    const order = await registeredWith(lectureAnswers(), await aSlot())
    await sql`update registrations set answers = answers || ${JSON.stringify({ name: '长'.repeat(40_000) })}::jsonb
      where order_id = ${order.id}`.execute(db())
    const [row] = await rowsIn(await take({ serviceId: lecture, text: order.number }))
    expect(row?.姓名).toBe('长'.repeat(32_767))
  })

  test('who takes what is written down, also what was broken off', async () => {
    const order = await registeredWith(lectureAnswers(), await aSlot())
    await take({ serviceId: lecture, text: order.number })
    const [newest] = (await must(owner.call, 'listExports', {})).exports
    expect(newest).toMatchObject({ rows: 1, filter: `亲子沟通讲座 · “${order.number}”` })
    await until('its end is noted', async () => {
      const { exports } = await must(owner.call, 'listExports', {})
      return exports[0]?.endedAt !== null
    })
  })

  test('only for roles that may: others get a refusal and nothing is written', async () => {
    const before = (await must(owner.call, 'listExports', {})).exports.length
    const mei = await signIn(world)
    for (const role of ['front_desk', 'support', 'finance']) {
      const taken = await take({}, await personOf(role))
      expect([role, taken.status]).toEqual([role, 403])
      expect(taken.bytes.toString()).toContain('forbidden')
    }
    expect((await take({}, mei.token)).status).toBe(403)
    expect((await take({}, 'nobody')).status).toBe(401)
    const wrong = await take({ from: 'yesterday' } as RegistrationFilter)
    expect([wrong.status, wrong.bytes.toString().includes('malformed')]).toEqual([400, true])
    expect((await must(owner.call, 'listExports', {})).exports).toHaveLength(before)
  })
})

/** The first sheet's XML, unpacked by another program. */
async function sheetXml(bytes: Buffer): Promise<string> {
  const { strFromU8, unzipSync } = await import('fflate')
  const files = unzipSync(new Uint8Array(bytes))
  return strFromU8(files['xl/worksheets/sheet1.xml'] as Uint8Array)
}

describe(`${MANY} registrations`, () => {
  const days = { from: addDays(dayOf(Date.now()), 40), to: addDays(dayOf(Date.now()), 41) }
  beforeAll(async () => {
    const startsAt = instantOf(days.from, 600)
    const slot = await aSlot({ startsIn: (startsAt - Date.now()) / 3_600_000, capacity: MANY })
    const person = await signIn(world)
    const phone = JSON.stringify({ sealed: world.parts.seal.seal('13900001111') })
    await sql`with made as (
        insert into orders (id, number, user_id, service_id, slot_id, party, state, form_version,
          quote, payable_fen, created_at, registered_at, confirmed_at)
        select gen_random_uuid(), 'JY990101' || lpad(n::text, 7, '0'), ${person.userId}, ${lecture}, ${slot},
          1, 'confirmed', 1, '{"lines": []}', 6900, now(), now(), now()
        from generate_series(1, ${MANY}::int) n returning id, number)
      insert into registrations (order_id, form_version, answers, scope, submitted_at)
      select id, 1, jsonb_build_object('name', '客户' || right(number, 7), 'phone', ${phone}::jsonb), null,
        now() - make_interval(secs => right(number, 7)::int / 7)
      from made`.execute(db())
    await sql`update slots set taken = ${MANY} where id = ${slot}`.execute(db())
    await sql`analyze orders, registrations`.execute(db())
  })

  test('all of them are in the file as they are in the database, and others are answered meanwhile', async () => {
    let done = false
    const gaps: number[] = []
    const asking = (async () => {
      for (let last = performance.now(); !done; ) {
        await fetch(`${world.url}/healthz`)
        const now = performance.now()
        gaps.push(now - last)
        last = now
      }
    })()
    const began = performance.now()
    const taken = await take({ serviceId: lecture, ...days })
    const whole = performance.now() - began
    done = true
    await asking
    // One stall would be as long as all of the work; on a busy machine a breath is long, too.
    expect(Math.max(...gaps)).toBeLessThan(whole / 2)

    const rows = await rowsIn(taken)
    const { rows: kept } = await sql<{ number: string; name: string }>`
      select orders.number, answers ->> 'name' as name from registrations
      join orders on orders.id = order_id where number like 'JY990101%' order by number`.execute(
      db(),
    )
    const inFile = rows
      .map((row) => ({ number: String(row.订单号), name: String(row.姓名) }))
      .sort((a, b) => (a.number < b.number ? -1 : 1))
    expect(inFile).toEqual(kept)
    expect(rows.every((row) => row.手机号 === '13900001111')).toBe(true)
  })

  test('a reader that stops reading stops the reading of the database: nothing piles up', async () => {
    // Without a socket between: the kernel's buffers would hold all of it.
    const { rows } = await sql<{ id: string }>`select id from people limit 1`.execute(db())
    const file = await openExport(world.parts, { serviceId: lecture }, rows[0]?.id ?? '')
    file.read()
    const out = async () => (await must(owner.call, 'listExports', {})).exports[0]?.rows ?? 0
    let [before, now] = [-1, await out()]
    // Until a second brings no further row; all of them would be there long before.
    while (now !== before) {
      await new Promise((resolve) => setTimeout(resolve, 1000))
      ;[before, now] = [now, await out()]
    }
    expect(now).toBeLessThan(MANY)
    file.destroy()
    await once(file, 'close')
    const [broken] = (await must(owner.call, 'listExports', {})).exports
    expect(broken).toMatchObject({ endedAt: null })
  })

  test('who gives up half way keeps nobody waiting: the next export of the same person is served', async () => {
    const going = new AbortController()
    const response = await fetch(
      `${world.url}${exportPath}?${new URLSearchParams({ serviceId: lecture, ...days })}`,
      { headers: { authorization: `Bearer ${owner.token}` }, signal: going.signal },
    )
    await response.body?.getReader().read()
    going.abort()
    const order = await registeredWith(lectureAnswers(), await aSlot())
    const taken = await take({ serviceId: lecture, text: order.number })
    expect((await rowsIn(taken)).map((row) => row.订单号)).toEqual([order.number])
  })

  test('its pages follow each other without a gap and without a row twice', async () => {
    const seen: string[] = []
    let after: string | undefined
    for (let page = 0; page < 6; page++) {
      const { registrations, next } = await list({
        serviceId: lecture,
        ...days,
        ...(after && { after }),
      })
      seen.push(...registrations.map(({ number }) => number))
      after = next ?? undefined
    }
    const { rows: kept } = await sql<{ number: string }>`
      select orders.number from registrations join orders on orders.id = order_id
      where number like 'JY990101%'
      order by submitted_at desc, order_id desc limit 300`.execute(db())
    expect(seen).toEqual(kept.map(({ number }) => number))
  })
})
