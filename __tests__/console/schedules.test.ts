/** 排班: a weekly template is drawn, looked at and saved; the calendar is the merchant's (M1, B2). */
import { randomUUID } from 'node:crypto'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { must, signIn, until } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

/** A coming Wednesday, on which the demo's lecture has no slots. */
const wednesday = [2, 3, 4, 5, 6, 7, 8]
  .map((ahead) => addDays(dayOf(Date.now()), ahead))
  .find((day) => wallClock(instantOf(day)).weekday === 3)!

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
  // The demo's own day off must not be the day of these stories.
  await desk.world.database.db
    .updateTable('days')
    .set({ open: true, name: null, by_merchant: true })
    .where(
      'day',
      'in',
      [-7, 0, 7, 14].map((more) => addDays(wednesday, more)),
    )
    .execute()
  const day = addDays(wednesday, 8)
  await must(desk.owner, 'putDay', { params: { day }, body: { open: false, name: '门店盘点' } })
}, OPEN_MS)
afterAll(() => desk?.close())

const drawer = (page: Page) => page.getByRole('dialog')
const week = (page: Page) => drawer(page).getByLabel('每周可约时间')

/** Drags over hours of a day's column, as far as the grid shows them (6:00 to 24:00). */
async function draw(page: Page, column: number, fromHour: number, toHour: number) {
  const track = week(page).locator('.week-track').nth(column)
  await track.scrollIntoViewIfNeeded()
  const box = (await track.boundingBox())!
  const y = (hour: number) => box.y + (box.height * (hour - 6)) / 18
  await page.mouse.move(box.x + box.width / 3, y(fromHour) + 1)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 3, y((fromHour + toHour) / 2))
  await page.mouse.move(box.x + box.width / 3, y(toHour))
  await page.mouse.up()
}

describe('排班', () => {
  test('店长画出一周、预览、保存：预览与生成的时段一致', async () => {
    const page = await desk.signedIn('/schedules')
    await page.getByText('周一至周六 09:00–21:00').waitFor()
    await shootBoth(page, 'schedules')
    await page.getByRole('button', { name: '新建排班' }).click()
    await choose(drawer(page).getByLabel('服务', { exact: true }), '亲子沟通讲座')
    await drawer(page).getByLabel('每个时段').fill('60')
    await drawer(page).getByLabel('结束后间隔').fill('30')
    await drawer(page).getByLabel('名额').fill('5')
    await drawer(page).getByLabel('提前生成').fill('2')
    await draw(page, 2, 9, 12)
    await week(page).getByRole('button', { name: '周三 可约 09:00–12:00' }).waitFor()
    await page.keyboard.press('Escape')
    await shoot(page, 'schedule-drawn')
    await drawer(page).getByRole('button', { name: '预览' }).click()
    const preview = drawer(page).getByLabel('生成预览')
    await preview.getByText('09:00–10:00').first().waitFor()
    const wanted = await preview.locator('.preview-slot.fate-add').count()
    expect(wanted).toBeGreaterThanOrEqual(4)
    await shootBoth(page, 'schedule-preview')
    await drawer(page).getByRole('button', { name: '保存并生成' }).click()
    await page.getByText(`排班已保存：新增 ${wanted}`).waitFor()
    const { slots } = await must(desk.owner, 'listConsoleSlots', {
      query: { from: wednesday, to: wednesday, serviceId: lecture },
    })
    const starts = slots.map(({ startsAt }) => Date.parse(startsAt))
    expect(starts).toContain(instantOf(wednesday, 540))
    expect(starts).toContain(instantOf(wednesday, 630))
    await page.context().close()
  })

  test('改排班前先看到：已有预约的保留，其余调整；别人先改了会提示', async () => {
    const id = randomUUID()
    const template = {
      serviceId: lecture,
      branchId: null,
      staffId: null,
      roomId: null,
      weekly: [{ weekday: 3, from: 900, to: 1080 }],
      breaks: [],
      slotMinutes: 60,
      bufferBefore: 0,
      bufferAfter: 0,
      capacity: 9,
      priceFen: null,
      leadMinutes: 0,
      cutoff: null,
      makeupWeekday: null,
      onClosedDays: 'keep' as const,
      exceptions: [],
      startsOn: wednesday,
      endsOn: wednesday,
      weeksAhead: 2,
    }
    await must(desk.owner, 'putSchedule', { params: { id }, body: { version: null, template } })
    const { slots } = await must(desk.owner, 'listConsoleSlots', {
      query: { from: wednesday, to: wednesday, serviceId: lecture },
    })
    const booked = slots.find(({ startsAt }) => Date.parse(startsAt) === instantOf(wednesday, 960))!
    const { call } = await signIn(desk.world)
    await must(call, 'putOrder', {
      params: { id: randomUUID() },
      body: { slotId: booked.id, party: 2 },
    })

    const page = await desk.signedIn('/schedules')
    await page
      .getByRole('row')
      .filter({ hasText: '周三 15:00–18:00' })
      .getByRole('button', { name: /^编辑/ })
      .click()
    await drawer(page).getByLabel('每个时段').fill('90')
    await drawer(page).getByRole('button', { name: '预览' }).click()
    const preview = drawer(page).getByLabel('生成预览')
    await preview.getByText('已有预约 2 人').waitFor()
    await preview.getByText('1 个时段保持原样').waitFor()
    await shootBoth(page, 'schedule-stays')
    // Meanwhile somebody else saves.
    await must(desk.owner, 'putSchedule', {
      params: { id },
      body: { version: 1, template: { ...template, capacity: 8 } },
    })
    await drawer(page).getByRole('button', { name: '保存并生成' }).click()
    await page.getByText('排班已被他人修改，请刷新后重试').waitFor()
    await page.context().close()
  })

  test('例外与错误：时间写反时说明哪里不对，什么都不保存', async () => {
    const page = await desk.signedIn('/schedules')
    await page.getByRole('button', { name: '新建排班' }).click()
    await drawer(page).getByRole('button', { name: '添加例外' }).click()
    await drawer(page).getByLabel('例外原因').fill('讲师请假')
    await drawer(page).getByRole('button', { name: '预览' }).click()
    await drawer(page).getByText('请至少添加一段可约时间').waitFor()
    await shootBoth(page, 'schedule-problems')
    const { schedules } = await must(desk.owner, 'listSchedules', {})
    expect(schedules.some(({ exceptions }) => exceptions.length > 0)).toBe(false)
    await page.context().close()
  })

  test('商家改一天：休业并写明原因，手机上当天即不可约', async () => {
    const day = addDays(dayOf(Date.now()), 9)
    const page = await desk.signedIn('/schedules')
    await page.getByRole('tab', { name: '营业日历' }).click()
    await page.getByText('门店盘点').first().waitFor()
    const seenAhead = { from: dayOf(Date.now()), to: addDays(dayOf(Date.now()), 180) }
    const { officialUntil } = await must(desk.owner, 'listDays', { query: seenAhead })
    // The year after is in sight, and nobody has told us its holidays: it is said here.
    if (officialUntil < seenAhead.to)
      await page
        .getByText(`${Number(officialUntil.slice(0, 4)) + 1} 年的法定节假日安排尚未收录`)
        .waitFor()
    await shootBoth(page, 'schedule-calendar')
    await must(desk.owner, 'putDay', { params: { day }, body: { open: false, name: '全员培训' } })
    await page.getByText('全员培训').waitFor()
    // By hand: what it was and what it will be, first.
    const form = page.locator('.special-form')
    await form.getByLabel('日期').click()
    const cells = page.locator('.ant-picker-cell-in-view:not(.ant-picker-cell-disabled)')
    // The last two days that are shown, as a public holiday.
    await cells.nth(-2).click()
    await cells.last().click()
    await form.getByText('法定节假日', { exact: true }).click()
    await form.getByLabel('说明').fill('设备检修')
    await form.getByRole('button', { name: '设定' }).click()
    await page.locator('.before-after').getByText('休业（设备检修）').waitFor()
    await page.locator('.before-after').getByText(' 至 ', { exact: false }).waitFor()
    await shoot(page, 'schedule-day-confirm')
    await page.getByRole('button', { name: '发布', exact: true }).click()
    await page.locator('.special-days').getByText('设备检修').nth(1).waitFor()
    await shoot(page, 'schedule-days-set')
    const someone = await signIn(desk.world)
    await until('the closed day on the phones', async () => {
      const { days } = await must(someone.call, 'listSlots', {
        params: { id: lecture },
        query: { from: day, to: day },
      })
      return days.length === 1 && !days[0]?.open && days[0]?.name === '全员培训'
    })
    await page.context().close()
  })
})
