/**
 * Whatever is sent to whichever endpoint: a clear refusal in Chinese with a code, never our own
 * fault (5xx), and nothing is written. What belongs to somebody else answers like nothing at all.
 */
import { randomUUID } from 'node:crypto'
import { type EndpointName, endpoints } from '@jiyue/contract/api'
import { type RefusalBody, refusals } from '@jiyue/contract/refusals'
import { wire } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInOwner,
  type World,
} from '../world.ts'
import { someCash, someService, someSettings, someTemplate } from './refusals/inputs.ts'

let world: World
let mei: Person
let owner: { token: string }
let lan: { orderId: string; paymentId: string }
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  owner = await signInOwner(world)
  lan = await somebodyElse()
})
afterAll(() => world.close())

/** Another person with an order, a draft and an open payment. */
async function somebodyElse() {
  const person = await signIn(world)
  const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
  const order = await registeredOrder(person, slot)
  const paymentId = randomUUID()
  await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: paymentId, method: 'wechat', scene: 'weapp' },
  })
  return { orderId: order.id, paymentId }
}

interface Raw {
  id?: string
  query?: string
  body?: string
  type?: string
  token?: string | null
}

const rightToken = (name: EndpointName) =>
  ({ anyone: null, user: mei.token, merchant: owner.token })[endpoints[name].who]

/** The bytes as given; a fitting id and token where none is. */
async function shoot(name: EndpointName, raw: Raw = {}) {
  const { method, path } = endpoints[name]
  const token = raw.token === undefined ? rightToken(name) : raw.token
  const response = await fetch(
    world.url + pathOf(path, raw.id ?? randomUUID()) + (raw.query ?? defaultQuery(name)),
    {
      method,
      headers: {
        ...(raw.body !== undefined && { 'content-type': raw.type ?? 'application/json' }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(raw.body !== undefined && { body: raw.body }),
    },
  )
  const text = await response.text()
  return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : null }
}

const pathOf = (path: string, id: string) =>
  path
    .replace(':method', 'wechat')
    .replace(':version', '2')
    .replace(':kind', 'unpaid')
    .replace(':host/:template', 'weapp/start')
    .replace(/:(id|day|pictureId|wordsId)\b/g, id)

const someDays = '?from=2026-10-01&to=2026-10-02'
const queries: Partial<Record<EndpointName, string>> = {
  getFunnel: someDays,
  listSlots: someDays,
  listConsoleSlots: someDays,
  listDays: someDays,
  getMoveQuote: `?slotId=${randomUUID()}`,
}
const defaultQuery = (name: EndpointName) => queries[name] ?? ''

/** Every row of every table, in one number per table. */
async function everything(): Promise<string> {
  const { rows } = await sql<{ table: string }>`
    select tablename as "table" from pg_tables where schemaname = 'public' order by 1`.execute(
    world.database.db,
  )
  const sums = await Promise.all(
    rows.map(async ({ table }) => {
      const sum = await sql<{ n: number; sum: string }>`
        select count(*)::int as n, coalesce(sum(hashtext(t::text)), 0)::text as sum
        from ${sql.table(table)} t`.execute(world.database.db)
      return `${table} ${sum.rows[0]?.n} ${sum.rows[0]?.sum}`
    }),
  )
  return sums.join('\n')
}

type Got = Awaited<ReturnType<typeof shoot>>

function expectClearNo(what: unknown, { status, body, text }: Got): void {
  const { error } = (body ?? {}) as Partial<RefusalBody>
  const clear =
    status >= 400 &&
    status < 500 &&
    error !== undefined &&
    refusals[error.code]?.status === status &&
    /[\u4e00-\u9fff]/.test(error.message)
  if (!clear)
    throw new Error(`${JSON.stringify(what).slice(0, 300)} → ${status} ${text.slice(0, 300)}`)
}

/** Shoots all of it and compares the whole database before and after. */
async function refusedWithoutTrace(shots: [EndpointName, Raw][]): Promise<void> {
  const before = await everything()
  for (const [name, raw] of shots) expectClearNo([name, raw], await shoot(name, raw))
  expect(await everything()).toBe(before)
}

const names = Object.keys(endpoints) as EndpointName[]
const withBody = names.filter((name) => 'body' in wire[name])
const withId = names.filter((name) => 'params' in wire[name])
const guarded = names.filter((name) => endpoints[name].who !== 'anyone')

/** A body that fits, so that one wrong thing at a time can be put in. */
const bodies: Partial<Record<EndpointName, Record<string, unknown>>> = {
  sendSignInCode: { phone: '13900002222' },
  createSession: { host: 'weapp', code: 'x' },
  putOrder: { slotId: randomUUID(), party: 1 },
  putDraft: { values: {}, step: 0 },
  putRegistration: { formVersion: 1, values: {} },
  createPayment: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  putMove: { orderId: randomUUID(), slotId: randomUUID(), dueFen: 0, refundFen: 0 },
  createConsoleSession: { name: 'nobody', password: 'x' },
  putService: someService(),
  putServiceSettings: someSettings(),
  putServicePhoto: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putWording: { text: '{服务}', hint: null, off: false, revision: 'read by nobody' },
  putHostTemplate: { set: null, revision: 'read by nobody' },
  putRules: { rules: { bookingDays: 14 } },
  previewCoupons: { to: ['13900009999'] },
  putCoupons: {
    to: ['13900009999'],
    label: '老客回馈券',
    offFen: 2000,
    until: '2026-12-31',
    note: '感谢支持',
  },
  putPromotion: {
    serviceId: null,
    label: '限时立减',
    kind: 'amount',
    value: 1000,
    startsAt: '2026-10-01T00:00:00Z',
    endsAt: '2026-11-01T00:00:00Z',
    position: 9,
    revision: null,
  },
  putPerson: { login: 'xiaolu', name: '小鹿', role: 'support', phone: null, mail: null },
  putDeactivation: { reason: '离职' },
  putSecondReset: { reason: '手机丢失' },
  readInvitation: { token: 'nobody-was-ever-sent-this' },
  createPassword: { token: 'nobody-was-ever-sent-this', password: '一句很长的新密码' },
  putPassword: { current: 'x', password: '一句很长的新密码' },
  createSecond: { password: 'x' },
  putSecond: { code: '000000' },
  createRecoveryCodes: { code: '000000' },
  putSlot: {
    serviceId: randomUUID(),
    startsAt: '2030-10-01T06:00:00Z',
    endsAt: '2030-10-01T08:00:00Z',
    capacity: 1,
    staffId: null,
    branchId: null,
  },
  putCapacity: { capacity: 1 },
  putCancellation: { reason: '恶意占位', refund: 'rule' },
  putConsolePicture: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putOfflinePayment: someCash(),
  putAmendment: { orderId: randomUUID(), revision: 1, values: { name: '林' }, reason: '更正' },
  putView: { name: '本周待缴费', filter: {}, hidden: [] },
  putOrderState: { from: 'completed', to: 'missed', reason: '客户未到店' },
  putClosure: { reason: '闭店' },
  putClosures: { slots: [{ slotId: randomUUID(), reason: '闭店', was: null }], emptyOnly: true },
  putSlotMove: {
    slotId: randomUUID(),
    startsAt: '2030-10-01T06:00:00Z',
    endsAt: '2030-10-01T08:00:00Z',
    staffId: null,
    roomId: null,
    branchId: null,
  },
  putRefund: { orderId: randomUUID(), amountFen: 1, note: '协商退款' },
  retryRefund: { way: 'again' },
  putOtherwise: { note: '已转账退还', evidence: '流水号 1' },
  putIdentity: { code: 'x' },
  putReturn: { query: 'out_trade_no=1' },
  putPicture: { base64: 'bm90IGEgcGljdHVyZQ==' },
  putProof: { orderId: randomUUID(), pictureId: randomUUID(), paidFen: 1 },
  putDecision: { decision: 'reject', reason: '看不清' },
  putResolution: { note: '已核对' },
  putLooks: { looks: [{ n: 0, agoMs: 0, serviceId: randomUUID(), kind: 'service' }] },
  putQueue: { slotId: randomUUID(), party: 1 },
  putOrders: { orders: [1, 1].map((party) => ({ id: randomUUID(), slotId: randomUUID(), party })) },
  putNegotiation: {
    serviceId: lecture,
    startsAt: new Date(Date.now() + 500 * 3_600_000).toISOString(),
    party: 1,
    note: '只有这天有空',
  },
  previewDisruption: { slotIds: [randomUUID()] },
  putDisruption: {
    slotIds: [randomUUID()],
    reason: '讲师突发疾病',
    note: null,
    choiceIds: [],
    fallback: 'refund',
    deadlineAt: new Date(Date.now() + 3_600_000).toISOString(),
    coupon: null,
  },
  putNegotiationAnswer: { answer: 'decline', reason: '当天没有人手' },
  putFeedback: {
    kind: 'complaint',
    text: '老师迟到了',
    pictureIds: [],
    orderId: null,
    phone: null,
    page: '/pages/me/index',
  },
  putFeedbackWords: { text: '还有一点' },
  putFeedbackHandling: { assigneeId: null, dueAt: '2999-10-01T00:00:00Z' },
  putConsoleFeedbackWords: { kind: 'reply', text: '您好' },
  putFeedbackClosure: { cause: 'late', solution: '已致歉' },
  putFeedbackReopening: { reason: '用户补充了照片' },
  putWait: { slotId: randomUUID(), party: 1 },
  putAcknowledgement: { note: '已知悉' },
  putRead: { until: '2026-10-01T00:00:00Z' },
  putConsents: { answers: { booking: 'reject' } },
  putAnswer: { answer: 'confirm' },
  checkIn: { early: false },
  putNudge: { orderId: randomUUID(), fieldId: 'name', note: '请补充姓名' },
  putNudgeAnswer: { value: '王小明' },
  putFormDraft: { steps: [], fields: [], revision: randomUUID(), basedOn: null },
  putFormVersion: { revision: randomUUID() },
  putMe: { name: '林小满' },
  putContact: {
    kind: 'person',
    values: { name: '林小满', phone: '13800138000' },
    isDefault: false,
  },
  previewSchedule: someTemplate(),
  putSchedule: { version: null, template: someTemplate() },
  putDay: { open: false, name: '盘点' },
  putStaff: { name: '白露', title: '保洁师', profile: '细致', serviceIds: [] },
  putRoom: { name: '小厅', branchId: randomUUID(), about: '临窗', seats: 8, serviceIds: [] },
  putBranch: {
    name: '静安店',
    address: '静安区 1 号',
    phone: '021-60000000',
    latitude: 31.23,
    longitude: 121.45,
  },
  putArea: { area: { city: '上海市', districts: ['徐汇区'], radiusM: null } },
}

test('there is a fitting body for every endpoint that takes one', () => {
  expect(Object.keys(bodies).sort()).toEqual([...withBody].sort())
  for (const name of withBody) {
    const shape = (wire[name] as { body: { safeParse(v: unknown): { success: boolean } } }).body
    expect([name, shape.safeParse(bodies[name]).success]).toEqual([name, true])
  }
})

/** Keys that may be null, and lists that may be empty. */
const nullable = ['staffId', 'branchId', 'roomId', 'priceFen', 'cutoff', 'makeupWeekday']
nullable.push(
  'orderId',
  'assigneeId',
  'endsOn',
  'version',
  'name',
  'phone',
  'mail',
  'serviceId',
  'depositCondition',
  'formFrom',
  'text',
  'hint',
  'set',
  // A new one has none.
  'putPromotion revision',
)
const lists = [
  'hidden',
  'pictureIds',
  'breaks',
  'exceptions',
  'serviceIds',
  'branchIds',
  'staffIds',
  'roomIds',
  'photos',
  'content',
  'notes',
]

test('refuses a page of a year that no calendar has, in every list', async () => {
  const paged = names.filter((name) => {
    const { query } = wire[name] as { query?: { shape: object } }
    return query !== undefined && 'after' in query.shape
  })
  expect(paged.length).toBeGreaterThan(5)
  const query = `?after=0000-01-01T00:00:00Z,${randomUUID()}`
  const state = '&state=submitted'
  await refusedWithoutTrace([
    ...paged.map((name): [EndpointName, Raw] => [
      name,
      { query: query + (name === 'listProofs' ? state : '') },
    ]),
    ['listDifferences', { query: '?day=0000-01-01' }],
    ['listActs', { query: '?from=0000-01-01' }],
  ])
})

describe.each(withBody)('%s', (name) => {
  test('refuses what is no JSON, no object, or of another type', () =>
    refusedWithoutTrace([
      ...['', '{', '{"a":', 'null', '[]', '"x"', '1', 'NaN', '{"__proto__":{"a":1}}', '\u0000'].map(
        (body): [EndpointName, Raw] => [name, { body }],
      ),
      ...[
        'text/plain',
        'application/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-seq',
      ].map((type): [EndpointName, Raw] => [name, { body: JSON.stringify(bodies[name]), type }]),
    ]))

  test('refuses a missing key, an unknown key, and every wrong type of every key', () => {
    const fitting = bodies[name] ?? {}
    const wrong: unknown[] = [
      { ...fitting, wish: 1 },
      { ...fitting, constructor: 1 },
    ]
    for (const key of Object.keys(fitting)) {
      const { [key]: _, ...rest } = fitting
      wrong.push(rest)
      const strange = [true, [], ['x'], { a: 1 }, -1e308, '', `${'长'.repeat(10_240)}`]
      const isRecord = key === 'values'
      const mayBeNull = nullable.includes(key) || nullable.includes(`${name} ${key}`)
      for (const value of strange) {
        if (isRecord && typeof value === 'object' && !Array.isArray(value)) continue
        if (typeof value === typeof fitting[key] && typeof value === 'boolean') continue
        if (lists.includes(key) && Array.isArray(value) && value.length === 0) continue
        // Any word may be tried for a number: whom it names is what the preview says.
        if (name === 'previewCoupons' && Array.isArray(value) && value.length > 0) continue
        wrong.push({ ...fitting, [key]: value })
      }
      if (!mayBeNull) wrong.push({ ...fitting, [key]: null })
    }
    return refusedWithoutTrace(wrong.map((body) => [name, { body: JSON.stringify(body) }]))
  })

  test('refuses NUL and broken Unicode in any text', () => {
    const fitting = bodies[name] ?? {}
    const wrong = Object.keys(fitting)
      .flatMap((key) => ['a\\u0000b', '\\ud800', '\\udc00\\ud800'].map((text) => [key, text]))
      .map(([key, text]) => {
        const value =
          key === 'values'
            ? `{"name":{"value":"${text}","at":"2026-10-01T00:00:00Z"}}`
            : `"${text}"`
        return JSON.stringify({ ...fitting, [key as string]: '?' }).replace('"?"', value)
      })
    return refusedWithoutTrace(wrong.map((body) => [name, { body }]))
  })

  test('refuses a huge body and one of endless depth', () =>
    refusedWithoutTrace([
      [name, { body: JSON.stringify({ ...bodies[name], wish: 'x'.repeat(200_000) }) }],
      [name, { body: '['.repeat(60_000) + ']'.repeat(60_000) }],
      [name, { body: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` }],
    ]))
})

describe('numbers', () => {
  const numbers = [
    '-1',
    '0',
    '1.5',
    '1e400',
    '-1e400',
    '9007199254740993',
    '2147483648',
    '1e21',
    '-0.1',
    '00',
    '0x10',
    'NaN',
    'Infinity',
  ]
  const shots = (name: EndpointName, key: string) =>
    numbers.map((number): [EndpointName, Raw] => [
      name,
      { body: JSON.stringify({ ...bodies[name], [key]: '?' }).replace('"?"', number) },
    ])

  test.each([
    ['putOrder', 'party'],
    ['putQueue', 'party'],
    ['putWait', 'party'],
    ['putSlot', 'capacity'],
    ['putCapacity', 'capacity'],
  ] as const)('%s refuses every impossible %s', (name, key) =>
    refusedWithoutTrace(shots(name, key)),
  )

  test('putDraft refuses every impossible step, putRegistration every impossible version', () =>
    refusedWithoutTrace([...shots('putDraft', 'step'), ...shots('putRegistration', 'formVersion')]))
})

describe('ids', () => {
  const ids = [
    'x',
    '1',
    `${randomUUID()}0`,
    '00000000-0000-0000-0000-00000000000g',
    "' or 1=1 --",
    "1'; drop table orders; --",
    '../../etc/passwd',
    '%2e%2e%2f',
    '%00',
    '😀',
    'a'.repeat(300),
    'null',
  ]
  test.each(withId)('%s refuses what is no id', (name) =>
    refusedWithoutTrace(
      ids.map((id) => [
        name,
        { id: encodeURIComponent(id), ...(bodies[name] && { body: JSON.stringify(bodies[name]) }) },
      ]),
    ),
  )
})

describe('queries', () => {
  const days = [
    '',
    'x',
    '2026-13-01',
    '2026-02-30',
    '9999-12-31',
    '0000-01-01',
    '0001-01-01',
    '-1',
    "'--",
  ]
  test.each(['listSlots', 'listConsoleSlots'] as const)('%s refuses days that are none', (name) =>
    refusedWithoutTrace([
      ...days.map((day): [EndpointName, Raw] => [name, { query: `?from=${day}&to=${day}` }]),
      [name, { query: '?from=2026-10-02&to=2026-10-01' }],
      [name, { query: '?from=2026-10-01&to=2026-11-01' }],
      [name, { query: '?from=2026-10-01' }],
      [name, { query: '?from=2026-10-01&from=2026-10-02&to=2026-10-03' }],
      [name, { query: '?from=2026-10-01&to=2026-10-02&wish=1' }],
    ]),
  )

  test('listDays refuses days that are none, and putDay too', () =>
    refusedWithoutTrace([
      ...days.map((day): [EndpointName, Raw] => ['listDays', { query: `?from=${day}&to=${day}` }]),
      ...days
        .filter(Boolean)
        .map((day): [EndpointName, Raw] => [
          'putDay',
          { id: encodeURIComponent(day), body: JSON.stringify(bodies.putDay) },
        ]),
    ]))

  test('getMoveQuote refuses slots that are none', () =>
    refusedWithoutTrace(
      ['', '?slotId=', '?slotId=x', `?slotId=${randomUUID()}&slotId=x`, '?slotId=%00'].map(
        (query): [EndpointName, Raw] => ['getMoveQuote', { query }],
      ),
    ))

  test.each([
    ['listBills', '', '2026-05-01'],
    ['getReconciliation', '&per=day', '2029-12-31'],
  ] as const)('%s refuses days that are none, and too many of them', (name, more, tooLate) =>
    refusedWithoutTrace([
      ...days.map((day): [EndpointName, Raw] => [name, { query: `?from=${day}&to=${day}${more}` }]),
      [name, { query: `?from=2026-10-02&to=2026-10-01${more}` }],
      [name, { query: `?from=2026-01-01&to=${tooLate}${more}` }],
      [name, { query: `?from=2026-10-01&to=2026-10-02${more}&wish=1` }],
      [name, { query: `?from=2026-10-01&to=2026-10-02${more}&serviceId=x` }],
      ['getReconciliation', { query: '?from=2026-10-01&to=2026-10-02&per=year' }],
    ]),
  )

  test('listDifferences refuses cursors, methods and states that are none', () =>
    refusedWithoutTrace(
      ['after=x', 'after=2026-10-01T00:00:00.000Z,x', 'method=x', 'day=x', 'state=x', 'wish=1'].map(
        (query) => ['listDifferences', { query: `?${query}` }],
      ),
    ))

  test('putBill refuses days that are none, to come, or long gone', () =>
    refusedWithoutTrace(
      ['2026-02-30', '9999-12-31', '0001-01-01', '0000-01-01', '2020-01-01', "'--"].map((day) => [
        'putBill',
        { id: encodeURIComponent(day) },
      ]),
    ))

  test('listConsoleOrders refuses cursors, ids and texts that are none', () =>
    refusedWithoutTrace(
      [
        'after=x',
        'after=,',
        'after=2026-10-01T00:00:00.000Z',
        'after=2026-10-01T00:00:00.000Z,x',
        `after=2026-99-01T00:00:00.000Z,${randomUUID()}`,
        `after=2026-10-01T00:00:00.000Z,${randomUUID()},1`,
        'serviceId=x',
        `text=${'x'.repeat(51)}`,
        'text=a%00b',
        'state=%00',
        'wish=1',
      ].map((query) => ['listConsoleOrders', { query: `?${query}` }]),
    ))

  test('listRefunds refuses cursors and states that are none', () =>
    refusedWithoutTrace(
      [
        'after=x',
        'after=2026-10-01T00:00:00.000Z,x',
        `after=2026-99-01T00:00:00.000Z,${randomUUID()}`,
        `state=${'x'.repeat(21)}`,
        'state=%00',
        'wish=1',
      ].map((query) => ['listRefunds', { query: `?${query}` }]),
    ))

  test.each(["' or 1=1 --", '%', '_', '\\', "'; drop table orders; --", '😀'])(
    'listConsoleOrders looks for %p as text and finds nothing',
    async (text) => {
      const query = `?text=${encodeURIComponent(text)}&state=${encodeURIComponent(text.slice(0, 20))}`
      const { status, body } = await shoot('listConsoleOrders', { query })
      expect([status, body.orders]).toEqual([200, []])
    },
  )
})

describe('texts that are strange and yet texts', () => {
  test('emoji, quotes and SQL are kept as they are', async () => {
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
    const params = { id: randomUUID() }
    await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const value = `😀'"; drop table drafts; -- \\ <b>${'龘'.repeat(3000)}</b>`
    const values = { name: { value, at: new Date(Date.now() - 1000).toISOString() } }
    const saved = await must(mei.call, 'putDraft', { params, body: { values, step: 0 } })
    expect(saved.values.name?.value).toBe(value)
  })
})

describe('tokens', () => {
  const strange = ['', 'x', 'null', "' or 1=1 --", 'a'.repeat(43), 'a'.repeat(5000), 'é'.repeat(30)]

  test.each(guarded)('%s refuses every token that is nobody’s', async (name) => {
    const body = bodies[name] && JSON.stringify(bodies[name])
    const before = await everything()
    for (const token of [null, ...strange]) {
      const got = await shoot(name, { token, ...(body && { body }) })
      expect([token, got.status, got.body?.error.code]).toEqual([token, 401, 'unauthenticated'])
    }
    const other = endpoints[name].who === 'user' ? owner.token : mei.token
    const crossed = await shoot(name, { token: other, ...(body && { body }) })
    expect([crossed.status, crossed.body?.error.code]).toEqual([403, 'forbidden'])
    expect(await everything()).toBe(before)
  })

  test('an expired token is nobody’s', async () => {
    world.clock.aheadMs = 31 * 86_400_000
    try {
      expect((await shoot('getMe')).status).toBe(401)
      expect((await shoot('getConsoleMe')).status).toBe(401)
    } finally {
      world.clock.aheadMs = 0
    }
    expect((await shoot('getMe')).status).toBe(200)
  })
})

describe('what is not yours is not there', () => {
  const mine: EndpointName[] = [
    'getOrder',
    'cancelOrder',
    'getDraft',
    'putDraft',
    'putRegistration',
    'createPayment',
    'getPayment',
    'getMoveQuote',
  ]
  test.each(mine)(
    '%s answers another’s byte for byte like one that does not exist',
    async (name) => {
      const before = await everything()
      const body = bodies[name] && JSON.stringify(bodies[name])
      const theirs = name === 'getPayment' ? lan.paymentId : lan.orderId
      const [foreign, missing] = await Promise.all(
        [theirs, randomUUID()].map((id) => shoot(name, { id, ...(body && { body }) })),
      )
      const bare = (got: Got | undefined) => [
        got?.status,
        got?.text.replace(/"requestId":"[^"]+"/, ''),
      ]
      expect(bare(foreign)).toEqual(bare(missing))
      expect(foreign?.body.error.code).toBe('not_found')
      expect(await everything()).toBe(before)
    },
  )

  test('an order id of another is refused as used, and says nothing about it', async () => {
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
    const body = JSON.stringify({ slotId, party: 1 })
    const before = await everything()
    const got = await shoot('putOrder', { id: lan.orderId, body })
    expect(got.body).toEqual({
      error: {
        code: 'order_id_reused',
        message: refusals.order_id_reused.zh,
        requestId: expect.any(String),
      },
    })
    expect(await everything()).toBe(before)
  })
})

describe('where nothing is served', () => {
  test.each([
    '/v1/nothing',
    '/v1/orders/',
    '/v2/services',
    '/v1/services/%',
    '/.env',
    '/v1//orders',
  ])('%s', async (path) => {
    const response = await fetch(world.url + path)
    expect([400, 401, 404]).toContain(response.status)
    const { error } = (await response.json()) as RefusalBody
    expect(refusals[error.code].status).toBe(response.status)
  })
  test('a method nobody offers', async () => {
    const response = await fetch(`${world.url}/v1/services`, { method: 'PATCH' })
    expect([response.status, ((await response.json()) as RefusalBody).error.code]).toEqual([
      404,
      'not_found',
    ])
  })
})
