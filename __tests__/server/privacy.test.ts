/**
 * Personal data on the server (X11): what was agreed to, keys that rotate, everything exported,
 * everything erased, and answers that go when their time is over: provably, from every table.
 */
import { randomUUID } from 'node:crypto'
import { exportPath } from '@jiyue/contract/api/registrations'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { roles } from '@jiyue/contract/people'
import { currentPrivacy, privacyText } from '@jiyue/contract/privacy'
import { dayMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import { lecture } from '../../server/demo/world.ts'
import { maskPhone } from '../../server/people/mask.ts'
import { createSeal } from '../../server/people/seal.ts'
import { hashOf, openSession } from '../../server/people/sessions.ts'
import { endErasedHolds, eraseAgain, readErased } from '../../server/privacy/erase.ts'
import { forgetDue } from '../../server/privacy/forget.ts'
import { resealSome } from '../../server/privacy/reseal.ts'
import { deliverDue } from '../../server/sweep/sweep.ts'
import { publishForm } from '../forms.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  type Person,
  payAtCashier,
  send,
  signIn,
  signInConsole,
  signInOwner,
  someIdCard,
  somePhone,
  until,
  type World,
} from '../world.ts'
import { text } from './forming.ts'
import { pngOf, sendPicture } from './proving.ts'
import { tablesWith } from './searching.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
afterEach(() => {
  world.clock.aheadMs = 0
})

const db = () => world.database.db
const tables = (search: string) => tablesWith(db(), search)

/** Everything a person can leave behind before paying. */
async function registered() {
  const version = await publishForm(world, lecture, [
    text('name', { label: '姓名', retentionDays: 180 }),
    text('phone', { kind: 'phone', label: '手机号', retentionDays: 90 }),
    text('idCard', { kind: 'idCard', label: '身份证号', retentionDays: 30 }),
    text('photo', { kind: 'file', label: '照片', retentionDays: 30 }),
  ])
  const person = await signIn(world)
  const params = { id: randomUUID() }
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const secret = {
    name: `欧阳${params.id.slice(0, 8)}`,
    phone: somePhone(),
    idCard: someIdCard(),
    photo: await sendPicture(person, await pngOf()),
  }
  const { photo, ...rest } = secret
  const values = { ...rest, photo: [{ id: photo, name: '图片 1' }] }
  const at = new Date().toISOString()
  await must(person.call, 'putDraft', {
    params,
    body: { values: { name: { value: secret.name, at } }, step: 0 },
  })
  await must(person.call, 'putRegistration', {
    params,
    body: { formVersion: version, values, agreed: currentPrivacy.version },
  })
  return { person, params, secret }
}

async function confirmed() {
  const made = await registered()
  const { person, params } = made
  const payment = await must(person.call, 'createPayment', {
    params,
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(world, payment.params)
  await until('confirmed', async () => {
    return (await must(person.call, 'getOrder', { params })).state === 'confirmed'
  })
  return made
}

const endOrder = (id: string, state: string) =>
  sql`update orders set state = ${state}, ended_at = now(), held_until = null
    where id = ${id}`.execute(db())

/** An order registered by a form of its own. */
async function submitted(person: Person, fields: FormField[], values: object) {
  const formVersion = await publishForm(world, lecture, fields)
  const params = { id: randomUUID() }
  const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const body = { formVersion, values: { ...values }, agreed: currentPrivacy.version }
  await must(person.call, 'putRegistration', { params, body })
  return params.id
}

describe('what is sealed', () => {
  test('is masked on every screen of the merchant’s, whatever its kind; others are whole', async () => {
    const fields = [
      text('name', { label: '姓名' }),
      text('health', { kind: 'longText', label: '过敏史', sensitive: true }),
    ]
    const [before, now] = ['青霉素过敏，哮喘', '花生过敏']
    const person = await signIn(world)
    const id = await submitted(person, fields, { name: '庚', health: before })
    const owner = await signInOwner(world)
    const finance = caller(world.url, (await signInConsole(world, 'finance')).token)
    const amendment = { orderId: id, revision: 1, values: { health: now }, reason: '客户更正' }
    await must(owner.call, 'putAmendment', { params: { id: randomUUID() }, body: amendment })
    const edit = await must(owner.call, 'getConsoleRegistration', { params: { id } })
    expect(edit).toMatchObject({ values: { name: '庚' }, masked: { health: '****' } })
    const { registrations } = await must(finance, 'listRegistrations', { query: {} })
    const seen = [
      registrations.find(({ orderId }) => orderId === id),
      await must(finance, 'getConsoleOrder', { params: { id } }),
      await must(person.call, 'getOrder', { params: { id } }),
    ]
    for (const one of seen) {
      expect(one?.answers.map((answer) => answer.text)).toEqual(['庚', '****'])
      for (const text of [before, now]) expect(JSON.stringify(one)).not.toContain(text)
    }
    // Their own, whole.
    const mine = await must(person.call, 'getMyData', {})
    expect(mine.orders[0]?.answers.at(-1)).toEqual({ label: '过敏史', text: now })
  })

  test('pictures of papers are for whoever works with registrations', async () => {
    const person = await signIn(world)
    const photo = await sendPicture(person, await pngOf())
    const scan = text('scan', { kind: 'file', label: '证件照片' })
    const id = await submitted(person, [scan], { scan: [{ id: photo, name: '图片 1' }] })
    const params = { id, pictureId: photo }
    const got = []
    for (const role of roles) {
      const personId = randomUUID()
      const row = { id: personId, login: randomUUID(), name: role, role, password_hash: null }
      await db().insertInto('people').values(row).execute()
      const { token } = await openSession(db(), { personId }, new Date())
      const said = await caller(world.url, token)('getAnswerPicture', { params })
      got.push([role, said.ok ? 'ok' : said.code])
    }
    expect(got).toEqual([
      ['owner', 'ok'],
      ['manager', 'ok'],
      ['front_desk', 'ok'],
      ['finance', 'forbidden'],
      ['support', 'forbidden'],
    ])
  })
})

describe('agreements', () => {
  test('submitting writes down who agreed to which text, when, on which front', async () => {
    const { person, params } = await registered()
    const row = await db()
      .selectFrom('agreements')
      .selectAll()
      .where('user_id', '=', person.userId)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      order_id: params.id,
      version: currentPrivacy.version,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      host: 'weapp',
    })
  })

  test('a text that never was is refused, and nothing is submitted', async () => {
    const person = await signIn(world)
    const params = { id: randomUUID() }
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    const { form } = await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const body = { formVersion: form.version, values: {}, agreed: 999 }
    expect(await person.call('putRegistration', { params, body })).toMatchObject({
      code: 'malformed',
    })
    expect((await must(person.call, 'getOrder', { params })).registered).toBe(false)
  })
})

describe('keys that rotate', () => {
  test('all that an old key sealed is sealed anew; then the old key is needed no more', async () => {
    const { person, params, secret } = await registered()
    await must(person.call, 'putContact', {
      params: { id: randomUUID() },
      body: { kind: 'person', values: { name: secret.name, phone: secret.phone }, isDefault: true },
    })
    const before = world.parts.seal
    const [root, next] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)]
    const both = createSeal(root, [next])
    world.parts.seal = both
    try {
      const old = () =>
        sql<{ n: number }>`select
        (select count(*) from contacts where sealed like 'v1:%') +
        (select count(*) from registrations where answers::text like '%"v1:%') +
        (select count(*) from users where phone_sealed like 'v1:%') as n`.execute(db())
      expect(Number((await old()).rows[0]?.n)).toBeGreaterThan(0)
      // A row that another process holds is not taken for done.
      const hand = await world.database.pool.connect()
      try {
        await hand.query('begin')
        await hand.query('select 1 from contacts for update')
        while (await resealSome(world.parts));
        const rounds = await db().selectFrom('seal_rounds').selectAll().execute()
        expect(rounds.map(({ seal }) => seal)).not.toContain(both.newest)
        await hand.query('rollback')
      } finally {
        hand.release()
      }
      // Two processes share the work, and an answer given meanwhile is not lost.
      while ((await Promise.all([resealSome(world.parts), resealSome(world.parts)])).some(Boolean));
      expect(Number((await old()).rows[0]?.n)).toBe(0)
      expect(await resealSome(world.parts)).toBe(0)
      const mine = await must(person.call, 'getMyData', {})
      expect(mine.orders[0]?.answers.map((one) => one.text)).toContain(secret.idCard)
      expect(mine.contacts[0]?.values.phone).toBe(secret.phone)
      // Registered before the new key, found under it: the blind index stays (R4).
      const again = await signIn(world)
      const other = { id: randomUUID() }
      const { form, slot } = await must(person.call, 'getOrder', { params })
      await must(again.call, 'putOrder', { params: other, body: { slotId: slot.id, party: 1 } })
      expect(
        await again.call('putRegistration', {
          params: other,
          body: { formVersion: form.version, values: { phone: secret.phone } },
        }),
      ).toMatchObject({ code: 'already_registered' })
    } finally {
      // Back to the first key: a round of its own brings everything home.
      world.parts.seal = { ...before, open: both.open }
      while (await resealSome(world.parts));
      world.parts.seal = before
    }
    expect((await must(person.call, 'getMyData', {})).contacts).toHaveLength(1)
  })
})

describe('export', () => {
  test('everything held about a person, unmasked, and nothing of anybody else', async () => {
    const { person, secret } = await confirmed()
    const mine = await must(person.call, 'getMyData', {})
    expect(mine.profile.id).toBe(person.userId)
    expect(mine.identities).toEqual([{ host: 'weapp', subject: expect.any(String) }])
    expect(mine.orders[0]).toMatchObject({
      state: 'confirmed',
      answers: [
        { label: '姓名', text: secret.name },
        { label: '手机号', text: secret.phone },
        { label: '身份证号', text: secret.idCard },
        { label: '照片', text: '图片 1' },
      ],
      payments: [{ method: 'wechat', state: 'succeeded', clientIp: expect.any(String) }],
    })
    expect(mine.pictures.map(({ id }) => id)).toEqual([secret.photo])
    expect(mine.agreements[0]?.text).toBe(privacyText(currentPrivacy.version))
    const picture = await must(person.call, 'getMyPicture', { params: { id: secret.photo } })
    expect(picture.type).toBe('image/jpeg')

    const stranger = await signIn(world)
    const theirs = JSON.stringify(await must(stranger.call, 'getMyData', {}))
    for (const part of Object.values(secret)) expect(theirs).not.toContain(part)
    expect(await stranger.call('getMyPicture', { params: { id: secret.photo } })).toMatchObject({
      code: 'not_found',
    })
  })
})

describe('export of what happened', () => {
  test('what was asked, changed, moved, looked at, agreed to and sent along is in it too', async () => {
    const { person, params, secret } = await registered()
    const owner = await signInOwner(world)
    const nudge = { orderId: params.id, fieldId: 'name', note: '请核对姓名' }
    const amendment = {
      orderId: params.id,
      revision: 1,
      values: { name: '丁' },
      reason: '来电更正',
    }
    await must(owner.call, 'putNudge', { params: { id: randomUUID() }, body: nudge })
    await must(owner.call, 'putAmendment', { params: { id: randomUUID() }, body: amendment })
    const answers = { booking: 'accept' as const }
    await must(person.call, 'putConsents', { params: { id: randomUUID() }, body: { answers } })
    const look = { n: 0, agoMs: 0, serviceId: lecture, kind: 'hold' as const, orderId: params.id }
    const visit = { params: { id: randomUUID() }, body: { looks: [look] } }
    await must(person.call, 'putLooks', visit as never)
    const picture = await sendPicture(person, await pngOf())
    const told = { kind: 'complaint' as const, text: '太吵', pictureIds: [picture], orderId: null }
    const feedback = {
      params: { id: randomUUID() },
      body: { ...told, phone: null, page: '/pages/me/index' },
    }
    await must(person.call, 'putFeedback', feedback)
    const from = await db()
      .selectFrom('orders')
      .select('slot_id')
      .where('id', '=', params.id)
      .executeTakeFirstOrThrow()
    const to = await newSlot(db(), { serviceId: lecture, capacity: 9 })
    await sql`insert into moves (id, order_id, from_slot, to_slot, fee_fen, due_fen, refund_fen, quote,
        state, reason, created_at, expires_at, ended_at)
      values (gen_random_uuid(), ${params.id}, ${from.slot_id}, ${to}, 0, 0, 0, '{}', 'void',
        'order_state', now(), now(), now())`.execute(db())
    const mine = await must(person.call, 'getMyData', {})
    const changed = { label: '姓名', at: expect.any(String) }
    expect(mine.orders).toMatchObject([
      {
        nudges: [{ ...changed, note: '请核对姓名', state: 'open', before: null, after: null }],
        amendments: [{ ...changed, reason: '来电更正', before: secret.name, after: '丁' }],
        moves: [{ state: 'void', feeFen: 0 }],
        receipts: [],
        looks: [{ kind: 'hold', step: null, field: null }],
      },
    ])
    expect(mine).toMatchObject({
      consents: [{ message: 'booking', host: 'weapp', answer: 'accept' }],
      sessions: [{ host: 'weapp' }],
      feedback: [{ text: '太吵', pictures: [picture] }],
    })
    const stranger = await must((await signIn(world)).call, 'getMyData', {})
    expect(stranger).toMatchObject({ orders: [], consents: [], feedback: [] })
  })
})

/** Deleted or emptied by server/privacy/erase.ts and copies.ts. A new one: erase it there, then add it. */
const erasedColumns = [
  'act_changes.after',
  'act_changes.before',
  'acts.reason',
  'amended_answers.after',
  'amended_answers.before',
  'amendments.reason',
  'coupons.order_id',
  'drafts.answers',
  'drafts.order_id',
  'events.details',
  'exports.filter',
  'feedback.phone_sealed',
  'feedback.solution',
  'feedback.text',
  'feedback_words.text',
  'findings.note',
  'lapsed_marks.order_id',
  'looks.order_id',
  'negotiations.note',
  'negotiations.reason',
  'nudges.after',
  'nudges.before',
  'nudges.note',
  'registration_marks.order_id',
  'registration_pictures.order_id',
  'registrations.answers',
  'reminders.order_id',
  'reminders.reason',
  'reminders.text',
  'saved_views.filter',
  'users.phone_sealed',
]
/** What stays, each with why. */
const nobodys = 'a reference to an order without a person'
const ofMoney = 'evidence of money, which the law wants kept'
const noPerson = 'of many, or of none: says nothing of one person'
const ofTeam = 'a person of the merchant’s, not a user'
const keptColumns: Record<string, string> = {
  'agreements.order_id': nobodys,
  'amendments.order_id': nobodys,
  'audit_due.order_id': nobodys,
  'check_in_codes.order_id': nobodys,
  'deliveries.payer': 'gone once WeChat has taken the delivery info it refused',
  'disrupted_orders.order_id': nobodys,
  'archives.base_reason': noPerson,
  'archives.reason': noPerson,
  'coupon_grants.note': noPerson,
  'disruptions.note': noPerson,
  'disruptions.reason': noPerson,
  'events.order_id': nobodys,
  'feedback.order_id': nobodys,
  'findings.order_id': nobodys,
  'message_words.text': noPerson,
  'moves.order_id': nobodys,
  'moves.reason': noPerson,
  'nudges.order_id': nobodys,
  'offline_payments.evidence': ofMoney,
  'offline_payments.reason': ofMoney,
  'payments.order_id': nobodys,
  'people.mail_sealed': ofTeam,
  'people.phone_sealed': ofTeam,
  'people.second_offer_sealed': ofTeam,
  'people.second_sealed': ofTeam,
  'proofs.order_id': nobodys,
  'proofs.reason': ofMoney,
  'queue_reminders.reason': 'deleted as a row: it has a user_id',
  'receipts.order_id': nobodys,
  'refunds.evidence': ofMoney,
  'refunds.note': ofMoney,
  'refunds.otherwise_note': ofMoney,
  'refunds.reason': noPerson,
  'registrations.order_id': nobodys,
  'reviews.text': 'of the service, without a user',
  'sends.reason': 'deleted as a row, with its reminder',
  'slots.closed_reason': noPerson,
}

describe('erasing', () => {
  test('is refused while something is still to be delivered, and then nothing is gone', async () => {
    const { person, secret } = await confirmed()
    expect(await person.call('deleteMe', {})).toMatchObject({ code: 'orders_open' })
    expect((await must(person.call, 'getMyData', {})).orders[0]?.answers[0]?.text).toBe(secret.name)
  })

  /** Came, and WeChat is still to be told. */
  async function given() {
    const made = await confirmed()
    const { call } = await signInOwner(world)
    await must(call, 'checkIn', { params: made.params, body: { early: true } })
    const { subject } = await db()
      .selectFrom('identities')
      .select('subject')
      .where('user_id', '=', made.person.userId)
      .executeTakeFirstOrThrow()
    const { id } = await db()
      .selectFrom('payments')
      .select('id')
      .where('order_id', '=', made.params.id)
      .executeTakeFirstOrThrow()
    const row = () =>
      db().selectFrom('deliveries').selectAll().where('payment_id', '=', id).executeTakeFirst()
    return { ...made, subject, id, row }
  }

  test('waits until WeChat was told of the delivery: the merchant’s money is not frozen by it', async () => {
    const { person, subject, row } = await given()
    expect(await row()).toMatchObject({ state: 'waiting' })
    expect(await person.call('deleteMe', {})).toMatchObject({ code: 'orders_open' })
    await deliverDue(world.parts)
    expect(await row()).toMatchObject({ state: 'sent' })
    await must(person.call, 'deleteMe', {})
    expect(await tables(subject)).toEqual([])
  })

  test('delivery info WeChat refused holds nobody up, can be uploaded again, and forgets the payer then', async () => {
    const { person, subject, id, row } = await given()
    await sql`update deliveries set state = 'failed', failure = 'refused', due_at = null
      where payment_id = ${id}`.execute(db())
    await must(person.call, 'deleteMe', {})
    expect(await tables(subject)).toEqual(['deliveries'])
    const { call } = await signInOwner(world)
    await must(call, 'retryDelivery', { params: { id } })
    await deliverDue(world.parts)
    expect(await row()).toMatchObject({ state: 'sent', payer: null })
    expect(await tables(subject)).toEqual([])
  })

  test('in one action all is gone from every table; payments stay, of nobody', async () => {
    const { person, params, secret } = await confirmed()
    await must(person.call, 'putContact', {
      params: { id: randomUUID() },
      body: { kind: 'person', values: { name: secret.name, phone: secret.phone }, isDefault: true },
    })
    const { subject } = await db()
      .selectFrom('identities')
      .selectAll()
      .where('user_id', '=', person.userId)
      .executeTakeFirstOrThrow()
    const mark = world.parts.seal.index('phone', secret.phone)
    // Control: before it, the same search finds them.
    expect((await tables(secret.name)).sort()).toEqual(['drafts', 'registrations'])
    expect(await tables(mark)).toEqual(['registration_marks'])
    expect(await tables(subject)).toContain('identities')
    expect((await tables(secret.photo)).sort()).toEqual([
      'pictures',
      'registration_pictures',
      'registrations',
    ])

    await endOrder(params.id, 'completed')
    expect(await person.call('deleteMe', {})).toEqual({ ok: true, value: {} })
    for (const part of [secret.name, secret.phone, secret.idCard, secret.photo, mark, subject])
      expect([part, await tables(part)]).toEqual([part, []])

    // The session is over, and the same identity is somebody new from now on.
    expect(
      (await send(world.url, { method: 'GET', path: '/v1/me', token: person.token })).status,
    ).toBe(401)
    const order = await db()
      .selectFrom('orders')
      .innerJoin('payments', 'payments.order_id', 'orders.id')
      .innerJoin('users', 'users.id', 'orders.user_id')
      .select(['orders.state', 'payments.state as payment', 'paid_fen', 'client_ip', 'users.name'])
      .select(['phone_sealed', 'phone_index'])
      .where('orders.id', '=', params.id)
      .executeTakeFirstOrThrow()
    expect(order).toEqual({
      state: 'completed',
      payment: 'succeeded',
      paid_fen: expect.any(Number),
      client_ip: '',
      name: '已注销用户',
      phone_sealed: null,
      phone_index: null,
    })
  })

  test('a phone they were looked for by is nowhere in clear, and found no more', async () => {
    const { person, params, secret } = await registered()
    const owner = await signInOwner(world)
    const asked = new URLSearchParams({ text: secret.phone })
    const file = await fetch(`${world.url}${exportPath}?${asked}`, {
      headers: { authorization: `Bearer ${owner.token}` },
    })
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(0)
    const view = { name: '一位客户', filter: { text: secret.phone }, hidden: [] }
    await must(owner.call, 'putView', { params: { id: randomUUID() }, body: view })
    const byName = { ...view, filter: { text: secret.name } }
    await must(owner.call, 'putView', { params: { id: randomUUID() }, body: byName })
    const views = async () =>
      (await must(owner.call, 'listViews', {})).views.map(({ filter }) => filter)
    expect(await views()).toEqual([{ text: secret.phone }, { text: secret.name }])
    const { exports } = await must(owner.call, 'listExports', {})
    expect(exports[0]?.filter).toBe(`“${maskPhone(secret.phone)}”`)
    // Not even before.
    expect(await tables(secret.phone)).toEqual([])
    await endOrder(params.id, 'expired')
    await must(person.call, 'deleteMe', {})
    expect(await views()).toEqual([{}, {}])
    expect(await tables(secret.name)).toEqual([])
    expect(await tables(world.parts.seal.index('phone', secret.phone))).toEqual([])
  })

  test('words about them go from the log and the events too; that there were acts stays', async () => {
    const { person, params } = await registered()
    const other = await registered()
    const owner = await signInOwner(world)
    const [note, reason, theirs] = [randomUUID(), randomUUID(), randomUUID()]
    const nudge = { orderId: params.id, fieldId: 'name', note }
    const amendment = { orderId: params.id, revision: 1, values: { name: '丁' }, reason }
    await must(owner.call, 'putNudge', { params: { id: randomUUID() }, body: nudge })
    await must(owner.call, 'putAmendment', { params: { id: randomUUID() }, body: amendment })
    const another = { ...nudge, orderId: other.params.id, note: theirs }
    await must(owner.call, 'putNudge', { params: { id: randomUUID() }, body: another })
    const acts = async () => (await db().selectFrom('acts').select('id').execute()).length
    const [before, elsewhere] = [await acts(), await tables(theirs)]
    // Control.
    expect(await tables(note)).toEqual(expect.arrayContaining(['acts', 'act_changes', 'nudges']))
    expect(await tables(reason)).toEqual(expect.arrayContaining(['amendments', 'acts', 'events']))
    await endOrder(params.id, 'expired')
    await must(person.call, 'deleteMe', {})
    expect([await tables(note), await tables(reason)]).toEqual([[], []])
    expect([await acts(), await tables(theirs)]).toEqual([before, elsewhere])
  })

  test('every table that names a person is known to it', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'user_id' order by 1`.execute(db())
    // A new one: erase it in server/privacy/erase.ts, show it in data.ts, then add it here.
    expect(rows.map(({ name }) => name)).toEqual([
      'agreements',
      'consents',
      'contacts',
      'coupons',
      'feedback',
      'identities',
      'negotiations',
      'orders',
      'picture_failures',
      'pictures',
      'queue_reminders',
      'reminders',
      'sessions',
      'waits',
    ])
  })

  test('every column that ties a row to their order, or may hold words about them, is known to it', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and table_name in (select tablename from pg_tables)
        and (column_name in ('order_id', 'filter', 'text', 'details', 'solution', 'evidence', 'before',
          'after', 'answers', 'payer') or column_name ~ 'reason$|note$|_sealed$')
      order by 1`.execute(db())
    const listed = [...erasedColumns, ...Object.keys(keptColumns)].sort()
    expect(rows.map(({ name }) => name).sort()).toEqual(listed)
  })

  test('a place in a line is left, so that its slot counts right; what was asked for is gone', async () => {
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const holder = await signIn(world)
    const [held, wait, wish] = [randomUUID(), randomUUID(), randomUUID()]
    await must(holder.call, 'putOrder', { params: { id: held }, body: { slotId, party: 1 } })
    const person = await signIn(world)
    await must(person.call, 'putWait', { params: { id: wait }, body: { slotId, party: 1 } })
    const startsAt = new Date(Date.now() + 300 * 3_600_000).toISOString()
    const body = { serviceId: lecture, startsAt, party: 1, note: '只有这天有空' }
    await must(person.call, 'putNegotiation', { params: { id: wish }, body })
    const { negotiations } = await must(person.call, 'getMyData', {})
    expect(negotiations).toMatchObject([{ startsAt, note: '只有这天有空' }])
    await must(person.call, 'deleteMe', {})
    const { rows } = await sql<{ waiting: number; left: number }>`
      select waiting, (select count(*)::int from waits where slot_id = slots.id)
        + (select count(*)::int from negotiations where id = ${wish}) as left
      from slots where id = ${slotId}`.execute(db())
    expect(rows).toEqual([{ waiting: 0, left: 0 }])
  })

  const ofErased = async (userId: string) => {
    const { rows } = await sql<{ name: string; contacts: number; feedback: number; waits: number }>`
      select name, (select count(*)::int from contacts where user_id = u.id) as contacts,
        (select count(*)::int from feedback where user_id = u.id and text <> '') as feedback,
        (select count(*)::int from waits where user_id = u.id) as waits
      from users u where id = ${userId} and erased_at is not null`.execute(db())
    return rows
  }
  const nothing = { name: '已注销用户', contacts: 0, feedback: 0, waits: 0 }
  /** What somebody may write by themselves, each with `secret`. */
  const writes = (person: Person, secret: string, slotId: string) => {
    const contact = { kind: 'person' as const, values: { name: secret, phone: somePhone() } }
    const told = { kind: 'complaint' as const, text: secret, pictureIds: [], orderId: null }
    const startsAt = new Date(Date.now() + 300 * 3_600_000).toISOString()
    const wish = { serviceId: lecture, startsAt, party: 1, note: secret }
    const params = () => ({ id: randomUUID() })
    return {
      putContact: () =>
        person.call('putContact', { params: params(), body: { ...contact, isDefault: true } }),
      putMe: () => person.call('putMe', { body: { name: secret } }),
      putFeedback: () =>
        person.call('putFeedback', {
          params: params(),
          body: { ...told, phone: null, page: '/pages/me/index' },
        }),
      putWait: () => person.call('putWait', { params: params(), body: { slotId, party: 1 } }),
      putNegotiation: () => person.call('putNegotiation', { params: params(), body: wish }),
    }
  }
  const fullSlot = async () => {
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const params = { id: randomUUID() }
    await must((await signIn(world)).call, 'putOrder', { params, body: { slotId, party: 1 } })
    return slotId
  }

  test('what was under way is refused after it, and all that is written before goes with it', async () => {
    const slotId = await fullSlot()
    // Control: alone, each of them writes.
    for (const write of Object.values(writes(await signIn(world), '写得进', slotId)))
      expect(await write()).toMatchObject({ ok: true })
    // Requests whose session was looked at before it ended: it is put back behind the server's back.
    const person = await signIn(world)
    await must(person.call, 'deleteMe', {})
    await sql`alter table sessions disable trigger sessions_erased`.execute(db())
    const row = { token_hash: hashOf(person.token), user_id: person.userId, host: 'weapp' }
    const expires_at = new Date(Date.now() + dayMs)
    await db()
      .insertInto('sessions')
      .values({ ...row, person_id: null, expires_at })
      .execute()
    await sql`alter table sessions enable trigger sessions_erased`.execute(db())
    for (const [name, write] of Object.entries(writes(person, '写不进', slotId)))
      expect([name, await write()]).toMatchObject([name, { code: 'unauthenticated' }])
    expect(await tables('写不进')).toEqual([])
    expect(await ofErased(person.userId)).toEqual([nothing])
  })

  test('at once with everything a person writes: nothing of an erased one is left', async () => {
    const slotId = await fullSlot()
    for (let i = 0; i < 12; i++) {
      const person = await signIn(world)
      const secret = `竞态${randomUUID().slice(0, 8)}`
      const all = Object.values(writes(person, secret, slotId))
      all.splice(i % (all.length + 1), 0, () => person.call('deleteMe', {}) as never)
      for (const said of await Promise.all(all.map((one) => one())))
        expect(said.ok ? '' : said.code).not.toBe('internal')
      // An offer or a hold of theirs may have kept it from being done; then nothing is asked of it.
      for (const row of await ofErased(person.userId)) {
        expect(row).toEqual(nothing)
        expect(await tables(secret)).toEqual([])
      }
    }
  })

  test('a hold that was under way keeps no seat', async () => {
    const slotId = await newSlot(db(), { serviceId: lecture, capacity: 1 })
    const person = await signIn(world)
    await must(person.call, 'deleteMe', {})
    const order = randomUUID()
    const wish = { order, user: person.userId, slot: slotId, party: 1 }
    // Control: a hold does not ask; it takes the only seat.
    expect(await hold(db(), world.parts.bus, [wish])).toMatchObject([{ verdict: 'granted' }])
    const next = await signIn(world)
    const take = () =>
      next.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } })
    expect(await take()).toMatchObject({ code: 'slot_full' })
    // Others' holds stay.
    const [stays, other] = [randomUUID(), await newSlot(db(), { serviceId: lecture, capacity: 1 })]
    await must(next.call, 'putOrder', { params: { id: stays }, body: { slotId: other, party: 1 } })
    await endErasedHolds(world.parts)
    expect(await take()).toMatchObject({ ok: true })
    expect((await must(next.call, 'getOrder', { params: { id: stays } })).state).toBe('held')
  })

  test('who is back after a restore goes again, as of then, whatever is open; others stay', async () => {
    const [back, stays] = [await confirmed(), await confirmed()]
    const gone = await signIn(world)
    await must(gone.call, 'deleteMe', {})
    const before = await readErased(db())
    expect(before.map(({ id }) => id)).toContain(gone.userId)
    // What the newest data says: they had erased themselves; one of them came after the restored time.
    const at = new Date(Date.now() - dayMs)
    const said = [back.person.userId, randomUUID()].map((id) => ({ id, erased_at: at }))
    expect(await eraseAgain(db(), [...before, ...said])).toBe(1)
    for (const part of Object.values(back.secret))
      expect([part, await tables(part)]).toEqual([part, []])
    expect(await tables(stays.secret.name)).toContain('registrations')
    expect(await readErased(db())).toContainEqual({ id: back.person.userId, erased_at: at })
    const order = db().selectFrom('orders').select('state').where('id', '=', back.params.id)
    expect(await order.executeTakeFirst()).toEqual({ state: 'confirmed' })
    expect(await eraseAgain(db(), said)).toBe(0)
  })

  test('twice at once is once', async () => {
    const person = await signIn(world)
    const both = await Promise.all([person.call('deleteMe', {}), person.call('deleteMe', {})])
    for (const one of both) expect(one.ok || one.code === 'unauthenticated').toBe(true)
  })
})

describe('what a nudge keeps of before and after (R10)', () => {
  const asked = async (person: Person, orderId: string, value: string) => {
    const { call } = await signInOwner(world)
    const params = { id: randomUUID() }
    await must(call, 'putNudge', { params, body: { orderId, fieldId: 'idCard', note: '请核对' } })
    await must(person.call, 'putNudgeAnswer', { params, body: { value } })
    return params.id
  }
  const kept = (id: string) =>
    db().selectFrom('nudges').select(['before', 'after']).where('id', '=', id).executeTakeFirst()

  test('goes with its field’s time, and with the person', async () => {
    const { person, params } = await confirmed()
    const [one, other] = [someIdCard(), someIdCard()]
    const nudge = await asked(person, params.id, one)
    expect((await kept(nudge))?.after).toMatchObject({ sealed: expect.any(String) })
    await endOrder(params.id, 'completed')
    await sql`update registrations set forget_at = now() where order_id = ${params.id}`.execute(
      db(),
    )
    world.clock.aheadMs = 31 * dayMs
    await forgetDue(world.parts)
    world.clock.aheadMs = 0
    expect(await kept(nudge)).toEqual({ before: null, after: null })

    const again = await confirmed()
    const second = await asked(again.person, again.params.id, other)
    await endOrder(again.params.id, 'completed')
    await must(again.person.call, 'deleteMe', {})
    expect(await kept(second)).toEqual({ before: null, after: null })
    for (const id of [one, other])
      expect(await tables(world.parts.seal.index('idCard', id))).toEqual([])
  })
})

describe('answers whose time is over', () => {
  test('go one by one, each on its field’s day after the order’s end, from every table', async () => {
    const { person, params, secret } = await confirmed()
    const mark = (kind: 'phone' | 'idCard') => world.parts.seal.index(kind, secret[kind])
    const labels = async () =>
      (await must(person.call, 'getOrder', { params })).answers.map(({ label }) => label)
    const pass = async (days: number) => {
      world.clock.aheadMs = days * dayMs
      while (await forgetDue(world.parts));
      world.clock.aheadMs = 0
      return labels()
    }
    // As long as the order has not ended nothing goes, however long that takes.
    expect(await pass(400)).toEqual(['姓名', '手机号', '身份证号', '照片'])
    await endOrder(params.id, 'completed')
    await sql`update registrations set forget_at = now() where order_id = ${params.id}`.execute(
      db(),
    )
    expect(await pass(29)).toEqual(['姓名', '手机号', '身份证号', '照片'])
    expect(await tables(mark('idCard'))).toEqual(['registration_marks'])
    expect(await pass(31)).toEqual(['姓名', '手机号'])
    expect([await tables(mark('idCard')), await tables(secret.photo)]).toEqual([[], []])
    expect(await tables(mark('phone'))).toEqual(['registration_marks'])
    expect(await pass(91)).toEqual(['姓名'])
    expect(await tables(mark('phone'))).toEqual([])
    expect(await tables(secret.name)).toEqual(['registrations'])
    expect(await pass(181)).toEqual([])
    expect(await tables(secret.name)).toEqual([])
  })

  test('a draft nobody submitted goes too, and one that may still be needed stays', async () => {
    const drafted = async (person: Person, name: string) => {
      const params = { id: randomUUID() }
      const slotId = await newSlot(db(), { serviceId: lecture, capacity: 9 })
      await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
      const values = { name: { value: name, at: new Date().toISOString() } }
      await must(person.call, 'putDraft', { params, body: { values, step: 0 } })
      return params.id
    }
    const person = await signIn(world)
    const over = await drafted(person, '过期的草稿')
    await drafted(person, '还要用的草稿')
    await endOrder(over, 'expired')
    world.clock.aheadMs = 40 * dayMs
    await forgetDue(world.parts)
    expect(await tables('过期的草稿')).toEqual([])
    expect(await tables('还要用的草稿')).toEqual(['drafts'])
  })

  const passed = async (orderId: string, days: number) => {
    await sql`update registrations set forget_at = now() where order_id = ${orderId}`.execute(db())
    world.clock.aheadMs = days * dayMs
    while (await forgetDue(world.parts));
    world.clock.aheadMs = 0
  }
  const amendOnce = async (orderId: string, values: Record<string, unknown>) => {
    const { call } = await signInOwner(world)
    const body = { orderId, revision: 1, values, reason: '客户来电更正' }
    await must(call, 'putAmendment', { params: { id: randomUUID() }, body })
  }
  const whatWas = async (orderId: string) => {
    const { rows } = await sql<{ before: unknown; after: unknown }>`
      select before, after from amended_answers a join amendments m on m.id = a.amendment_id
      where m.order_id = ${orderId}`.execute(db())
    return rows.map(({ before, after }) => before ?? after)
  }
  const endRegistered = async (id: string) => {
    await sql`update orders set state = 'confirmed', confirmed_at = now(), held_until = null
      where id = ${id}`.execute(db())
    await endOrder(id, 'completed')
  }
  const lastLooked = async (orderId: string) =>
    (
      await db()
        .selectFrom('registrations')
        .select('forget_at')
        .where('order_id', '=', orderId)
        .executeTakeFirst()
    )?.forget_at

  test('an answer that the merchant took away goes on its field’s day, not before', async () => {
    const fields = [
      text('name', { label: '姓名', retentionDays: 10 }),
      text('idCard', { kind: 'idCard', label: '身份证号', required: false, retentionDays: 30 }),
    ]
    const id = await submitted(await signIn(world), fields, { name: '甲', idCard: someIdCard() })
    await amendOnce(id, { idCard: null })
    await endRegistered(id)
    await passed(id, 29)
    expect(await whatWas(id)).toEqual([{ sealed: expect.any(String) }])
    expect(await lastLooked(id)).not.toBeNull()
    await passed(id, 31)
    expect([await whatWas(id), await lastLooked(id)]).toEqual([[null], null])
  })

  test('a picture whose question a change hid goes with its field’s time', async () => {
    const person = await signIn(world)
    const photo = await sendPicture(person, await pngOf())
    const visibleIf = { field: 'has', equals: true }
    const fields = [
      text('has', { kind: 'yesNo', label: '有证件', retentionDays: 30 }),
      text('scan', { kind: 'file', label: '证件照片', retentionDays: 30, visibleIf }),
    ]
    const answers = { has: true, scan: [{ id: photo, name: '图片 1' }] }
    const id = await submitted(person, fields, answers)
    await amendOnce(id, { has: false })
    await endRegistered(id)
    await passed(id, 29)
    expect(await tables(photo)).toContain('pictures')
    await passed(id, 31)
    expect(await tables(photo)).toEqual([])
  })
})
