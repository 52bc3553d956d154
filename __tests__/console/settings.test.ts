import { lecture } from '../../server/demo/world.ts'
import { caller, must } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

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
    const seen = await must(caller(desk.world.url), 'getService', { params: { id: lecture } })
    expect([seen.priceFen, seen.summary]).toEqual([8800, '学会听，也学会说'])
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

  test('规则有范围与用户将看到的话；优惠按日期添加', async () => {
    const page = await desk.signedIn('/settings?tab=rules')
    await page.getByLabel('免费取消截止于开始前').fill('48')
    await page.getByText('开始前 48 小时可免费取消').waitFor()
    await shootBoth(page, 'settings-rules')
    await page.getByRole('button', { name: '预览并发布' }).click()
    await page.getByText('48 小时', { exact: true }).waitFor()
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.getByText('已发布，用户端立即生效').waitFor()
    const { cancelRule } = await must(caller(desk.world.url), 'getService', {
      params: { id: lecture },
    })
    expect(cancelRule).toContain('48 小时')

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
    await page.getByText('8 折', { exact: true }).waitFor()
    const { promotions } = await must(desk.owner, 'listPromotions', {})
    expect(promotions.find(({ label }) => label === '企业 9 折')?.value).toBe(20)
    await page.context().close()
  })
})
