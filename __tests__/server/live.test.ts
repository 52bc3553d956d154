/** The live sockets (T1): who may follow what, how soon a seat shows, and what a socket may do. */
import { randomUUID } from 'node:crypto'
import { type ServerFrame, type Topic, topicsPerSocket } from '@jiyue/contract/live'
import { sql } from 'kysely'
import { buildApp } from '../../server/app.ts'
import { lecture, staff, venue } from '../../server/demo/world.ts'
import type { LiveLimits } from '../../server/live/live.ts'
import { startSweeps, sweeps } from '../../server/sweep/sweep.ts'
import { newSlot } from '../races/setting.ts'
import {
  lectureAnswers,
  must,
  openWorld,
  type Person,
  registeredOrder,
  signIn,
  signInOwner,
  until,
  type World,
} from '../world.ts'
import { type Ear, openEar } from './socket.ts'

let world: World
let mei: Person
let owner: Awaited<ReturnType<typeof signInOwner>>
const ears: Ear[] = []
beforeAll(async () => {
  world = await openWorld()
  mei = await signIn(world)
  owner = await signInOwner(world)
  await sql`insert into rules values ('ordersPerUser', 1000), ('bookingDays', 60)`.execute(
    world.database.db,
  )
})
afterEach(() => Promise.all(ears.splice(0).map((ear) => ear.close())))
afterAll(() => world.close())

/** A socket that has signed in and follows. */
async function listening(token: string | null, ...topics: Topic[]): Promise<Ear> {
  const ear = await openEar(world.url)
  ears.push(ear)
  ear.say({ type: 'sign_in', token })
  await ear.hears((frame) => frame.type === 'ready')
  if (topics.length > 0) ear.say({ type: 'follow', topics })
  await ear.settled()
  return ear
}

const isHint = (topic: Topic) => (frame: ServerFrame) =>
  frame.type === 'hint' && frame.topic === topic
const refused = (ear: Ear) =>
  ear.heard.filter((frame) => frame.type === 'refused').map(({ type: _, ...rest }) => rest)

describe('who may follow what', () => {
  test('a service is anybody’s to follow, without signing in', async () => {
    const ear = await listening(null, `service:${lecture}`)
    expect(refused(ear)).toEqual([])
  })

  test('the answer to a follow names what is followed: news of these come from here on', async () => {
    const ear = await listening(null, `service:${lecture}`, 'console')
    const answers = ear.heard.filter(({ type }) => type === 'following')
    expect(answers).toEqual([{ type: 'following', topics: [`service:${lecture}`] }])
    const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
    await must(mei.call, 'putOrder', {
      params: { id: randomUUID() },
      body: { slotId: slot, party: 1 },
    })
    await ear.hears((frame) => frame.type === 'slot' && frame.slotId === slot)
  })

  test('an order is followed by its person and by the merchant', async () => {
    const order = await heldOrder()
    for (const token of [mei.token, owner.token]) {
      const ear = await listening(token, `order:${order.id}`)
      expect(refused(ear)).toEqual([])
    }
  })

  test('another’s order is refused exactly like one that does not exist', async () => {
    const order = await heldOrder()
    const other = await signIn(world)
    for (const token of [other.token, null]) {
      const [theirs, none]: Topic[] = [`order:${order.id}`, `order:${randomUUID()}`]
      const ear = await listening(token, theirs as Topic, none as Topic)
      expect(refused(ear)).toEqual([
        { code: 'not_found', topic: theirs },
        { code: 'not_found', topic: none },
      ])
      const from = ear.heard.length
      await must(mei.call, 'putDraft', {
        params: { id: order.id },
        body: { values: {}, step: 0 },
      })
      await nothingMore(ear, from)
    }
  })

  test('the console is followed by people of the merchant only', async () => {
    for (const token of [mei.token, null]) {
      const ear = await listening(token, 'console')
      expect(refused(ear)).toEqual([{ code: 'not_found', topic: 'console' }])
    }
    expect(refused(await listening(owner.token, 'console'))).toEqual([])
  })

  test('a token that is nobody’s says so, and the socket goes on as nobody', async () => {
    const ear = await openEar(world.url)
    ears.push(ear)
    ear.say({ type: 'sign_in', token: 'x'.repeat(43) })
    await ear.hears((frame) => frame.type === 'ready')
    expect(refused(ear)).toEqual([{ code: 'unauthenticated' }])
    ear.say({ type: 'follow', topics: ['console'] })
    await ear.settled()
    expect(refused(ear).at(-1)).toEqual({ code: 'not_found', topic: 'console' })
  })
})

describe('somebody else at the same socket', () => {
  test.each([
    ['nobody', async () => null],
    ['another person', async () => (await signIn(world)).token],
  ])('%s does not hear what the one before followed', async (_, token) => {
    const order = await heldOrder()
    const ear = await listening(mei.token, `order:${order.id}`)
    ear.say({ type: 'sign_in', token: await token() })
    await ear.settled()
    const from = ear.heard.length
    await must(mei.call, 'cancelOrder', { params: { id: order.id } })
    await nothingMore(ear, from)
  })
})

async function heldOrder(slotId?: string) {
  const slot = slotId ?? (await newSlot(world.database.db, { serviceId: lecture, capacity: 9 }))
  const params = { id: randomUUID() }
  return must(mei.call, 'putOrder', { params, body: { slotId: slot, party: 1 } })
}

/** Whoever follows everything of the service has heard of a later change; this ear has not. */
async function nothingMore(ear: Ear, from: number): Promise<void> {
  const witness = await listening(null, `service:${lecture}`)
  await heldOrder()
  await witness.hears((frame) => frame.type === 'slot')
  await ear.settled()
  expect(ear.heard.slice(from).filter((frame) => frame.type !== 'pong')).toEqual([])
}

describe('seats on every screen within a second', () => {
  test('hold, release, expiry, resize, close, open and add: each with a higher version', async () => {
    let took = await walked()
    // A busy machine may hold a step up, once or twice.
    for (let times = 0; times < 2 && took.some((ms) => ms >= 1000); times++) took = await walked()
    for (const ms of took) expect(ms).toBeLessThan(1000)
  })

  /** Walks a slot through all that changes its seats; how long each step took to be heard of, ms. */
  async function walked(): Promise<number[]> {
    const ear = await listening(null, `service:${lecture}`)
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 5 })
    const seen: { left: number; version: number }[] = []
    const took: number[] = []
    const shows = async (left: number, act: () => Promise<unknown>) => {
      const from = ear.heard.length
      await act()
      const acted = Date.now()
      const frame = await ear.hears(
        (one) => one.type === 'slot' && one.slotId === slotId && one.left === left,
        from,
      )
      took.push(Date.now() - acted)
      expect(frame).toMatchObject({ serviceId: lecture })
      seen.push(frame as Extract<ServerFrame, { type: 'slot' }>)
    }
    const first = { id: randomUUID() }
    const second = { id: randomUUID() }
    const hold = (params: { id: string }, party: number) =>
      must(mei.call, 'putOrder', { params, body: { slotId, party } })
    const params = { id: slotId }

    await shows(3, () => hold(first, 2))
    await shows(5, () => must(mei.call, 'cancelOrder', { params: first }))
    await shows(2, () => hold(second, 3))
    const running = startSweeps(world.parts, sweeps.slice(0, 1))
    try {
      await shows(5, () =>
        sql`update orders set held_until = clock_timestamp() where id = ${second.id}`.execute(
          world.database.db,
        ),
      )
    } finally {
      await running.stop()
    }
    await shows(8, () => must(owner.call, 'putCapacity', { params, body: { capacity: 8 } }))
    await shows(8, () => must(owner.call, 'putClosure', { params, body: { reason: '讲师请假' } }))
    await shows(8, () => must(owner.call, 'deleteClosure', { params }))
    const versions = seen.map((frame) => frame.version)
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b))
    return took
  }

  test('a slot that is added shows, and closing tells to read again', async () => {
    const ear = await listening(null, `service:${lecture}`)
    const id = randomUUID()
    const starts = Date.now() + 200 * 3_600_000
    await must(owner.call, 'putSlot', {
      params: { id },
      body: {
        serviceId: lecture,
        startsAt: new Date(starts).toISOString(),
        endsAt: new Date(starts + 3_600_000).toISOString(),
        capacity: 7,
        staffId: null,
        branchId: null,
      },
    })
    const frame = await ear.hears((one) => one.type === 'slot' && one.slotId === id)
    expect(frame).toMatchObject({ left: 7 })
    await ear.hears(isHint(`service:${lecture}`))
    const from = ear.heard.length
    await must(owner.call, 'putClosure', { params: { id }, body: { reason: '闭店' } })
    await ear.hears(isHint(`service:${lecture}`), from)
  })

  test('many holds of one slot become few frames, and the last one says the truth', async () => {
    const ear = await listening(null, `service:${lecture}`)
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 100 })
    await Promise.all(Array.from({ length: 40 }, () => heldOrder(slotId)))
    const last = await ear.hears(
      (one) => one.type === 'slot' && one.slotId === slotId && one.left === 60,
    )
    await ear.settled()
    const frames = ear.heard.filter((one) => one.type === 'slot' && one.slotId === slotId)
    expect(frames.length).toBeLessThan(40)
    expect(Math.max(...frames.map((one) => (one.type === 'slot' ? one.version : 0)))).toBe(
      (last as { version: number }).version,
    )
  })

  test('taking a person for one service tells the screens of the other to read again', async () => {
    const staffId = staff.find((one) => one.serviceIds.length === 2)?.id as string
    const of = { capacity: 60, staffId, startsIn: 700 }
    const slotId = await newSlot(world.database.db, { ...of, serviceId: lecture })
    await newSlot(world.database.db, { ...of, serviceId: venue })
    const ear = await listening(null, `service:${venue}`)
    await heldOrder(slotId)
    await ear.hears(isHint(`service:${venue}`))
  })
})

describe('an order that changes', () => {
  test('is a hint for its person and for the console at every step', async () => {
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
    const params = { id: randomUUID() }
    const desk = await listening(owner.token, 'console')
    const hold = () => must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
    const order = await hold()
    await desk.hears(isHint('console'))
    const ear = await listening(mei.token, `order:${params.id}`)
    const steps: [string, () => Promise<unknown>][] = [
      ['draft', () => must(mei.call, 'putDraft', { params, body: { values: {}, step: 0 } })],
      [
        'registration',
        () =>
          must(mei.call, 'putRegistration', {
            params,
            body: { formVersion: order.form.version, values: lectureAnswers() },
          }),
      ],
      ['cancel', () => must(mei.call, 'cancelOrder', { params })],
    ]
    for (const [what, act] of steps) {
      const from = ear.heard.length
      await act()
      await ear.hears(isHint(`order:${params.id}`), from).catch(() => {
        throw new Error(`no hint after ${what}`)
      })
    }
  })

  test('unfollowed, it is no longer told', async () => {
    const order = await heldOrder()
    const ear = await listening(mei.token, `order:${order.id}`)
    ear.say({ type: 'unfollow', topics: [`order:${order.id}`] })
    await ear.settled()
    const from = ear.heard.length
    await must(mei.call, 'cancelOrder', { params: { id: order.id } })
    await nothingMore(ear, from)
  })
})

describe('limits', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (): Topic => `service:${randomUUID()}`)

  test('the fifty-first topic is refused, and the fifty stay', async () => {
    const ear = await listening(null, ...many(topicsPerSocket - 1), `service:${lecture}`)
    expect(refused(ear)).toEqual([])
    const [extra] = many(1) as [Topic]
    ear.say({ type: 'follow', topics: [extra] })
    await ear.settled()
    expect(refused(ear)).toEqual([{ code: 'too_many_requests', topic: extra }])
    await heldOrder()
    await ear.hears((frame) => frame.type === 'slot')
  })

  test('following again what is followed costs nothing', async () => {
    const topics = many(topicsPerSocket)
    const ear = await listening(null, ...topics)
    ear.say({ type: 'follow', topics })
    await ear.settled()
    expect(refused(ear)).toEqual([])
  })

  test.each([
    ['no JSON', '{'],
    ['no frame', '[]'],
    ['null', 'null'],
    ['a frame nobody knows', '{"type":"shout"}'],
    ['an unknown key', '{"type":"ping","wish":1}'],
    ['a topic that is none', '{"type":"follow","topics":["orders"]}'],
    ['an order that is no id', `{"type":"follow","topics":["order:${'-'.repeat(36)}"]}`],
    ['SQL for an id', '{"type":"follow","topics":["order:\' or 1=1 --"]}'],
    ['a token that is too long', `{"type":"sign_in","token":"${'x'.repeat(101)}"}`],
    ['bytes', Buffer.from([0, 255, 254, 1])],
    [
      'fifty-one topics at once',
      JSON.stringify({ type: 'follow', topics: Array(51).fill(`service:${lecture}`) }),
    ],
  ])('%s is refused as malformed, and the socket lives on', async (_, data) => {
    const ear = await listening(null)
    ear.raw(data)
    await ear.settled()
    expect(refused(ear)).toEqual([{ code: 'malformed' }])
  })

  test('a frame of 9 kB ends the socket, and nobody else’s', async () => {
    const other = await listening(null, `service:${lecture}`)
    const ear = await listening(null)
    ear.raw('x'.repeat(9 * 1024))
    expect(await ear.closed).toBe(1009)
    await other.settled()
  })
})

describe('after a break', () => {
  test('a new socket follows again and hears what comes', async () => {
    const order = await heldOrder()
    const first = await listening(mei.token, `order:${order.id}`)
    await first.close()
    const second = await listening(mei.token, `order:${order.id}`)
    await must(mei.call, 'cancelOrder', { params: { id: order.id } })
    await second.hears(isHint(`order:${order.id}`))
    expect(first.heard.some(isHint(`order:${order.id}`))).toBe(false)
  })

  test('when the bus lost its connection every socket is closed, so that everybody reads again', async () => {
    const ear = await listening(null, `service:${lecture}`)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'jiyue-bus' and datname = current_database()`.execute(
      world.database.db,
    )
    expect(await ear.closed).toBe(1012)
    const again = await until('a new socket that hears', async () => {
      const fresh = await listening(null, `service:${lecture}`)
      await heldOrder()
      return fresh.hears((frame) => frame.type === 'slot')
    })
    expect(again).toMatchObject({ serviceId: lecture })
  })

  test('a registered order tells the merchant, with every step of its person', async () => {
    const desk = await listening(owner.token, 'console')
    const slot = await newSlot(world.database.db, { serviceId: lecture, capacity: 1 })
    await registeredOrder(mei, slot)
    await desk.hears(isHint('console'))
  })
})

describe('what a socket may not do', () => {
  async function strictApp(live: Partial<LiveLimits>) {
    const app = await buildApp(world.parts, {
      log: world.parts.log,
      requestsPerMinute: 100_000,
      live,
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    return { url, close: () => app.close() }
  }

  test('who signs out hears nothing private any more, also on a socket that stays open', async () => {
    const app = await strictApp({ beatMs: 100 })
    const person = await signIn(world)
    const slotId = await newSlot(world.database.db, { serviceId: lecture, capacity: 9 })
    const order = await registeredOrder(person, slotId)
    const ear = await openEar(app.url)
    ear.say({ type: 'sign_in', token: person.token })
    ear.say({ type: 'follow', topics: [`order:${order.id}`, `service:${lecture}`] })
    await ear.settled()
    await must(person.call, 'deleteSession', {})
    await ear.hears((frame) => frame.type === 'refused' && frame.code === 'unauthenticated')
    const from = ear.heard.length
    world.parts.bus.changed({ slots: [slotId], topics: [`order:${order.id}`] })
    await ear.hears((frame) => frame.type === 'slot' && frame.slotId === slotId, from)
    expect(ear.heard.slice(from).filter((frame) => frame.type === 'hint')).toEqual([])
    await ear.close()
    await app.close()
  })

  test('a flood of frames ends the socket; an ordinary one beside it lives on', async () => {
    const app = await strictApp({ framesPerBeat: 50 })
    const [flood, calm] = [await openEar(app.url), await openEar(app.url)]
    for (let i = 0; i < 60; i++) flood.say({ type: 'ping' })
    expect(await flood.closed).toBe(1008)
    await calm.settled()
    await calm.close()
    await app.close()
  })

  test('one address has so many sockets and no more; one that leaves makes room', async () => {
    const app = await strictApp({ socketsPerAddress: 2 })
    const [first, second] = [await openEar(app.url), await openEar(app.url)]
    const third = await openEar(app.url)
    expect(await third.closed).toBe(1008)
    await first.close()
    const fourth = await openEar(app.url)
    await fourth.settled()
    await Promise.all([second.close(), fourth.close()])
    await app.close()
  })
})
