/**
 * The registration form on the compiled bundles (R1 R6 R8): killed after each field, two devices of
 * one person, pictures, questions that appear.
 */
import type { FormField } from '@jiyue/contract/fields/kinds'
import { lecture } from '../../server/demo/world.ts'
import { publishForm } from '../forms.ts'
import { text } from '../server/forming.ts'
import { pngOf } from '../server/proving.ts'
import { lectureAnswers, until } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'
import { openApp } from './openApp.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  const db = () => journey.world.database.db
  const orderOf = async (slotId: string) =>
    (
      await db()
        .selectFrom('orders')
        .select('id')
        .where('slot_id', '=', slotId)
        .executeTakeFirstOrThrow()
    ).id
  const page = (id: string) => `pages/registration/index?id=${id}`

  test(
    '每填一项就被系统关闭一次：零丢失，最后直接提交',
    async () => {
      const slot = await journey.slot(613)
      const phone = await journey.phoneOf()
      await journey.hold(phone, slot.time)
      const id = await orderOf(slot.id)
      const answers = lectureAnswers()
      const typed: [string, string][] = [
        ['姓名', answers.name],
        ['手机号', answers.phone],
        ['身份证号', answers.idCard],
      ]
      const filled: string[] = []
      for (const [label, value] of typed) {
        await phone.type(label, value)
        filled.push(value)
        // At once: not a moment for the cloud.
        await phone.kill(page(id))
        for (const one of filled) await phone.see(one)
      }
      await phone.tap(answers.age)
      await phone.kill(page(id))
      await phone.see(answers.idCard)
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
    },
    JOURNEY_MS,
  )

  test(
    '两台设备填同一项：两边都出现两个答案，点一下两边都定下来',
    async () => {
      const slot = await journey.slot(733)
      const phone = await journey.phoneOf()
      await journey.hold(phone, slot.time)
      const id = await orderOf(slot.id)
      await phone.settled()

      // The same person on a second phone.
      const session = phone.storage.get('session')
      const other = await openApp({
        host,
        dist: journey.dist,
        api: journey.world.url,
        loginCode: () => '',
        storage: new Map([['session', session ?? '']]),
        path: page(id),
      })
      try {
        await other.see('已为您保留')
        await other.type('姓名', '周小棠')
        await other.see('已自动保存')
        await phone.see('周小棠')

        // Off the line, the first phone says something else; meanwhile so does the second.
        phone.network(false)
        await phone.type('姓名', '地铁里写的')
        await other.type('姓名', '电脑上写的')
        await other.see('已自动保存')
        phone.network(true)
        for (const one of [phone, other]) {
          await one.see('两台设备都填写了这一项，请选择一个')
          await one.see('地铁里写的')
          await one.see('电脑上写的')
        }
        await other.tap('地铁里写的')
        for (const one of [phone, other]) {
          await one.gone('两台设备都填写了这一项，请选择一个')
          await one.see('地铁里写的')
        }
      } finally {
        other.close()
      }
    },
    JOURNEY_MS,
  )

  test(
    '商家发布带图片和条件的新表单：选「是」才出现上传，图片随报名提交',
    async () => {
      const fields: FormField[] = [
        text('name', { label: '姓名', required: true }),
        text('child', { label: '带孩子', kind: 'yesNo', required: true }),
        text('photos', {
          label: '学生证照片',
          kind: 'file',
          required: true,
          max: 2,
          visibleIf: { field: 'child', equals: true },
        }),
      ]
      await publishForm(journey.world, lecture, fields)
      const slot = await journey.slot(853)
      const picture = await pngOf()
      const phone = await journey.phoneOf('pay', { onChoosePicture: () => picture })
      await journey.hold(phone, slot.time)
      await phone.type('姓名', '周小棠')
      await phone.gone('学生证照片')
      await phone.tap('是')
      await phone.see('学生证照片')
      await phone.tap('提交报名')
      await phone.see('请选择学生证照片')
      await phone.tap('添加图片')
      await phone.gone('请选择学生证照片')
      // Restored on another day: what was sent is still there.
      const id = await orderOf(slot.id)
      await phone.settled()
      await phone.kill(page(id))
      await phone.see('图片 1 已上传')
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
      const kept = await until('the picture', () =>
        db()
          .selectFrom('registration_pictures')
          .selectAll()
          .where('order_id', '=', id)
          .executeTakeFirst(),
      )
      expect(kept.field_id).toBe('photos')
    },
    JOURNEY_MS,
  )
})
