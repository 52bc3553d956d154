/** 报名 on H5 (R1 R6 R8): a phone and a PC of one person, and forms as merchants make them. */
import { randomUUID } from 'node:crypto'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { Page } from 'playwright-core'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { pathTo } from '../../src/lib/paths.ts'
import { publishForm } from '../forms.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { text } from '../server/forming.ts'
import { pngOf } from '../server/proving.ts'
import { must, someIdCard } from '../world.ts'
import {
  book,
  openService,
  openStreet,
  type Street,
  shoot,
  signedIn,
  signInBySms,
} from './street.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

const name = (page: Page) => page.getByRole('textbox', { name: '姓名' })
const choice = (page: Page, value: string) => page.getByRole('button', { name: `姓名选择${value}` })

test(
  '手机上填一半，电脑接着填；同一项两边都填了，选一个，两边都定下来',
  async () => {
    const passer = await street.passer()
    const { page, context } = passer
    await openService(street, passer, lecture)
    await book(page, await street.slot(lecture, 10, 9))
    await signInBySms(street, passer)
    await name(page).waitFor()

    const desk = await street.passer('desktop')
    const session = await page.evaluate(() => localStorage.getItem('session') ?? '')
    await desk.page.goto(street.world.url)
    await desk.page.evaluate((kept) => localStorage.setItem('session', kept), session)
    await desk.page.goto(page.url())
    await name(desk.page).fill('林小满')
    await name(desk.page).blur()
    await desk.page.getByText('已自动保存').waitFor()
    // The open form on the phone follows by itself.
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('input')).some(({ value }) => value === '林小满'),
    )

    await context.setOffline(true)
    await name(page).fill('地铁里写的')
    await name(page).blur()
    await name(desk.page).fill('电脑上写的')
    await name(desk.page).blur()
    await desk.page.getByText('已自动保存').waitFor()
    await desk.page.waitForTimeout(1000)
    await context.setOffline(false)
    await choice(page, '地铁里写的').waitFor()
    await choice(desk.page, '地铁里写的').waitFor()
    await shoot(page, 'two-answers')
    await shoot(desk.page, 'two-answers')
    // Submitting does not choose for the person.
    await page.getByRole('button', { name: '提交报名' }).click()
    await page.getByText('两台设备填写的内容不同，请选择一个').waitFor()
    await choice(desk.page, '地铁里写的').click()
    await choice(page, '地铁里写的').waitFor({ state: 'detached' })
    await choice(desk.page, '地铁里写的').waitFor({ state: 'detached' })
    expect(await name(page).inputValue()).toBe('地铁里写的')
    expect(await name(desk.page).inputValue()).toBe('地铁里写的')
  },
  STORY_MS,
)

test.each(['phone', 'tablet', 'desktop'] as const)(
  '各类填写项齐全的表单：条件出现，图片上传可删，刷新后都在，提交成功 (%s)',
  async (size) => {
    const fields: FormField[] = [
      text('name', { label: '姓名', required: true }),
      text('pet', { label: '有宠物', kind: 'yesNo', required: true }),
      text('photos', {
        label: '房屋照片',
        kind: 'file',
        required: true,
        max: 3,
        hint: '客厅、厨房各一张',
        visibleIf: { field: 'pet', equals: true },
      }),
      text('when', { label: '入住日期', kind: 'date', max: 60 }),
      text('note', { label: '补充说明', kind: 'longText' }),
    ]
    await publishForm(street.world, cleaning, fields)
    const passer = await street.passer(size)
    const { page } = passer
    await openService(street, passer, cleaning)
    const hour = { phone: 6, tablet: 7, desktop: 8 }[size]
    await book(page, await street.slot(cleaning, hour, 2))
    await signInBySms(street, passer)
    await name(page).fill('林小满')
    expect(await page.getByText('房屋照片').count()).toBe(0)
    await page.getByRole('radio', { name: '是' }).click()
    for (const at of [1, 2]) {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: '为房屋照片添加图片' }).click(),
      ])
      await chooser.setFiles({ name: 'x.png', mimeType: 'image/png', buffer: await pngOf() })
      await page.getByRole('button', { name: `删除图片 ${at}` }).waitFor()
    }
    await page.getByRole('button', { name: '删除图片 1' }).click()
    await page.getByText('已自动保存').waitFor()
    await shoot(page, 'form-kinds')
    await page.reload()
    await page.getByText('图片 2 已上传').waitFor()
    expect(await name(page).inputValue()).toBe('林小满')
    await shoot(page, 'form-kinds-again')
    await page.getByRole('button', { name: '提交报名' }).click()
    await page.getByText('价格已锁定').waitFor()
  },
  STORY_MS,
)

test(
  '每填一项页面就崩溃一次：重新打开，一项不少',
  async () => {
    const passer = await street.passer()
    const call = await signedIn(street, passer)
    const slot = await street.slot(lecture, 20, 9)
    const params = { id: randomUUID() }
    await must(call, 'putOrder', { params, body: { slotId: slot.id, party: 1 } })
    const given = [
      ['姓名', '林小满'],
      ['手机号', passer.phone],
      ['身份证号', someIdCard()],
    ] as const
    let { page } = passer
    for (const [filled, [label, value]] of given.entries()) {
      await page.goto(`${street.world.url}${pathTo.registration(params.id)}`)
      const field = page.getByRole('textbox', { name: label })
      await field.fill(value)
      await field.blur()
      // At once: not a moment for the cloud.
      page = await crashed(page)
      await page.goto(`${street.world.url}${pathTo.registration(params.id)}`)
      await name(page).waitFor()
      for (const [label, value] of given.slice(0, filled + 1))
        expect(await page.getByRole('textbox', { name: label }).inputValue()).toBe(value)
    }
  },
  STORY_MS,
)

/** Its renderer is gone in the middle of what it did; a new tab of the same browser. */
async function crashed(page: Page): Promise<Page> {
  const cdp = await page.context().newCDPSession(page)
  const gone = page.waitForEvent('crash')
  cdp.send('Page.crash').catch(() => {}) // never answered: who should answer is gone
  await gone
  const fresh = await page.context().newPage()
  await page.close()
  return fresh
}
