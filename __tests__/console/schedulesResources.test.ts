/** 资源: staff, rooms and branches are added and changed, and retired where nothing is ahead (B3). */
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { cleaning } from '../../server/demo/world.ts'
import { must, until } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

/** A face as far as a picture library cares. */
const portrait = () => {
  const face = { create: { width: 260, height: 320, channels: 3, background: '#e8b796' } } as const
  return sharp({ create: { width: 600, height: 800, channels: 3, background: '#cfe3d4' } })
    .composite([{ input: face }])
    .png()
    .toBuffer()
}

const dialog = (page: Page) => page.getByRole('dialog')

async function confirmRetire(page: Page, name: string) {
  await page.getByRole('button', { name: `停用 ${name}` }).click()
  await page.locator('.ant-popconfirm-buttons').getByRole('button', { name: '停用' }).click()
}

describe('资源', () => {
  test('添加一位服务人员，再停用；还有预约的人停用时说明原因', async () => {
    const page = await desk.signedIn('/resources')
    await page.getByText('周敏').waitFor()
    await shootBoth(page, 'resources-staff')
    await page.getByRole('button', { name: '添加人员' }).click()
    await dialog(page).getByLabel('姓名').fill('白露')
    await dialog(page).getByLabel('头衔').fill('保洁师')
    await dialog(page).getByLabel('介绍').fill('从业 3 年，细致守时。')
    const file = (name: string, mimeType: string, buffer: Buffer) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
    await file('简历.pdf', 'application/pdf', Buffer.from('%PDF-1.7'))
    await dialog(page).getByRole('alert').getByText('请上传 JPG、PNG 或 WebP 图片').waitFor()
    // Called a picture and none: the server's answer stands beside the field, nothing is written.
    await file('白露.jpg', 'image/jpeg', Buffer.from('not a picture'))
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await dialog(page).locator('.ant-form-item-explain-error').getByText('不超过 5 MB').waitFor()
    await shootBoth(page, 'resources-add-refused')
    await file('白露.png', 'image/png', await portrait())
    await shootBoth(page, 'resources-add')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    const row = page.getByRole('row').filter({ hasText: '白露' })
    await row.locator('img').waitFor()
    const { staff: kept } = await must(desk.owner, 'listResources', {})
    const { photo } = kept.find(({ name }) => name === '白露') ?? {}
    expect(photo).toMatch(/^\/photos\/staff\//)
    await shootBoth(page, 'resources-photo')
    await page.getByRole('button', { name: '编辑 白露' }).click()
    await dialog(page).getByRole('button', { name: '移除' }).click()
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await row.locator('img').waitFor({ state: 'detached' })
    await confirmRetire(page, '白露')
    await page.getByRole('button', { name: '恢复 白露' }).waitFor()
    const { staff } = await must(desk.owner, 'listResources', {})
    expect(staff.find(({ name }) => name === '白露')).toMatchObject({ retired: true })

    await confirmRetire(page, '周敏')
    await page.getByText('个排班在使用，请先停用或更换').first().waitFor()
    await shootBoth(page, 'resources-why-not')
    const after = await must(desk.owner, 'listResources', {})
    expect(after.staff.find(({ name }) => name === '周敏')).toMatchObject({ retired: false })
    await page.context().close()
  })

  test('添加场地：同店重名时在名称旁说明', async () => {
    const page = await desk.signedIn('/resources')
    await page.getByRole('tab', { name: '场地' }).click()
    await page.getByText('报告厅').waitFor()
    await shootBoth(page, 'resources-rooms')
    await page.getByRole('button', { name: '编辑 报告厅' }).click()
    await dialog(page).getByLabel('容纳人数').fill('180')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await page.getByRole('row').filter({ hasText: '180 人' }).waitFor()
    await page.getByRole('button', { name: '添加场地' }).click()
    await dialog(page).getByLabel('名称').fill('报告厅')
    await choose(dialog(page).getByLabel('门店'), '徐汇店')
    await dialog(page).getByLabel('说明').fill('另一间')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await dialog(page).locator('.ant-form-item-has-error').getByText('该门店已有同名场地').waitFor()
    await shootBoth(page, 'resources-room-twice')
    await page.context().close()
  })

  test('添加门店并填坐标；上门范围按区和门店周边设置，手机上立即如此判断', async () => {
    const page = await desk.signedIn('/resources')
    await page.getByRole('tab', { name: '门店' }).click()
    await page.getByRole('button', { name: '添加门店' }).click()
    await dialog(page).getByLabel('名称').fill('静安店')
    await dialog(page).getByLabel('地址').fill('南京西路 1266 号')
    await dialog(page).getByLabel('电话').fill('021-62880000')
    await dialog(page).getByLabel('纬度').fill('31.2286')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await dialog(page).locator('.ant-form-item-has-error').getByText('请一起填写').waitFor()
    await shootBoth(page, 'resources-branch-half')
    await dialog(page).getByLabel('经度').fill('121.4522')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await page.getByRole('row').filter({ hasText: '静安店' }).getByText('31.2286').waitFor()
    await shootBoth(page, 'resources-branches')

    await page.getByRole('tab', { name: '上门范围' }).click()
    await page.getByRole('button', { name: '编辑 家庭保洁' }).click()
    // One that is not served yet.
    await dialog(page).getByLabel('上门的区').fill('杨浦')
    await page.locator('.ant-select-item-option-active', { hasText: '杨浦区' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await dialog(page).getByLabel('门店周边也上门').fill('6500')
    await shootBoth(page, 'resources-area')
    await dialog(page).getByRole('button', { name: '保存' }).click()
    await page.locator('.before-after').getByText('6.5 公里内').waitFor()
    await shoot(page, 'resources-area-confirm')
    await page.getByRole('button', { name: '发布', exact: true }).click()
    const row = page.getByRole('row').filter({ hasText: '家庭保洁' })
    await row.getByText('6.5 公里内').waitFor()
    await row.getByText('杨浦区').waitFor()
    await shootBoth(page, 'resources-areas')
    await until('the new area on the phones', async () => {
      const { coverage } = await must(desk.owner, 'getService', { params: { id: cleaning } })
      const isNear = coverage?.circles.some(({ radiusM }) => radiusM === 6500)
      return isNear && coverage?.districts.includes('杨浦区')
    })
    await page.context().close()
  })
})
