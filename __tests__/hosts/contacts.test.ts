/** 常用信息 on the compiled bundles (R2 G5): kept, managed, and picked with one tap. */
import { lectureAnswers, until } from '../world.ts'
import { BUILD_MS } from './build.ts'
import { JOURNEY_MS, type Journey, openJourney } from './journey.ts'

describe.each(['weapp', 'alipay'] as const)('%s', (host) => {
  let journey: Journey
  beforeAll(async () => {
    journey = await openJourney(host)
  }, BUILD_MS)
  afterAll(() => journey.close())
  afterEach(() => journey.hangUp())

  test(
    '在「我的」里添加联系人和地址，报名时点一下就填好；改名、删除都生效',
    async () => {
      const slot = await journey.slot(613)
      const phone = await journey.phoneOf()
      await phone.tap('我的')
      await phone.tap('常用信息')
      await phone.see('还没有常用信息')
      await phone.tap('添加联系人')
      // 「保存」 also stands in the page's words behind the sheet.
      await phone.see('姓名')
      await phone.tap('保存')
      await phone.see('请填写姓名')
      await phone.type('姓名', '周小棠')
      await phone.type('手机号', '139 0000 1234')
      await phone.type('身份证号', lectureAnswers().idCard)
      await phone.tap('保存')
      // These words are in the sheet, too: that they are kept it tells by closing.
      await phone.gone('设为默认联系人')
      await phone.see('13900001234')
      await phone.see('默认')

      await phone.kill()
      await journey.hold(phone, slot.time)
      // The default one has filled the untouched form by itself.
      await phone.see('13900001234')
      await phone.type('姓名', '改错了')
      await phone.tap('周小棠')
      await phone.gone('改错了')
      await phone.tap('管理')
      await phone.at('pages/contacts/index')
      await phone.tap('周小棠')
      await phone.see('设为默认联系人')
      await phone.type('姓名', '周海棠')
      await phone.tap('保存')
      await phone.gone('设为默认联系人')
      await phone.tap('周海棠')
      await phone.tap('删除')
      await phone.tap('确认删除')
      await phone.see('还没有常用信息')
      const left = await journey.world.database.db.selectFrom('contacts').selectAll().execute()
      expect(left).toEqual([])
    },
    JOURNEY_MS,
  )

  test(
    '报名时勾选保存，换一项服务也能用',
    async () => {
      const slot = await journey.slot(733)
      const phone = await journey.phoneOf()
      await journey.hold(phone, slot.time)
      await journey.fillForm(phone)
      await phone.tap('保存到常用信息，下次一键填写')
      await phone.tap('提交报名')
      await phone.at('pages/payment/index')
      const kept = await until('the contact', () =>
        journey.world.database.db.selectFrom('contacts').selectAll().executeTakeFirst(),
      )
      expect([kept.kind, kept.is_default]).toEqual(['person', true])
    },
    JOURNEY_MS,
  )
})
