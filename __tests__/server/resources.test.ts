/** Staff, rooms and branches: added, changed, retired, and a reason where they may not go (B3). */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import sharp from 'sharp'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, signIn, signInOwner, somePhone, type World } from '../world.ts'
import { someTemplate } from './refusals/inputs.ts'

let world: World
let owner: Awaited<ReturnType<typeof signInOwner>>
beforeAll(async () => {
  world = await openWorld()
  owner = await signInOwner(world)
})
afterAll(() => world.close())

const db = () => world.database.db
const person = { name: '白露', title: '保洁师', profile: '从业 3 年，细致守时。' }

async function newStaff(serviceIds: string[] = [cleaning]) {
  const params = { id: randomUUID() }
  return must(owner.call, 'putStaff', { params, body: { ...person, serviceIds } })
}

async function newRoom(name: string, serviceIds = [lecture]) {
  const { branches } = await must(owner.call, 'listResources', {})
  const body = { name, branchId: branches[0]?.id as string, about: '临窗', seats: 12, serviceIds }
  return must(owner.call, 'putRoom', { params: { id: randomUUID() }, body })
}

const staffOf = async (serviceId: string) =>
  (await must((await signIn(world)).call, 'getService', { params: { id: serviceId } })).staff.map(
    ({ id }) => id,
  )

test('a new person is on the service’s page, with what was written about them, and is changed', async () => {
  const { id } = await newStaff()
  expect(await staffOf(cleaning)).toContain(id)
  const body = { ...person, title: '高级保洁师', serviceIds: [lecture] }
  expect(await must(owner.call, 'putStaff', { params: { id }, body })).toMatchObject({
    title: '高级保洁师',
    serviceIds: [lecture],
    retired: false,
    ahead: { taken: 0, open: 0, schedules: 0 },
  })
  expect(await staffOf(cleaning)).not.toContain(id)
  expect(await staffOf(lecture)).toContain(id)
})

test('a portrait is drawn anew, shown to everybody, and gone when it is replaced or taken away', async () => {
  const file = await sharp({
    create: { width: 900, height: 600, channels: 3, background: '#5b3fc4' },
  })
    .withExif({ IFD0: { ImageDescription: '秘密的住址' } })
    .png()
    .toBuffer()
  const params = { id: randomUUID() }
  const put = (photo?: { base64: string } | null) =>
    must(owner.call, 'putStaff', {
      params,
      body: { ...person, serviceIds: [cleaning], ...(photo !== undefined && { photo }) },
    })
  const shown = (path: string | null) => fetch(`${world.url}${path}`)
  expect((await put()).photo).toBeNull()

  const first = await put({ base64: file.toString('base64') })
  expect(first.photo).toMatch(/^\/photos\/staff\/[\w-]{36}\.jpg$/)
  const service = await must((await signIn(world)).call, 'getService', {
    params: { id: cleaning },
  })
  expect(service.staff.find(({ id }) => id === params.id)?.photo).toBe(first.photo)
  const answer = await shown(first.photo)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  expect(answer.headers.get('cache-control')).toContain('immutable')
  const { format, width, height, exif } = await sharp(await answer.arrayBuffer()).metadata()
  expect({ format, width, height, exif }).toEqual({ format: 'jpeg', width: 320, height: 320 })

  // Changing the words leaves it; a file that is no picture changes nothing at all.
  expect((await put()).photo).toBe(first.photo)
  const wrong = await owner.call('putStaff', {
    params,
    body: {
      ...person,
      title: '高级保洁师',
      serviceIds: [],
      photo: { base64: 'bm90IGEgcGljdHVyZQ==' },
    },
  })
  expect(wrong).toMatchObject({ ok: false, code: 'picture_invalid' })
  expect(await put()).toMatchObject({ photo: first.photo, title: person.title })

  const second = await put({ base64: file.toString('base64') })
  expect(second.photo).not.toBe(first.photo)
  expect((await shown(first.photo)).status).toBe(404)
  expect((await shown(second.photo)).status).toBe(200)
  expect((await put(null)).photo).toBeNull()
  expect((await shown(second.photo)).status).toBe(404)
  expect((await shown('/photos/staff/no-such.jpg')).status).toBe(404)
  const kept = await db().selectFrom('staff_photos').select('id').execute()
  expect(kept).toEqual([])
})

test('who has bookings, a schedule or open slots cannot retire, and the reason says which', async () => {
  const { id } = await newStaff([lecture])
  const why = async () => {
    const answer = await owner.call('putStaffRetirement', { params: { id } })
    if (answer.ok) return null
    expect(answer.code).toBe('resource_taken')
    return answer.fields?.[0]?.message
  }
  const slot = await newSlot(db(), { serviceId: lecture, capacity: 5, staffId: id })
  expect(await why()).toBe('还有 1 个可约时段，请先关闭')
  const scheduleId = randomUUID()
  const template = { ...someTemplate(), staffId: id, startsOn: '2999-01-01' }
  await must(owner.call, 'putSchedule', {
    params: { id: scheduleId },
    body: { version: null, template },
  })
  expect(await why()).toBe('还有 1 个排班在使用，请先停用或更换')
  const mei = await signIn(world)
  const order = { params: { id: randomUUID() } }
  await must(mei.call, 'putOrder', { ...order, body: { slotId: slot, party: 1 } })
  expect(await why()).toMatch(/^还有 1 个已预约的时段，最晚 .+，请先改期或等服务结束$/)

  await must(mei.call, 'cancelOrder', order)
  await must(owner.call, 'deleteSchedule', { params: { id: scheduleId } })
  await must(owner.call, 'putClosure', { params: { id: slot }, body: { reason: '离职' } })
  expect(await why()).toBeNull()
  expect(await staffOf(lecture)).not.toContain(id)
  // The past keeps the name; nothing new takes the person.
  const answer = await owner.call('putSchedule', {
    params: { id: randomUUID() },
    body: { version: null, template },
  })
  expect(answer).toMatchObject({ ok: false, code: 'invalid_fields' })
  await must(owner.call, 'deleteStaffRetirement', { params: { id } })
  expect(await staffOf(lecture)).toContain(id)
})

test('a room is a resource of slots: one time, one slot, refused beside its field', async () => {
  const room = await newRoom(`小厅 ${randomUUID().slice(0, 4)}`)
  const startsAt = Date.now() + 50 * 3_600_000
  const body = {
    serviceId: lecture,
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + 3_600_000).toISOString(),
    capacity: 5,
    staffId: null,
    roomId: room.id,
    branchId: room.branchId,
  }
  const slot = await must(owner.call, 'putSlot', { params: { id: randomUUID() }, body })
  expect(slot).toMatchObject({ roomId: room.id, roomName: room.name })
  const again = await owner.call('putSlot', { params: { id: randomUUID() }, body })
  expect(again).toMatchObject({ ok: false, code: 'slot_overlaps', fields: [{ path: 'roomId' }] })
  const wrong = await owner.call('putSlot', {
    params: { id: randomUUID() },
    body: { ...body, serviceId: cleaning },
  })
  expect(wrong).toMatchObject({ ok: false, code: 'invalid_fields', fields: [{ path: 'roomId' }] })
})

test('a changed branch is what people read, and the change is in the history', async () => {
  const { branches } = await must(owner.call, 'listResources', {})
  const [branch] = branches
  const body = {
    name: branch?.name as string,
    latitude: null,
    longitude: null,
    address: '漕溪北路 99 号',
    phone: '021-64000099',
  }
  await must(owner.call, 'putBranch', { params: { id: branch?.id as string }, body })
  const told = await sql<{ n: number }>`select count(*)::int as n from events
    where what = 'resource' and details ->> 'address' = ${body.address}`.execute(db())
  expect(told.rows[0]?.n).toBe(1)
  const seen = await must((await signIn(world)).call, 'getService', { params: { id: cleaning } })
  expect(seen.branches.find(({ id }) => id === branch?.id)?.address).toBe(body.address)
})

describe('where a service comes to', () => {
  const area = (body: Input<'putArea'>['body']['area'], id = cleaning) =>
    owner.call('putArea', { params: { id }, body: { area: body } })

  /** Registers a cleaning at an address; the refusal's sentence, or null. */
  async function register(address: object): Promise<string | null> {
    const user = await signIn(world)
    const slot = await newSlot(db(), { serviceId: cleaning, capacity: 1 })
    const params = { id: randomUUID() }
    const { form } = await must(user.call, 'putOrder', {
      params,
      body: { slotId: slot, party: 1 },
    })
    const values = { name: '王女士', phone: somePhone(), address, size: '60 ㎡ 以下' }
    const answer = await user.call('putRegistration', {
      params,
      body: { formVersion: form.version, values },
    })
    if (answer.ok) return null
    expect([answer.code, answer.fields?.[0]?.path]).toEqual(['outside_area', 'address.region'])
    return answer.fields?.[0]?.message ?? ''
  }

  test('districts and circles as the console says, at once, on the service’s page and for addresses', async () => {
    const saved = await area({ city: '上海市', districts: ['青浦区'], radiusM: 2000 })
    expect(saved).toMatchObject({ ok: true, value: { area: { radiusM: 2000 } } })
    const { coverage } = await must((await signIn(world)).call, 'getService', {
      params: { id: cleaning },
    })
    expect(coverage?.districts).toEqual(['青浦区'])
    const circle = coverage?.circles.find(({ name }) => name === '浦东店')
    expect(circle).toMatchObject({ radiusM: 2000 })

    const near = {
      name: '世纪大道',
      latitude: (circle?.latitude ?? 0) + 0.01,
      longitude: circle?.longitude,
    }
    const far = { ...near, latitude: (circle?.latitude ?? 0) + 0.1 }
    expect(
      await register({ region: ['上海市', '上海市', '青浦区'], detail: '公园路 1 号' }),
    ).toBeNull()
    expect(await register({ region: [], detail: '世纪大道 1 号', spot: near })).toBeNull()
    expect(await register({ region: [], detail: '世纪大道 1 号', spot: far })).toBe(
      '该地址不在服务范围内，请更换地址',
    )
    // A point that its text no longer names is no point.
    expect(await register({ region: [], detail: '别处 1 号', spot: near })).toBe(
      '请在地图上选择地址，确认是否在服务范围内',
    )
  })

  test('no circle around branches that are not on the map', async () => {
    const { branches } = await must(owner.call, 'listResources', {})
    for (const { id, ...branch } of branches) {
      const body = { ...branch, latitude: null, longitude: null }
      await must(owner.call, 'putBranch', { params: { id }, body })
    }
    expect(await area({ city: '上海市', districts: ['青浦区'], radiusM: 2000 })).toMatchObject({
      code: 'invalid_fields',
      fields: [{ path: 'area.radiusM' }],
    })
    // One that was set before reaches nobody, until they are.
    expect(
      await register({ region: ['上海市', '上海市', '徐汇区'], detail: '1 号' }),
    ).not.toBeNull()
  })
})
