/** The form's store (R6 R8): kept at each field, merged from two phones, asked where both edited. */
import type { Answer, Request } from '@jiyue/contract/client'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { Draft } from '@jiyue/contract/schema/wire'
import { mergeAnswers } from '../../server/registration/merge.ts'
import { createApp } from '../../src/stores/app.ts'
import { createRegistration } from '../../src/stores/registration.ts'
import { text, twoOptions } from '../server/forming.ts'
import { iso, orderId, someOrder, startsAt } from './flowOrder.ts'
import { glassPhone, no, offline, ok, settle } from './flowPhone.ts'

const fields: FormField[] = [
  text('name', { label: '姓名', required: true }),
  text('age', { label: '年龄段', kind: 'choice', options: twoOptions, required: true }),
  text('photos', { label: '照片', kind: 'file' }),
]
const [name, age, photos] = fields as [FormField, FormField, FormField]

/** One order's cloud, and phones around it whose line may be cut. */
function street() {
  let cloud: Draft = { values: {}, step: 0 }
  const order = someOrder({
    state: 'held',
    heldUntil: iso(startsAt + 900_000),
    registered: false,
    form: { version: 1, steps: [], fields },
  })
  const submitted: unknown[] = []
  /** What a registration is answered, when that takes its time. */
  const desk: { slow: Promise<Answer> | null; draftSlow: Promise<void> | null; busy: boolean } = {
    slow: null,
    /** What the next answer to a saving waits for, once the saving is done. */
    draftSlow: null,
    busy: false,
  }

  async function open(kept?: Map<string, string>) {
    const line = { cut: false }
    const phone = glassPhone((request) => (line.cut ? offline : answer(request)), kept)
    const app = createApp(phone)
    const registration = createRegistration(app, orderId)
    await registration.load()
    const stop = registration.follow()
    const hint = async () => {
      for (const socket of phone.sockets.filter(({ closed }) => !closed)) {
        socket.open()
        socket.say({ type: 'ready', now: iso(phone.now()) })
      }
      await settle()
      await settle()
    }
    const value = (field: FormField) => registration.store.getState().values[field.id]?.value
    const other = (field: FormField) => registration.store.getState().values[field.id]?.other?.value
    const fill = async (field: FormField, raw: unknown) => {
      registration.pick(field, raw)
      await phone.pass(1000)
    }
    return { phone, line, registration, hint, value, other, fill, stop }
  }

  function answer({ method, path, body }: Request): Answer | Promise<Answer> {
    if (path.endsWith('/draft')) {
      if (method === 'PUT') {
        if (desk.busy) return no(503, 'unavailable')
        const { values, step } = body as {
          values: Parameters<typeof mergeAnswers>[1]
          step: number
        }
        cloud = { values: mergeAnswers(cloud.values, values), step }
        const [saved, slow] = [structuredClone(cloud), desk.draftSlow]
        desk.draftSlow = null
        if (slow) return slow.then(() => ok(saved))
      }
      return ok(structuredClone(cloud))
    }
    if (path.endsWith('/registration')) {
      submitted.push((body as { values: unknown }).values)
      if (desk.slow) return desk.slow
      return ok({ ...order, state: 'registered', registered: true })
    }
    if (path.includes('/pictures/')) return ok({ id: path.split('/').pop(), width: 1, height: 1 })
    return ok(order)
  }
  return { open, submitted, desk, cloud: () => cloud }
}

test('the app is killed after each field, and even in the middle of a word: nothing is lost', async () => {
  const { open, cloud } = street()
  const kept = new Map<string, string>()
  const first = await open(kept)
  first.line.cut = true
  first.registration.pick(name, '林小满')
  const second = await open(kept)
  expect(second.value(name)).toBe('林小满')
  second.line.cut = true
  second.registration.pick(age, 'a')
  const third = await open(kept)
  expect([third.value(name), third.value(age)]).toEqual(['林小满', 'a'])
  third.line.cut = true
  third.registration.type(name, '林小满和')
  await third.phone.pass(500)
  const fourth = await open(kept)
  expect(fourth.value(name)).toBe('林小满和')
  // What the cloud never heard reaches it as soon as there is a line.
  await fourth.phone.pass(1000)
  expect(cloud().values).toMatchObject({ name: { value: '林小满和' }, age: { value: 'a' } })
})

test('two phones, one field each: both have both, and nobody is asked', async () => {
  const { open } = street()
  const [one, two] = [await open(), await open()]
  await one.fill(name, '林小满')
  await two.hint()
  await two.fill(age, 'b')
  await one.hint()
  for (const phone of [one, two])
    expect([phone.value(name), phone.value(age), phone.other(name), phone.other(age)]).toEqual([
      '林小满',
      'b',
      undefined,
      undefined,
    ])
})

test('one field on two phones: both show both; submitting waits; one tap ends it on both', async () => {
  const { open, submitted } = street()
  const [one, two] = [await open(), await open()]
  one.line.cut = true
  await one.fill(name, '地铁里写的')
  await one.fill(age, 'a')
  await two.phone.pass(1)
  await two.fill(name, '电脑上写的')
  one.line.cut = false
  await one.hint()
  await one.phone.pass(1000)
  await two.hint()
  expect(new Set([one.value(name), one.other(name)])).toEqual(new Set(['地铁里写的', '电脑上写的']))
  expect([two.value(name), two.other(name)]).toEqual([one.value(name), one.other(name)])

  expect(await one.registration.submit()).toBeNull()
  expect(one.registration.store.getState().errors.name).toBe('两台设备填写的内容不同，请选择一个')
  expect(submitted).toEqual([])

  two.registration.choose(name, '地铁里写的')
  await two.phone.pass(1000)
  await one.hint()
  for (const phone of [one, two])
    expect([phone.value(name), phone.other(name)]).toEqual(['地铁里写的', undefined])
  expect(await one.registration.submit()).not.toBeNull()
  expect(submitted).toEqual([{ name: '地铁里写的', age: 'a' }])
})

test('a field under the finger does not change when the other phone speaks', async () => {
  const { open } = street()
  const [one, two] = [await open(), await open()]
  one.registration.type(name, '正在')
  await two.fill(name, '别处')
  await one.hint()
  expect(one.value(name)).toBe('正在')
  one.registration.type(name, '正在写')
  one.registration.finish(name)
  await one.phone.pass(1000)
  expect(new Set([one.value(name), one.other(name)])).toEqual(new Set(['正在写', '别处']))
})

test('words typed while a saving is on its way follow it', async () => {
  const { open, cloud } = street()
  const phone = await open()
  phone.registration.pick(name, '林')
  await phone.phone.pass(799)
  phone.registration.type(name, '林小')
  await phone.phone.pass(1)
  phone.registration.pick(name, '林小满')
  await phone.phone.pass(3000)
  expect(cloud().values.name).toEqual({ value: '林小满', at: expect.any(String) })
  expect(phone.registration.store.getState().saved).toBe('cloud')
})

test('what a busy cloud did not take is saved as soon as it does, without another touch', async () => {
  const { open, desk, cloud } = street()
  const { phone, registration } = await open()
  desk.busy = true
  registration.pick(name, '林小满')
  await phone.pass(12_000)
  expect(registration.store.getState().saved).toBe('phone')
  desk.busy = false
  await phone.pass(6000)
  expect(cloud().values).toMatchObject({ name: { value: '林小满' } })
  expect(registration.store.getState().saved).toBe('cloud')
})

test('a page that was left does not save behind the back of the one that came after it', async () => {
  const { open, desk, cloud } = street()
  const { phone, registration } = await open()
  desk.busy = true
  registration.pick(name, '林小满')
  registration.leave()
  desk.busy = false
  await phone.pass(60_000)
  expect(cloud().values).toEqual({})
})

test('an answer to a saving that comes late does not cover what was read after it', async () => {
  const { open, desk } = street()
  const [one, two] = [await open(), await open()]
  let release = () => {}
  desk.draftSlow = new Promise((resolve) => {
    release = resolve
  })
  two.registration.pick(name, '电脑上写的')
  await one.phone.pass(1)
  one.registration.pick(name, '地铁里写的')
  await one.phone.pass(1000)
  await two.phone.pass(1000)
  await one.hint()
  release()
  await one.phone.pass(1000)
  expect(new Set([one.value(name), one.other(name)])).toEqual(new Set(['地铁里写的', '电脑上写的']))
})

test('no draft is sent behind a submission; a refused one is kept in the cloud again', async () => {
  const { open, desk, cloud } = street()
  const { phone, registration } = await open()
  registration.pick(age, 'a')
  registration.pick(name, '林小满')
  let refuse = (_: Answer) => {}
  desk.slow = new Promise((resolve) => {
    refuse = resolve
  })
  const submitting = registration.submit()
  await phone.pass(2000)
  expect(cloud().values).toEqual({})
  refuse(no(409, 'form_changed'))
  expect(await submitting).toBeNull()
  await phone.pass(1000)
  expect(cloud().values).toMatchObject({ name: { value: '林小满' }, age: { value: 'a' } })
})

test('a picture becomes an answer once it was sent; a useless file says so beside its field', async () => {
  const { open } = street()
  const { phone, registration, value } = await open()
  phone.choosePicture = async () => 'unreadable'
  await registration.addFile(photos)
  expect(registration.store.getState().errors.photos).toMatch(/JPG/)
  phone.choosePicture = async () => ({ base64: 'eA==', preview: 'preview' })
  await registration.addFile(photos)
  await registration.addFile(photos)
  const files = value(photos) as { id: string; name: string }[]
  expect(files.map((file) => file.name)).toEqual(['图片 1', '图片 2'])
  expect(registration.store.getState().previews[files[0]?.id ?? '']).toBe('preview')
  expect(registration.store.getState().errors).toEqual({})
  registration.pick(photos, files.slice(1))
  await registration.addFile(photos)
  expect((value(photos) as { name: string }[]).map((file) => file.name)).toEqual([
    '图片 2',
    '图片 3',
  ])
})
