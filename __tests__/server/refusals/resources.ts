/** Refusals about staff, rooms and branches. */
import { randomUUID } from 'node:crypto'
import { addDays, dayOf } from '@jiyue/contract/time'
import { cleaning, lecture, loft, staff } from '../../../server/demo/world.ts'
import { caller, must } from '../../world.ts'
import { pngOf } from '../proving.ts'
import { someCoupons, somePromotion, someService, someSettings } from './inputs.ts'
import { ask, byId, db, expectRefusal, heldOrder, mei, owner, refuses, world } from './setting.ts'

const person = { name: '白露', title: '保洁师', profile: '细致', serviceIds: [] as string[] }
const room = { name: '小厅', about: '临窗', seats: 8, serviceIds: [] as string[] }
const loftBranch = async () =>
  (await must(owner.call, 'listResources', {})).rooms.find(({ id }) => id === loft)
    ?.branchId as string
const otherBranch = async () =>
  (await must(owner.call, 'listResources', {})).branches.find(({ name }) => name === '徐汇店')
    ?.id as string

export function resourceRefusals(): void {
  const settings = (more: object, id: string = lecture) =>
    ask(owner.token, 'putServiceSettings', { ...byId(id), body: { ...someSettings(), ...more } })
  refuses('putServiceSettings', 'not_found', () => settings({}, randomUUID()))
  refuses('putServiceSettings', 'settings_changed', () => settings({}))
  refuses('putServiceSettings', 'invalid_fields', async () => {
    const { services } = await must(owner.call, 'listServiceSettings', {})
    const revision = services.find(({ id }) => id === lecture)?.revision
    return settings({ revision, partyMin: 3, partyMax: 2 })
  })
  refuses('putService', 'settings_changed', () =>
    ask(owner.token, 'putService', {
      ...byId(lecture),
      body: { ...someService(), photos: ['lecture-1'] },
    }),
  )
  refuses('putService', 'invalid_fields', () =>
    ask(owner.token, 'putService', { ...byId(), body: someService() }),
  )
  const send = (params: { id: string }, file: Buffer) =>
    ask(owner.token, 'putServicePhoto', { params, body: { base64: file.toString('base64') } })
  refuses('putServicePhoto', 'picture_invalid', () => send(byId().params, Buffer.from('no photo')))
  refuses('putServicePhoto', 'picture_id_reused', async () => {
    const { params } = byId()
    expect((await send(params, await pngOf())).status).toBe(200)
    return send(params, await pngOf())
  })
  refuses('putPromotion', 'not_found', () =>
    ask(owner.token, 'putPromotion', {
      ...byId(),
      body: { ...somePromotion, serviceId: randomUUID() },
    }),
  )
  refuses('putPromotion', 'settings_changed', () =>
    ask(owner.token, 'putPromotion', {
      ...byId(),
      body: { ...somePromotion, revision: 'read by nobody' },
    }),
  )
  refuses('putCoupons', 'invalid_fields', () =>
    ask(owner.token, 'putCoupons', { ...byId(), body: someCoupons }),
  )
  refuses('putCoupons', 'settings_changed', async () => {
    const { number } = await db()
      .selectFrom('orders')
      .select('number')
      .where('id', '=', await heldOrder(mei))
      .executeTakeFirstOrThrow()
    const until = addDays(dayOf(Date.now()), 1)
    const body = { ...someCoupons, to: [number], until }
    const { params } = byId()
    expect((await ask(owner.token, 'putCoupons', { params, body })).status).toBe(200)
    return ask(owner.token, 'putCoupons', { params, body: { ...body, offFen: 1 } })
  })
  refuses('deleteCoupons', 'not_found', () => ask(owner.token, 'deleteCoupons', byId()))
  refuses('putRules', 'settings_changed', () =>
    ask(owner.token, 'putRules', {
      body: { rules: { bookingDays: 15 }, was: { bookingDays: 77 } },
    }),
  )
  refuses('putRules', 'invalid_fields', () =>
    ask(owner.token, 'putRules', { body: { rules: { unpaidTellMinutes: 28 } } }),
  )
  refuses('putPromotion', 'invalid_fields', () =>
    ask(owner.token, 'putPromotion', {
      ...byId(),
      body: { ...somePromotion, endsAt: somePromotion.startsAt },
    }),
  )
  refuses('putStaff', 'invalid_fields', () =>
    ask(owner.token, 'putStaff', { ...byId(), body: { ...person, serviceIds: [randomUUID()] } }),
  )
  refuses('putStaff', 'picture_invalid', () =>
    ask(owner.token, 'putStaff', {
      ...byId(),
      body: { ...person, photo: { base64: 'bm90IGEgcGljdHVyZQ==' } },
    }),
  )
  refuses('putRoom', 'not_found', () =>
    ask(owner.token, 'putRoom', { ...byId(), body: { ...room, branchId: randomUUID() } }),
  )
  refuses('putRoom', 'invalid_fields', async () =>
    ask(owner.token, 'putRoom', {
      ...byId(),
      body: { ...room, name: '阁楼', branchId: await loftBranch() },
    }),
  )
  refuses('putRoom', 'resource_taken', async () =>
    ask(owner.token, 'putRoom', {
      ...byId(loft),
      body: { ...room, branchId: await otherBranch() },
    }),
  )
  refuses('putBranch', 'invalid_fields', () =>
    ask(owner.token, 'putBranch', {
      ...byId(),
      body: {
        name: '静安店',
        address: '静安区',
        phone: '021-600000',
        latitude: 31,
        longitude: null,
      },
    }),
  )
  refuses('putArea', 'not_found', () =>
    ask(owner.token, 'putArea', { ...byId(), body: { area: null } }),
  )
  refuses('putArea', 'invalid_fields', () =>
    ask(owner.token, 'putArea', {
      ...byId(cleaning),
      body: { area: { city: '上海市', districts: [], radiusM: null } },
    }),
  )
  refuses('putStaffRetirement', 'not_found', () => ask(owner.token, 'putStaffRetirement', byId()))
  refuses('putStaffRetirement', 'resource_taken', () =>
    ask(owner.token, 'putStaffRetirement', byId(staff[0]?.id as string)),
  )
  refuses('deleteStaffRetirement', 'not_found', () =>
    ask(owner.token, 'deleteStaffRetirement', byId()),
  )
  refuses('putRoomRetirement', 'not_found', () => ask(owner.token, 'putRoomRetirement', byId()))
  refuses('putRoomRetirement', 'resource_taken', () =>
    ask(owner.token, 'putRoomRetirement', byId(loft)),
  )
  refuses('deleteRoomRetirement', 'not_found', () =>
    ask(owner.token, 'deleteRoomRetirement', byId()),
  )

  test('who may not change settings sees resources and changes none', async () => {
    const desk = await must(caller(world.url), 'createConsoleSession', {
      body: { name: 'desk', password: 'jiyue-demo' },
    })
    expect((await ask(desk.token, 'listResources', {})).status).toBe(200)
    for (const asked of [
      await ask(desk.token, 'putStaff', { ...byId(), body: person }),
      await ask(desk.token, 'putRoom', { ...byId(), body: { ...room, branchId: randomUUID() } }),
      await ask(desk.token, 'putRoomRetirement', byId(loft)),
    ])
      expectRefusal(asked, 'forbidden')
  })
}
