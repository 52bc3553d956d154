/** The merchant changes registration forms (R1): drafts, publishing, versions, budgets, rights. */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { forgetUnused } from '../../server/picture/picture.ts'
import { newSlot } from '../races/setting.ts'
import {
  caller,
  lectureAnswers,
  must,
  openWorld,
  signIn,
  signInOwner,
  type World,
} from '../world.ts'
import { text, twoOptions } from './forming.ts'
import { pngOf, sendPicture } from './proving.ts'

let world: World
let owner: Call
beforeAll(async () => {
  world = await openWorld()
  owner = (await signInOwner(world)).call
})
afterAll(() => world.close())

const page = (id = lecture) => must(owner, 'getForm', { params: { id } })
const newest = async (id = lecture) => (await page(id)).versions[0]?.version ?? 0

async function save(fields: FormField[], id = lecture, steps: string[] = []) {
  const before = (await page(id)).draft?.revision ?? null
  const body = { steps, fields, revision: randomUUID(), basedOn: before }
  await must(owner, 'putFormDraft', { params: { id }, body })
  return body.revision
}

const publish = (revision: string, version: number, id = lecture, by = owner) =>
  by('putFormVersion', { params: { id, version }, body: { revision } })

async function held(serviceId = lecture) {
  const person = await signIn(world)
  const slotId = await newSlot(world.database.db, { serviceId, capacity: 9 })
  const params = { id: randomUUID() }
  const order = await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  return { person, params, order }
}

test('a draft changes nothing for people until it is published, then all new orders see it', async () => {
  const before = await newest()
  const old = await held()
  const revision = await save([text('name', { label: '称呼', required: true })])
  expect((await held()).order.form.version).toBe(before)
  const published = await publish(revision, before + 1)
  expect(published).toMatchObject({ ok: true, value: { draft: null } })
  const anybody = caller(world.url)
  expect((await must(anybody, 'getService', { params: { id: lecture } })).form).toMatchObject({
    version: before + 1,
    fields: [{ label: '称呼' }],
  })
  expect((await held()).order.form.fields.map(({ label }) => label)).toEqual(['称呼'])

  // Who held before fills in and keeps the form they saw, also in what the merchant reads.
  expect((await must(old.person.call, 'getOrder', { params: old.params })).form.version).toBe(
    before,
  )
  await must(old.person.call, 'putRegistration', {
    params: old.params,
    body: { formVersion: before, values: lectureAnswers() },
  })
  const seen = await must(owner, 'getConsoleOrder', { params: old.params })
  expect(seen.answers.map(({ label }) => label)).toContain('身份证号')
  const [first] = (await page()).versions
  expect(first).toMatchObject({ version: before + 1, publishedBy: expect.any(String) })
})

test('publishing whose answer was lost is the same version once; another draft is refused', async () => {
  const version = (await newest()) + 1
  const revision = await save([text('a')])
  await publish(revision, version)
  expect((await publish(revision, version)).ok).toBe(true)
  expect(await newest()).toBe(version)
  expect(await publish(randomUUID(), version)).toMatchObject({ code: 'form_draft_changed' })
})

test('ten publish the same draft at once: one version', async () => {
  const version = (await newest()) + 1
  const revision = await save([text('a')])
  const all = await Promise.all(Array.from({ length: 10 }, () => publish(revision, version)))
  expect(all.every(({ ok }) => ok)).toBe(true)
  expect(await newest()).toBe(version)
})

test('two managers change one draft: the later one hears of it and overwrites nothing', async () => {
  const first = await save([text('a', { label: '甲' })])
  const body = { steps: [], fields: [text('b')], revision: randomUUID(), basedOn: first }
  await must(owner, 'putFormDraft', { params: { id: lecture }, body })
  const late = { ...body, fields: [text('c')], revision: randomUUID() }
  expect(await owner('putFormDraft', { params: { id: lecture }, body: late })).toMatchObject({
    code: 'form_draft_changed',
  })
  expect((await page()).draft?.fields.map(({ id }) => id)).toEqual(['b'])
  // What was published is what was seen: the first manager's preview is old.
  expect(await publish(first, (await newest()) + 1)).toMatchObject({ code: 'form_draft_changed' })
})

test.each([
  ['personal', cleaning, 5],
  ['enterprise', venue, 6],
  ['event', lecture, 4],
])(
  '%s: a form over its budget is kept as a draft and refused at publishing',
  async (_, id, most) => {
    const fields = Array.from({ length: most + 1 }, (_, at) => text(`f${at}`))
    const before = await newest(id)
    const over = await publish(await save(fields, id), before + 1, id)
    expect(over).toMatchObject({
      code: 'form_over_budget',
      fields: [{ path: 'fields', message: expect.stringContaining(`最多 ${most} 项`) }],
    })
    expect(await newest(id)).toBe(before)
    expect((await publish(await save(fields.slice(1), id), before + 1, id)).ok).toBe(true)
  },
)

test('what is wrong with a field is named, all at once', async () => {
  const revision = await save([text('a', { purpose: '' }), text('b', { kind: 'choice' })])
  expect(await publish(revision, (await newest()) + 1)).toMatchObject({
    code: 'invalid_fields',
    fields: [{ path: 'a.purpose' }, { path: 'b.options' }],
  })
})

test('a question that is asked only after an answer: refused where it is asked, left out where not', async () => {
  const version = (await newest()) + 1
  const when = { field: 'pet', equals: true }
  const fields = [
    text('pet', { kind: 'yesNo', label: '有宠物', required: true }),
    text('which', { label: '哪种', required: true, visibleIf: when }),
    text('way', { kind: 'dropdown', label: '方式', options: twoOptions }),
  ]
  await publish(await save(fields), version)
  const submit = async (values: Record<string, unknown>) => {
    const { person, params } = await held()
    return person.call('putRegistration', { params, body: { formVersion: version, values } })
  }
  expect(await submit({ pet: true })).toMatchObject({ fields: [{ path: 'which' }] })
  const without = await submit({ pet: false, which: '不该留下' })
  expect(without).toMatchObject({ ok: true, value: { answers: [{ label: '有宠物', text: '否' }] } })
})

test('who has no right to forms may look, and may not change', async () => {
  const body = { name: 'desk', password: 'jiyue-demo' }
  const { token } = await must(caller(world.url), 'createConsoleSession', { body })
  const desk = caller(world.url, token)
  expect((await desk('listForms', {})).ok).toBe(true)
  expect((await desk('getForm', { params: { id: lecture } })).ok).toBe(true)
  const revision = await save([text('a')])
  for (const tried of [
    await publish(revision, (await newest()) + 1, lecture, desk),
    await desk('deleteFormDraft', { params: { id: lecture } }),
    await desk('putFormDraft', {
      params: { id: lecture },
      body: { steps: [], fields: [], revision: randomUUID(), basedOn: revision },
    }),
  ])
    expect(tried).toMatchObject({ code: 'forbidden' })
  expect((await page()).draft?.revision).toBe(revision)
})

describe('pictures that answer a field', () => {
  const owed = [text('photos', { kind: 'file', label: '现场照片', required: true, max: 2 })]

  async function asking() {
    const version = (await newest()) + 1
    await publish(await save(owed), version)
    const { person, params } = await held()
    const submit = (ids: string[]) =>
      person.call('putRegistration', {
        params,
        body: { formVersion: version, values: { photos: ids.map((id) => ({ id, name: '图片' })) } },
      })
    return { person, params, submit }
  }

  test('are seen by the merchant’s people, kept, and nobody else’s can be named', async () => {
    const { person, params, submit } = await asking()
    const stranger = await signIn(world)
    const [own, foreign] = [
      await sendPicture(person, await pngOf()),
      await sendPicture(stranger, await pngOf()),
    ]
    for (const ids of [[foreign], [own, randomUUID()], ["' or 1=1"]])
      expect(await submit(ids)).toMatchObject({
        code: 'invalid_fields',
        fields: [{ path: 'photos', message: '图片已过期，请重新上传' }],
      })
    expect(await submit([])).toMatchObject({ fields: [{ path: 'photos', code: 'required' }] })
    expect((await submit([own])).ok).toBe(true)

    const { answers } = await must(owner, 'getConsoleOrder', { params })
    expect(answers).toEqual([
      { label: '现场照片', text: '图片', pictures: [{ id: own, name: '图片' }] },
    ])
    const at = (pictureId: string) =>
      owner('getAnswerPicture', { params: { ...params, pictureId } })
    expect(await at(own)).toMatchObject({ ok: true, value: { type: 'image/jpeg' } })
    expect(await at(foreign)).toMatchObject({ code: 'not_found' })

    // Weeks later the sweep takes what nothing shows, and only that.
    world.clock.aheadMs += 8 * 86_400_000
    await forgetUnused(world.parts)
    world.clock.aheadMs -= 8 * 86_400_000
    expect((await at(own)).ok).toBe(true)
    const left = await world.database.db.selectFrom('pictures').select('id').execute()
    expect(left.map(({ id }) => id)).toEqual([own])
  })

  test('more than the form allows are refused', async () => {
    const { person, submit } = await asking()
    const ids = await Promise.all([1, 2, 3].map(async () => sendPicture(person, await pngOf())))
    expect(await submit(ids)).toMatchObject({ fields: [{ message: '现场照片最多选择 2 个文件' }] })
  })
})
