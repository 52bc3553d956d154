/** Nudges (R10): asked once, told with a link, answered into the registration, with what was before. */
import { randomUUID } from 'node:crypto'
import { sendDue } from '../../server/reminder/deliver.ts'
import { lectureAnswers, must, openWorld, signInOwner, somePhone, type World } from '../world.ts'
import { booked } from './moving.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const byId = (id: string) => ({ params: { id } })

async function nudged(fieldId = 'name', note = '请补充孩子的姓名') {
  const one = await booked(world)
  const { call: owner } = await signInOwner(world)
  const id = randomUUID()
  const body = { orderId: one.order.id, fieldId, note }
  const nudge = await must(owner, 'putNudge', { ...byId(id), body })
  return { ...one, owner, id, body, nudge }
}

test('the person is told with a link to that very field, and the order’s page asks', async () => {
  const { person, order, id, owner, body } = await nudged()
  await must(owner, 'putNudge', { ...byId(id), body }) // the answer was lost: the same again
  await sendDue(world.parts)
  const { messages } = await must(person.call, 'listMessages', {})
  const mine = messages.filter(({ kind }) => kind === 'nudge')
  expect(mine).toMatchObject([
    { path: `/pages/registration/nudge?id=${order.id}&nudge=${id}`, title: '请补充报名信息' },
  ])
  expect(mine[0]?.text).toContain('请补充孩子的姓名')
  const seen = await must(person.call, 'getOrder', byId(order.id))
  expect(seen.openNudges).toEqual([{ id, fieldId: 'name', note: '请补充孩子的姓名' }])
})

test('the answer changes the registration, what was before is kept, the console sees both', async () => {
  const { person, order, id, owner } = await nudged()
  const answer = { ...byId(id), body: { value: '林小满　' } }
  const after = await must(person.call, 'putNudgeAnswer', {
    ...byId(id),
    body: { value: '林小雨' },
  })
  expect(after.openNudges).toEqual([])
  expect(after.answers.find(({ label }) => label.includes('姓名'))?.text).toBe('林小雨')
  await must(person.call, 'putNudgeAnswer', { ...byId(id), body: { value: ' 林小雨 ' } })
  expect(await person.call('putNudgeAnswer', answer)).toMatchObject({ code: 'nudge_over' })
  const seen = await must(owner, 'getConsoleOrder', byId(order.id))
  expect(seen.nudges).toMatchObject([
    { state: 'answered', before: '林小满', after: '林小雨', note: '请补充孩子的姓名' },
  ])
  expect(seen.events.map(({ what }) => what)).toEqual(expect.arrayContaining(['nudge', 'amend']))
})

test('a phone that is answered is sealed, masked, and what counts for registering twice', async () => {
  const { person, order, id, owner } = await nudged('phone', '请补充联系电话')
  const phone = somePhone()
  await must(person.call, 'putNudgeAnswer', { ...byId(id), body: { value: ` ${phone}` } })
  const { db } = world.database
  const row = await db
    .selectFrom('registrations')
    .select('answers')
    .where('order_id', '=', order.id)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(row.answers)).not.toContain(phone)
  const stored = await db.selectFrom('nudges').selectAll().where('id', '=', id).execute()
  expect(JSON.stringify(stored)).not.toContain(phone)
  const seen = await must(owner, 'getConsoleOrder', byId(order.id))
  expect(seen.nudges[0]?.after).toBe(`${phone.slice(0, 3)}****${phone.slice(-4)}`)
  const marks = await db
    .selectFrom('registration_marks')
    .select('mark')
    .where('order_id', '=', order.id)
    .execute()
  expect(marks.map(({ mark }) => mark)).toContain(world.parts.seal.index('phone', phone))
  expect(marks).toHaveLength(2)
})

test('another person’s nudge is not there, and a wrong answer changes nothing', async () => {
  const one = await nudged('idCard', '请补充身份证号')
  const other = await booked(world)
  const value = lectureAnswers().idCard
  expect(
    await other.person.call('putNudgeAnswer', { ...byId(one.id), body: { value } }),
  ).toMatchObject({ code: 'not_found' })
  const wrong = await one.person.call('putNudgeAnswer', {
    ...byId(one.id),
    body: { value: '110105194912310021' },
  })
  expect(wrong).toMatchObject({ code: 'invalid_fields' })
  const empty = await one.person.call('putNudgeAnswer', { ...byId(one.id), body: { value: '' } })
  expect(empty).toMatchObject({ code: 'invalid_fields' })
  const seen = await must(one.person.call, 'getOrder', byId(one.order.id))
  expect(seen.openNudges).toHaveLength(1)
})

test('two answers at once: one is kept, the other is refused', async () => {
  const { person, id } = await nudged()
  const answers = ['甲', '乙', '丙'].map((value) =>
    person.call('putNudgeAnswer', { ...byId(id), body: { value } }),
  )
  const results = await Promise.all(answers)
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  for (const result of results) if (!result.ok) expect(result.code).toBe('nudge_over')
})
