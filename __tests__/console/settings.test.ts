import { ruleAbouts } from '@jiyue/contract/settings'
import sharp from 'sharp'
import { lecture } from '../../server/demo/world.ts'
import { caller, must, registeredOrder, signIn, until } from '../world.ts'
import { bookable, type Desk, OPEN_MS, openDesk, pointAtUndo, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

describe('设置', () => {
  test('改价先预览再发布，手机立即看到，历史里有前后对照；前台只能看', async () => {
    const page = await desk.signedIn('/settings')
    await page.getByRole('button', { name: '编辑 亲子沟通讲座' }).waitFor()
    await shootBoth(page, 'settings-services')
    await page.getByRole('button', { name: '编辑 亲子沟通讲座' }).click()
    await page.getByLabel('价格').fill('88')
    await page.getByLabel('一句话简介').fill('学会听，也学会说')
    const preview = page.getByRole('complementary', { name: '用户端预览' })
    await preview.getByText('¥88').waitFor()
    await preview.getByText('学会听，也学会说').waitFor()
    await shootBoth(page, 'settings-service')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.getByText('确认发布以下修改').waitFor()
    await page.locator('.before-after').getByText('¥69').waitFor()
    await shoot(page, 'settings-confirm')
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，用户端立即生效').waitFor()
    // Within a second (T6): the phones' copy is dropped by the news of the change.
    await until('the new price on the phones', async () => {
      const seen = await must(caller(desk.world.url), 'getService', { params: { id: lecture } })
      return seen.priceFen === 8800 && seen.summary === '学会听，也学会说'
    })
    await page.locator('tr', { hasText: '亲子沟通讲座' }).getByText('修改历史').click()
    await page.getByText('修改服务设置').first().click()
    await page.getByRole('cell', { name: '¥88', exact: true }).waitFor()
    await page.context().close()

    const front = await desk.signedIn('/settings', 'tablet', 'desk')
    await front.getByText('前台账号不能修改设置、排班与资源').first().waitFor()
    await front.getByRole('button', { name: '编辑 亲子沟通讲座' }).click()
    expect(await front.getByRole('button', { name: '预览并发布' }).isDisabled()).toBe(true)
    await front.context().close()
  })

  test('新建服务：照片、报名表、预览，手机立即看到；下架可撤销；文案与模板改后即用，可恢复默认', async () => {
    const page = await desk.signedIn('/settings')
    await page.getByRole('button', { name: '新建服务' }).click()
    const drawer = page.getByRole('dialog', { name: '新建服务' })
    await drawer.getByLabel('名称', { exact: true }).fill('宠物洗护')
    await drawer.getByLabel('一句话简介').fill('一小时洗护，附体检记录')
    await drawer.getByLabel('价格').fill('168')
    await drawer.getByLabel('服务内容').fill('洗澡吹干\n修剪指甲')
    await page.getByRole('button', { name: '预览并新建' }).click()
    await drawer.getByText('请至少上传一张照片').waitFor()
    for (const background of ['#3a6', '#63a']) {
      const file = { width: 1600, height: 1000, channels: 3 as const, background }
      const buffer = await sharp({ create: file }).jpeg().toBuffer()
      const many = await drawer.locator('.setting-photos img').count()
      await drawer
        .locator('input[type=file]')
        .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer })
      await drawer.locator('.setting-photos img').nth(many).waitFor()
    }
    await drawer.getByRole('button', { name: '照片 2 前移' }).click()
    await drawer.getByRole('complementary', { name: '用户端预览' }).getByText('¥168').waitFor()
    await shootBoth(page, 'settings-new')
    await page.getByRole('button', { name: '预览并新建' }).click()
    await page.getByText('确认新建服务').waitFor()
    await shoot(page, 'settings-new-confirm')
    await page.getByRole('button', { name: '新建', exact: true }).click()
    await page.locator('.ant-modal-confirm-title').getByText('已新建「宠物洗护」').waitFor()
    const phone = caller(desk.world.url)
    const made = await until('the new service on the phones', async () => {
      const { services } = await must(phone, 'listServices', {})
      return services.find(({ name }) => name === '宠物洗护')
    })
    const seen = await must(phone, 'getService', { params: { id: made.id } })
    expect([seen.photos.length, seen.form.fields.length]).toEqual([2, 2])
    await shoot(page, 'settings-new-done')
    await page.getByRole('button', { name: '去排班' }).click()
    await page.getByRole('heading', { name: '排班', exact: true }).waitFor()

    await page.goto(`${desk.world.url}/console/settings`)
    await page.getByRole('button', { name: '下架 宠物洗护' }).click()
    await page.getByText('下架「宠物洗护」？').waitFor()
    await shoot(page, 'settings-off-sale')
    await page.getByRole('button', { name: '下架', exact: true }).click()
    await pointAtUndo(page)
    await page.getByRole('button', { name: '上架 宠物洗护' }).waitFor()
    const sold = async () => (await phone('getService', { params: { id: made.id } })).ok
    await until('off the phones', async () => !(await sold()))
    await page.getByRole('button', { name: '撤销' }).click()
    await page.getByRole('button', { name: '下架 宠物洗护' }).waitFor()
    await until('on the phones again', sold)

    await page.getByRole('tab', { name: '消息文案' }).click()
    await page.getByRole('button', { name: '编辑 订单待缴费' }).waitFor()
    await shootBoth(page, 'settings-wording')
    await page.getByRole('button', { name: '编辑 订单待缴费' }).click()
    const words = page.getByRole('dialog', { name: '订单待缴费' })
    await words.getByLabel('正文').fill('尊敬的{姓名}，请付款')
    await words.getByText('这里没有「{姓名}」', { exact: false }).waitFor()
    await shoot(page, 'settings-wording-refused')
    await words.getByLabel('正文').fill('{服务}还差一步，请尽快付款。')
    const shown = words.getByRole('complementary', { name: '消息预览' })
    await shown.getByText('还差一步，请尽快付款。', { exact: false }).first().waitFor()
    await shootBoth(page, 'settings-wording-edit')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.locator('.before-after').getByText('待缴费：', { exact: false }).waitFor()
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布').waitFor()
    const { kinds } = await must(desk.owner, 'listWording', {})
    expect(kinds.find(({ kind }) => kind === 'unpaid')?.text).toBe('{服务}还差一步，请尽快付款。')
    await page.getByRole('button', { name: '撤销' }).click()
    await until('the house’s words again', async () => {
      const { kinds } = await must(desk.owner, 'listWording', {})
      return kinds.find(({ kind }) => kind === 'unpaid')?.text === null
    })

    await page.getByRole('button', { name: '编辑 微信 待办提醒' }).click()
    const template = page.getByRole('dialog', { name: '微信 · 待办提醒' })
    await template.getByLabel('字段 1', { exact: true }).fill('time1')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await template.getByText('不能显示服务', { exact: false }).waitFor()
    await template.getByLabel('字段 1', { exact: true }).fill('thing7')
    await shootBoth(page, 'settings-template')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.locator('.before-after').getByText('thing7 → 服务', { exact: false }).waitFor()
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布').first().waitFor()
    await page.locator('tr', { hasText: '微信 · 待办提醒' }).getByText('修改历史').click()
    await page.getByText('修改平台消息模板').first().waitFor()
    await page.context().close()
  })

  test('规则有范围与用户将看到的话；优惠按日期添加', async () => {
    const page = await desk.signedIn('/settings?tab=rules')
    await page.getByLabel('免费取消截止于开始前').fill('48')
    await page.getByText('开始前 48 小时可免费取消').waitFor()
    await shootBoth(page, 'settings-rules')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.getByText('48 小时', { exact: true }).waitFor()
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，用户端立即生效').waitFor()
    await until('the new rule on the phones', async () => {
      const { cancelRule } = await must(caller(desk.world.url), 'getService', {
        params: { id: lecture },
      })
      return cancelRule.includes('48 小时')
    })

    // Somebody else publishes meanwhile: what is typed stays, the rest follows.
    await page.getByLabel('免费取消截止于开始前').fill('36')
    const { rules } = await must(desk.owner, 'getRules', {})
    await must(desk.owner, 'putRules', {
      body: { rules: { ordersPerUser: 7 }, was: { ordersPerUser: rules.ordersPerUser } },
    })
    const perUser = page.getByLabel(ruleAbouts.ordersPerUser.zh)
    await until('the other’s rule', async () => (await perUser.inputValue()) === '7')
    expect(await page.getByLabel('免费取消截止于开始前').inputValue()).toBe('36')
    // And of the same rule, with the preview open: what was looked at stands there no more.
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.locator('.before-after').getByText('36 小时', { exact: true }).waitFor()
    const readAgain = page.waitForResponse(
      (reply) => /console\/rules$/.test(reply.url()) && reply.request().method() === 'GET',
    )
    await must(desk.owner, 'putRules', { body: { rules: { cancelFreeHours: 30 } } })
    await readAgain
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('设置已被他人修改', { exact: false }).first().waitFor()
    const stands = await must(desk.owner, 'getRules', {})
    expect(stands.rules.cancelFreeHours).toBe(30)
    expect(await page.getByLabel('免费取消截止于开始前').inputValue()).toBe('36')

    await page.getByRole('tab', { name: '优惠活动' }).click()
    await page.getByText('新人立减').first().waitFor()
    await shootBoth(page, 'settings-promotions')
    await page.getByRole('button', { name: '编辑 企业 9 折' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('减去').fill('20')
    await shoot(page, 'settings-promotion')
    await dialog.getByRole('button', { name: '预览' }).click()
    await page.locator('.before-after').getByText('9 折').waitFor()
    await shoot(page, 'settings-promotion-confirm')
    await page.getByRole('button', { name: '发布', exact: true }).click()
    // The preview says it too, before anything is published.
    await page.locator('.before-after').waitFor({ state: 'detached' })
    await page.getByText('8 折', { exact: true }).waitFor()
    const { promotions } = await must(desk.owner, 'listPromotions', {})
    expect(promotions.find(({ label }) => label === '企业 9 折')?.value).toBe(20)
    await page.context().close()
  })

  test('优惠券：先看发给谁、最多优惠多少再发；找不到的人写在旁边；未使用的可以收回', async () => {
    const someone = await signIn(desk.world)
    const slot = (await bookable(desk.world, lecture))[0]!
    const order = await registeredOrder(someone, slot.id)
    const page = await desk.signedIn('/settings?tab=coupons')
    await page.getByText('还没有发放过优惠券', { exact: false }).waitFor()
    await shoot(page, 'settings-coupons-empty')
    await page.getByRole('button', { name: '发放优惠券' }).click()
    const dialog = page.getByRole('dialog', { name: '发放优惠券' })
    await dialog.getByLabel('发给').fill('13900001234')
    await dialog.getByLabel('名称').fill('老客回馈券')
    await dialog.getByLabel('优惠额').fill('20')
    await dialog.getByLabel('发放说明').fill('感谢您一年来的支持')
    await dialog.getByRole('button', { name: '预览' }).click()
    await dialog.getByText('找不到：13900001234', { exact: false }).waitFor()
    await shootBoth(page, 'settings-coupon-unknown')
    await dialog.getByLabel('发给').fill(order.number)
    await dialog.getByRole('button', { name: '预览' }).click()
    await page.getByText('确认发放优惠券').waitFor()
    await page.locator('.before-after').getByText('¥20').first().waitFor()
    await shootBoth(page, 'settings-coupon-confirm')
    await page.getByRole('button', { name: '发放', exact: true }).click()
    await page.getByText('已发放 1 张，客户会收到消息').waitFor()
    const row = page.getByRole('row').filter({ hasText: '老客回馈券' })
    await row.getByText('1 人').waitFor()
    await shootBoth(page, 'settings-coupons')
    await row.getByRole('button', { name: '收回 老客回馈券' }).click()
    await page.locator('.ant-modal-confirm').getByText('收回后立即失效', { exact: false }).waitFor()
    await shoot(page, 'settings-coupon-revoke')
    await page.locator('.ant-modal-confirm').getByRole('button', { name: '收回' }).click()
    await page.getByText('已收回未使用的优惠券').waitFor()
    await row.getByText('收回', { exact: false }).first().waitFor()
    const { grants } = await must(desk.owner, 'listCoupons', {})
    expect(grants).toMatchObject([{ given: 1, used: 0, open: 0 }])
    await page.context().close()
  })
})
