/** Staff, rooms and branches: added, changed, retired, and a reason where they may not go (B3). */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { must, openWorld, signIn, signInOwner, type World } from '../world.ts'
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
  const body = { name: branch?.name as string, address: '漕溪北路 99 号', phone: '021-64000099' }
  await must(owner.call, 'putBranch', { params: { id: branch?.id as string }, body })
  const told = await sql<{ n: number }>`select count(*)::int as n from events
    where what = 'resource' and details ->> 'address' = ${body.address}`.execute(db())
  expect(told.rows[0]?.n).toBe(1)
  const seen = await must((await signIn(world)).call, 'getService', { params: { id: cleaning } })
  expect(seen.branches.find(({ id }) => id === branch?.id)?.address).toBe(body.address)
})
