/** Adding services, their photos, their sale (M11): on every phone at once, booked ones untouched. */
import { randomUUID } from 'node:crypto'
import type { ServiceSettings } from '@jiyue/contract/schema/settings'
import type { Input } from '@jiyue/contract/schema/wire'
import sharp from 'sharp'
import { forgetPhotos } from '../../server/booking/servicePhotos.ts'
import { cleaning, lecture, staff, venue } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  must,
  openWorld,
  signIn,
  signInConsole,
  signInOwner,
  somePhone,
  until,
  type World,
} from '../world.ts'
import { pngOf } from './proving.ts'
import { someService } from './refusals/inputs.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  // Cached as in production: what is seen at once was dropped from memory, not merely too old.
  world = await openWorld({ cache: { maxAgeMs: 60_000 } })
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const phone = () => caller(world.url)
const db = () => world.database.db
const listed = async () => (await must(phone(), 'listServices', {})).services.map(({ id }) => id)
const minutes = (many: number) => new Date(Date.now() + many * 60_000)

async function sendPhoto(call = owner.call): Promise<string> {
  const params = { id: randomUUID() }
  const base64 = (await pngOf()).toString('base64')
  await must(call, 'putServicePhoto', { params, body: { base64 } })
  return `services/${params.id}`
}

async function settingsOf(id: string): Promise<ServiceSettings> {
  const { services } = await must(owner.call, 'listServiceSettings', {})
  return services.find((one) => one.id === id) as ServiceSettings
}

type Change = Partial<Input<'putServiceSettings'>['body']>
async function save(id: string, change: Change, from?: ServiceSettings) {
  const {
    id: _,
    kind: _kind,
    cover: _cover,
    ahead: _ahead,
    ...offer
  } = from ?? (await settingsOf(id))
  return owner.call('putServiceSettings', { params: { id }, body: { ...offer, ...change } })
}

async function add(change: Partial<Input<'putService'>['body']> = {}, id: string = randomUUID()) {
  const body = { ...someService(), photos: [await sendPhoto()], ...change }
  return { id, body, reply: await owner.call('putService', { params: { id }, body }) }
}

const file = async (name: string, size: 'thumb' | 'large') =>
  fetch(`${world.url}/photos/${name}.${size}.jpg`)

test('a new service is on every phone at once, with its form and photos, and is booked to the end', async () => {
  const before = await listed()
  const { id, body, reply } = await add({
    name: '宠物洗护',
    staffIds: [staff[0]?.id as string],
  })
  expect(reply).toMatchObject({ ok: true, value: { name: '宠物洗护', kind: 'personal' } })
  await until('on the list', async () => (await listed()).includes(id))
  expect(await listed()).toEqual([...before, id])
  const seen = await must(phone(), 'getService', { params: { id } })
  expect(seen.form.fields.map(({ kind }) => kind)).toEqual(['text', 'phone'])
  expect(seen.staff.map((one) => one.id)).toEqual([staff[0]?.id])
  expect(seen.photos).toHaveLength(1)
  const [thumb, large] = await Promise.all(
    (['thumb', 'large'] as const).map((size) => file(body.photos[0] as string, size)),
  )
  for (const [reply, width] of [
    [thumb, 320],
    [large, 1280],
  ] as const) {
    expect(reply?.headers.get('content-type')).toBe('image/jpeg')
    const bytes = Buffer.from((await reply?.arrayBuffer()) as ArrayBuffer)
    expect((await sharp(bytes).metadata()).width).toBe(width)
    // The list's picture is light (B1, T9).
    if (width === 320) expect(bytes.length).toBeLessThan(20_000)
  }
  // The schedules' page lists it; with a slot it is booked like any other.
  const { services } = await must(owner.call, 'listConsoleServices', {})
  expect(services.map((one) => one.id)).toContain(id)
  const slotId = await newSlot(db(), { serviceId: id, capacity: 2 })
  const mei = await signIn(world)
  const params = { id: randomUUID() }
  await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const order = await must(mei.call, 'putRegistration', {
    params,
    body: { formVersion: 1, values: { name: '林小满', phone: somePhone() } },
  })
  expect([order.state, order.quote.payableFen]).toEqual(['registered', 10_800])
  expect((await settingsOf(id)).ahead).toEqual({ slots: 1, orders: 1 })
  // The log has the service with its form.
  const { acts } = await must(owner.call, 'listActs', { query: { object: 'services', key: id } })
  expect(acts.map(({ action }) => action)).toEqual(['putService'])
  expect(acts[0]?.changes.map(({ object }) => object)).toEqual(
    expect.arrayContaining(['services', 'forms', 'service_staff']),
  )
})

test('a lost answer asks again and adds nothing; the id with other settings is refused', async () => {
  const { id, body, reply } = await add({ name: '窗帘清洗' })
  expect(reply.ok).toBe(true)
  await until('on the list', async () => (await listed()).includes(id))
  const count = (await listed()).length
  const again = await owner.call('putService', { params: { id }, body })
  expect(again).toMatchObject({ ok: true, value: { id } })
  expect((await listed()).length).toBe(count)
  const other = { ...body, priceFen: 1 }
  expect(await owner.call('putService', { params: { id }, body: other })).toMatchObject({
    code: 'settings_changed',
  })
  // Two at once under one id: one service, whoever comes first.
  const params = { id: randomUUID() }
  const [a, b] = [await sendPhoto(), await sendPhoto()]
  const both = await Promise.all(
    [a, b].map((name) => owner.call('putService', { params, body: { ...body, photos: [name] } })),
  )
  expect(both.map((one) => (one.ok ? 'ok' : one.code)).sort()).toEqual(['ok', 'settings_changed'])
  await until('on the list', async () => (await listed()).includes(params.id))
})

test('the form is copied within the kind’s budget, and what does not exist is told field by field', async () => {
  const copied = await add({ kind: 'personal', formFrom: cleaning })
  expect(copied.reply.ok).toBe(true)
  const { form } = await must(phone(), 'getService', { params: { id: copied.id } })
  expect(form.fields.map(({ id }) => id)).toContain('address')
  const count = (await listed()).length
  for (const [path, change] of Object.entries({
    // Six fields of an enterprise are too many for an event.
    formFrom: { kind: 'event', formFrom: venue },
    branchIds: { branchIds: [randomUUID()] },
    staffIds: { staffIds: [randomUUID()] },
    roomIds: { roomIds: [randomUUID()] },
    partyMax: { partyMin: 3, partyMax: 2 },
    depositCondition: { depositFen: 100 },
  } as const)) {
    const { reply } = await add(change as Change)
    expect(reply).toMatchObject({ code: 'invalid_fields', fields: [{ path }] })
  }
  expect((await listed()).length).toBe(count)
  const rows = await db().selectFrom('forms').select('service_id').execute()
  const { services } = await must(owner.call, 'listServiceSettings', {})
  expect(new Set(rows.map((row) => row.service_id)).size).toBe(services.length)
})

test('photos: in order, the first the cover; nobody publishes what another sent; removed ones can be put back for a week', async () => {
  const [first, second] = [await sendPhoto(), await sendPhoto()]
  const before = await settingsOf(lecture)
  const photos = [second, ...before.photos, first]
  expect((await save(lecture, { photos })).ok).toBe(true)
  const seen = () => must(phone(), 'getService', { params: { id: lecture } })
  await until('the new cover', async () => (await seen()).cover === `/photos/${second}.thumb.jpg`)
  expect((await seen()).photos.map(({ large }) => large)).toEqual(
    photos.map((name) => `/photos/${name}.large.jpg`),
  )

  const manager = await signInManager()
  const theirs = await sendPhoto(manager)
  const mei = await signIn(world)
  const params = { id: randomUUID() }
  const base64 = (await pngOf()).toString('base64')
  await must(mei.call, 'putPicture', { params, body: { base64 } })
  const other = (await add()).body.photos[0] as string
  for (const [name, wrong] of Object.entries({
    'a colleague’s': [theirs],
    'a user’s': [`services/${params.id}`],
    'another service’s': [other],
    nothing: [],
    twice: [first, first],
    'no file': ['../../etc/passwd'.replaceAll(/[./]/g, '-')],
  })) {
    const refused = await save(lecture, { photos: wrong as string[] })
    expect([name, refused]).toMatchObject([
      name,
      { code: 'invalid_fields', fields: [{ path: 'photos' }] },
    ])
  }
  expect((await settingsOf(lecture)).photos).toEqual(photos)

  // Undone within the week, the file is there again; later it is forgotten.
  expect((await save(lecture, { photos: before.photos })).ok).toBe(true)
  expect(await forgetPhotos(world.parts)).toBe(0)
  expect((await save(lecture, { photos: [first] })).ok).toBe(true)
  expect((await file(first, 'large')).status).toBe(200)
  world.clock.aheadMs = minutes(8 * 1440).getTime() - Date.now()
  expect(await forgetPhotos(world.parts)).toBe(1)
  world.clock.aheadMs = 0
  expect((await file(second, 'large')).status).toBe(404)
  expect((await file(first, 'large')).status).toBe(200)
  expect((await fetch(`${world.url}/photos/services/${randomUUID()}.thumb.jpg`)).status).toBe(404)
})

test('off sale it takes no new order, what is held and booked goes on; on sale again it is as it was', async () => {
  const { id } = await add({ name: '下架试验' })
  const slotId = await newSlot(db(), { serviceId: id, capacity: 5 })
  const mei = await signIn(world)
  const params = { id: randomUUID() }
  await must(mei.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const slots = async () =>
    db().selectFrom('slots').selectAll().where('service_id', '=', id).execute()
  const shown = await settingsOf(id)
  const before = await slots()
  const off = await save(id, { listed: false, note: '装修' }, shown)
  expect(off).toMatchObject({ ok: true, value: { listed: false } })
  await until('gone', async () => !(await listed()).includes(id))
  expect(await slots()).toEqual(before)
  const lan = await signIn(world)
  expect(
    await lan.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } }),
  ).toMatchObject({ code: 'slot_gone' })
  const order = await must(mei.call, 'putRegistration', {
    params,
    body: { formVersion: 1, values: { name: '林小满', phone: somePhone() } },
  })
  expect(order.state).toBe('registered')
  // Undo is based on what the act answered: somebody else's change in between is not lost.
  const { revision } = off.ok ? off.value : shown
  expect((await save(id, { summary: '同事改的' })).ok).toBe(true)
  expect(await save(id, { listed: true }, { ...shown, revision })).toMatchObject({
    code: 'settings_changed',
  })
  expect((await save(id, { listed: true })).ok).toBe(true)
  await until('back', async () => (await listed()).includes(id))
  const { acts } = await must(owner.call, 'listActs', { query: { object: 'services', key: id } })
  expect(acts.map(({ reason }) => reason)).toContain('装修')
})

test('rights: who may not change settings adds nothing and sends no photo', async () => {
  const { token } = await signInConsole(world, 'desk')
  const desk = caller(world.url, token)
  const params = { id: randomUUID() }
  const base64 = (await pngOf()).toString('base64')
  for (const got of [
    await desk('putService', { params, body: someService() }),
    await desk('putServicePhoto', { params, body: { base64 } }),
  ])
    expect(got).toMatchObject({ code: 'forbidden' })
})

async function signInManager() {
  const { password_hash } = await db()
    .selectFrom('people')
    .select('password_hash')
    .where('login', '=', 'owner')
    .executeTakeFirstOrThrow()
  const row = { id: randomUUID(), login: 'manager', name: '店长', role: 'manager' as const }
  await db()
    .insertInto('people')
    .values({ ...row, password_hash })
    .execute()
  const { token } = await signInConsole(world, 'manager')
  return caller(world.url, token)
}
