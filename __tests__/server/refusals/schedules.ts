/** Refusals of schedules and of the merchant's calendar. */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { cleaning, lecture, loft, staff } from '../../../server/demo/world.ts'
import { caller, must } from '../../world.ts'
import { someTemplate } from './inputs.ts'
import { ask, byId, db, expectRefusal, owner, refuses, world } from './setting.ts'

type Template = Input<'previewSchedule'>['body']

const preview = (more: Partial<Template>, id: string = randomUUID()) =>
  ask(owner.token, 'previewSchedule', { ...byId(id), body: { ...someTemplate(), ...more } })

const put = (more: Partial<Template>, id: string = randomUUID(), version: number | null = null) =>
  ask(owner.token, 'putSchedule', {
    ...byId(id),
    body: { version, template: { ...someTemplate(), ...more } },
  })

async function saved(): Promise<string> {
  const { params } = byId()
  await must(owner.call, 'putSchedule', {
    params,
    body: { version: null, template: someTemplate() },
  })
  return params.id
}

async function retired(): Promise<string> {
  const id = await saved()
  await must(owner.call, 'deleteSchedule', byId(id))
  return id
}

export function scheduleRefusals(): void {
  refuses('previewSchedule', 'invalid_fields', () => preview({ weekly: [] }))
  refuses('previewSchedule', 'not_found', () => preview({ serviceId: randomUUID() }))
  refuses('putSchedule', 'invalid_fields', () =>
    put({ exceptions: [{ day: '2026-12-01', kind: 'extra', spans: [], reason: '' }] }),
  )
  refuses('putSchedule', 'not_found', () => put({ roomId: randomUUID() }))
  refuses('putSchedule', 'schedule_changed', async () => put({ capacity: 6 }, await saved(), 9))
  refuses('deleteSchedule', 'not_found', () => ask(owner.token, 'deleteSchedule', byId()))
  refuses('putDay', 'invalid_fields', () =>
    ask(owner.token, 'putDay', {
      params: { day: '2020-01-01' },
      body: { open: false, name: null },
    }),
  )
  refuses('listDays', 'malformed', () =>
    ask(owner.token, 'listDays', { query: { from: '2026-10-01', to: '2027-10-01' } }),
  )

  test.each<[string, Partial<Template>, string]>([
    ['a person who does not do this service', { staffId: staff[0]?.id as string }, 'staffId'],
    ['a room that is not for this service', { roomId: loft }, 'roomId'],
    [
      'more slots than one schedule may have',
      {
        weekly: [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({ weekday, from: 0, to: 1440 })),
        slotMinutes: 10,
        weeksAhead: 12,
      },
      'weeksAhead',
    ],
  ])('%s is refused beside its field, and nothing is written', async (_, more, path) => {
    const before = await db().selectFrom('schedules').select('id').execute()
    for (const asked of [await preview(more), await put(more)]) {
      expectRefusal(asked, 'invalid_fields')
      expect(asked.body.error.fields?.map((field) => field.path)).toEqual([path])
    }
    expect(await db().selectFrom('schedules').select('id').execute()).toEqual(before)
  })

  test('a schedule keeps its service, and a retired one is not there any more', async () => {
    const id = await saved()
    expectRefusal(await put({ serviceId: cleaning }, id, 1), 'invalid_fields')
    expect(lecture).not.toBe(cleaning)
    const gone = await retired()
    expectRefusal(await put({}, gone, 1), 'not_found')
    expectRefusal(await preview({}, gone), 'not_found')
    expectRefusal(await ask(owner.token, 'deleteSchedule', byId(gone)), 'not_found')
  })

  test('who may not change settings may look, and may not act', async () => {
    const desk = await must(caller(world.url), 'createConsoleSession', {
      body: { name: 'desk', password: 'jiyue-demo' },
    })
    expect((await ask(desk.token, 'listSchedules', {})).status).toBe(200)
    const body = { version: null, template: someTemplate() }
    for (const asked of [
      await ask(desk.token, 'putSchedule', { ...byId(), body }),
      await ask(desk.token, 'deleteSchedule', byId()),
      await ask(desk.token, 'putDay', {
        params: { day: '2999-01-01' },
        body: { open: false, name: null },
      }),
      await ask(desk.token, 'deleteDay', { params: { day: '2999-01-01' } }),
    ])
      expectRefusal(asked, 'forbidden')
  })
}
