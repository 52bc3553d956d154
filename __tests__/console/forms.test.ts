/** 报名表 in the console (R1): changed as a draft, tried on a phone frame, published as a version. */
import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright-core'
import { cleaning, lecture, venue } from '../../server/demo/world.ts'
import { newSlot } from '../races/setting.ts'
import { text } from '../server/forming.ts'
import { pngOf, sendPicture } from '../server/proving.ts'
import { must, signIn, until } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

const phone = (page: Page) => page.locator('.phone-frame')
const row = (page: Page, label: string) => page.locator(`[data-field="${label}"]`)
const read = (id: string) => must(desk.owner, 'getForm', { params: { id } })

async function add(page: Page, kind: string, label: string) {
  await page.getByRole('button', { name: '添加填写项' }).click()
  await page.getByRole('menuitem', { name: kind, exact: true }).click()
  await page.getByLabel('名称', { exact: true }).fill(label)
  await row(page, label).waitFor()
  await page.getByLabel('收集用途（用户可见）').fill('安排服务')
}

test('报名表：加填写项与条件，手机上试填，发布为新版本，用户立刻看到', async () => {
  const page = await desk.signedIn('/forms')
  await page.getByText('4 / 4 项').waitFor()
  await shootBoth(page, 'forms')
  await page.getByRole('link', { name: '家庭保洁' }).click()
  await phone(page).getByText('联系人').waitFor()
  await shootBoth(page, 'form-editor')

  // Out goes one, in come a question and what depends on its answer.
  await page.getByRole('button', { name: '删除特殊需求' }).click()
  await add(page, '是否', '有宠物')
  await page.getByText('5 / 5 项').waitFor()
  await page.getByRole('button', { name: '删除房屋面积' }).click()
  await add(page, '文件/图片', '宠物照片')
  await choose(page.getByLabel('显示条件'), '「有宠物」为「是」时')
  await shootBoth(page, 'form-field')

  // On the phone: the second step, where the picture is asked only after 是.
  await phone(page).getByRole('button', { name: '下一步' }).click()
  await phone(page).getByText('请填写联系人').waitFor()
  await phone(page).getByLabel('预览 联系人').fill('林小满')
  await phone(page).getByLabel('预览 手机号').fill('1380013')
  await phone(page).getByLabel('预览 手机号').blur()
  await phone(page).getByText('请输入 11 位有效手机号').waitFor()
  await phone(page).getByLabel('预览 手机号').fill('13800138000')
  await phone(page).getByLabel('预览 区、街道、门牌号').fill('漕溪北路 88 号')
  await phone(page).getByRole('button', { name: '下一步' }).click()
  await phone(page).getByText('有宠物').waitFor()
  expect(await phone(page).getByText('宠物照片').count()).toBe(0)
  await phone(page).getByRole('button', { name: '是', exact: true }).click()
  await phone(page).getByText('宠物照片').waitFor()
  await shootBoth(page, 'form-preview')

  await page.getByText('草稿已保存，尚未发布').waitFor()
  await page.getByRole('button', { name: '发布', exact: true }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '发布' }).click()
  await page.getByText('第 2 版使用中', { exact: false }).waitFor()
  await page.getByText('与已发布的一致').waitFor()
  const someone = await signIn(desk.world)
  const form = await until('the new version on the phones', async () => {
    const { form } = await must(someone.call, 'getService', { params: { id: cleaning } })
    return form.version === 2 && form
  })
  expect([form.version, form.fields.map(({ label }) => label)]).toEqual([
    2,
    ['联系人', '手机号', '服务地址', '有宠物', '宠物照片'],
  ])

  // The first version can still be looked at, and be taken as a new draft.
  const first = page.locator('.form-versions li').filter({ hasText: '第 1 版' })
  await first.getByRole('button', { name: '查看' }).click()
  await page.locator('.form-preview h2').getByText('第 1 版').waitFor()
  await first.getByRole('button', { name: '以此为草稿' }).click()
  await row(page, '特殊需求').waitFor()
  await page.getByText('草稿已保存，尚未发布').waitFor()
  await shootBoth(page, 'form-versions')
  await page.getByRole('button', { name: '放弃草稿' }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '放弃' }).click()
  await row(page, '有宠物').waitFor()
  await page.context().close()
})

test('超出上限：写明最多几项，发布灰着；删一项就能发布；顺序可上下移', async () => {
  const page = await desk.signedIn(`/forms/${lecture}`)
  await page.getByText('4 / 4 项').waitFor()
  await add(page, '单行文本', '学校')
  await page.getByText('5 / 4 项，活动讲座最多 4 项，超出不能发布').waitFor()
  const publish = page.getByRole('button', { name: '发布', exact: true })
  expect(await publish.isDisabled()).toBe(true)
  expect(await publish.getAttribute('aria-description')).toContain('最多 4 项，现有 5 项')
  await shootBoth(page, 'form-over')
  await page.getByRole('button', { name: '删除身份证号' }).click()
  await page.getByRole('button', { name: '学校上移' }).click()
  await page.getByText('草稿已保存，尚未发布').waitFor()
  const labels = await until('the draft', async () => {
    const { draft } = await read(lecture)
    const all = draft?.fields.map(({ label }) => label)
    return all?.length === 4 && all[2] === '学校' && all
  })
  expect(labels).toEqual(['姓名', '手机号', '学校', '孩子年龄段'])
  await publish.click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '发布' }).click()
  await page.getByText('第 2 版使用中', { exact: false }).waitFor()
  await page.context().close()
})

test('两位店长同改一份：后到的一位看到前一位的草稿，没有被覆盖', async () => {
  const page = await desk.signedIn(`/forms/${venue}`)
  await page.getByRole('button', { name: '添加填写项' }).waitFor()
  const body = { steps: [], fields: [text('hers', { label: '她加的一项' })] }
  await must(desk.owner, 'putFormDraft', {
    params: { id: venue },
    body: { ...body, revision: randomUUID(), basedOn: null },
  })
  // Live: nobody reloads.
  await row(page, '她加的一项').waitFor()
  expect((await read(venue)).draft?.fields.map(({ label }) => label)).toEqual(['她加的一项'])
  await page.context().close()
})

test('前台可以查看，不能修改；订单抽屉里看得到用户上传的图片', async () => {
  const page = await desk.signedIn(`/forms/${cleaning}`, 'tablet', 'desk')
  await page.getByText('前台账号不能修改报名表', { exact: false }).waitFor()
  expect(await page.getByRole('button', { name: '添加填写项' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: '发布', exact: true }).isDisabled()).toBe(true)
  await shootBoth(page, 'form-no-right')

  const person = await signIn(desk.world)
  const slotId = await newSlot(desk.world.database.db, { serviceId: cleaning, capacity: 3 })
  const params = { id: randomUUID() }
  const { form } = await must(person.call, 'putOrder', { params, body: { slotId, party: 1 } })
  const picture = await sendPicture(person, await pngOf())
  const answers: Record<string, unknown> = {
    联系人: '林小满',
    手机号: '13800138111',
    服务地址: { region: ['上海市', '上海市', '徐汇区'], detail: '漕溪北路 88 号' },
    有宠物: true,
    宠物照片: [{ id: picture, name: '图片 1' }],
  }
  await must(person.call, 'putRegistration', {
    params,
    body: {
      formVersion: form.version,
      values: Object.fromEntries(form.fields.map(({ id, label }) => [id, answers[label]])),
    },
  })
  await page.goto(`${desk.world.url}/console/orders/${params.id}`)
  await page.getByRole('img', { name: '图片 1' }).waitFor()
  await shootBoth(page, 'order-pictures')
  await page.context().close()
})

test('先读后到的旧草稿不会盖掉刚保存的修改', async () => {
  const page = await desk.signedIn(`/forms/${venue}`)
  const steps = page.getByLabel(/^第 \d 步名称$/)
  await row(page, '她加的一项').waitFor()
  // The next reading is answered as it was then, but only when it is let go; later ones never are.
  const gate = { readings: 0, open: () => {} }
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve
  })
  await page.route(`**/v1/console/forms/${venue}`, async (route) => {
    const reply = await route.fetch()
    if (++gate.readings > 1) return
    await opened
    await route.fulfill({ response: reply })
  })
  await page.getByRole('button', { name: '分步填写' }).click()
  await until('a reading under way', async () => gate.readings > 0)
  await page.getByRole('button', { name: '添加一步' }).click()
  await until('the third step saved', async () => (await read(venue)).draft?.steps.length === 3)
  await page.getByText('草稿已保存，尚未发布').waitFor()
  gate.open()
  await page.waitForTimeout(500)
  expect(await steps.count()).toBe(3)
  await page.context().close()
})
