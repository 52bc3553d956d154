/** A time outside the offer 自定义时段申请, as people see it (B5 X7). */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import { addDays, dayOf, instantOf } from '@jiyue/contract/time'
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signIn, signInOwner } from '../world.ts'
import {
  openService,
  openStreet,
  orderIdOf,
  type Passer,
  type Street,
  shoot,
  signInBySms,
} from './street.ts'

const STORY_MS = 300_000

let street: Street
let owner: Call
beforeAll(async () => {
  street = await openStreet()
  owner = (await signInOwner(street.world)).call
}, BUILD_MS)
afterAll(() => street?.close())

/** A day beyond what everybody may book. */
const day = addDays(dayOf(Date.now()), 20)

/** Fills the sheet in and sends it; a new person signs in on the way. */
async function ask(passer: Passer, note: string): Promise<string> {
  const { page } = passer
  await openService(street, passer, lecture)
  await page.getByText('申请自定义时段').scrollIntoViewIfNeeded()
  await shoot(page, 'ask-card')
  await page.getByText('申请自定义时段').click()
  await page.locator('input[type=date]').fill(day)
  await page.locator('input[type=time]').fill('10:30')
  await page.locator('textarea').fill(note)
  await shoot(page, 'ask-sheet')
  await page.getByRole('button', { name: '提交申请' }).click()
  await signInBySms(street, passer)
  await page.getByText('待商家回复').waitFor()
  const { negotiations } = await must(owner, 'listConsoleNegotiations', {})
  const mine = negotiations.find((one) => one.note === note)
  expect(mine).toMatchObject({ startsAt: new Date(instantOf(day, 630)).toISOString() })
  return mine?.id ?? ''
}

const offerAt = (minute: number, reason: string | null = null) => ({
  answer: 'offer' as const,
  slotId: randomUUID(),
  startsAt: new Date(instantOf(day, minute)).toISOString(),
  endsAt: new Date(instantOf(day, minute + 120)).toISOString(),
  staffId: null,
  branchId: null,
  roomId: null,
  priceFen: 9900,
  reason,
})

const see = (page: Page, text: string) => page.getByText(text).first().waitFor()

test(
  '自定义时段申请：商家另提时间，页面立即看到，预约专属时段，别人约不到',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const id = await ask(passer, '希望安排在上午')
    const body = offerAt(840, '上午老师不在，下午两点可以')
    await must(owner, 'putNegotiationAnswer', { params: { id }, body })
    await see(page, '商家提议其他时间')
    await see(page, '商家：上午老师不在，下午两点可以')
    await page.getByText('预约此时段').scrollIntoViewIfNeeded()
    await shoot(page, 'ask-countered')
    const stranger = await signIn(street.world)
    const params = { id: randomUUID() }
    const answer = await stranger.call('putOrder', {
      params,
      body: { slotId: body.slotId, party: 1 },
    })
    expect(answer).toMatchObject({ ok: false, code: 'slot_gone' })
    await page.getByText('预约此时段').click()
    await page.getByRole('button', { name: '确认预约' }).click()
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    const order = await street.world.database.db
      .selectFrom('orders')
      .select(['slot_id', 'state'])
      .where('id', '=', orderIdOf(page))
      .executeTakeFirstOrThrow()
    expect(order).toEqual({ slot_id: body.slotId, state: 'held' })
  },
  STORY_MS,
)

test(
  '自定义时段申请：被婉拒时看到原因；撤回后不再等待',
  async () => {
    const passer = await street.passer('tablet')
    const { page } = passer
    const id = await ask(passer, '只有这天有空')
    await must(owner, 'putNegotiationAnswer', {
      params: { id },
      body: { answer: 'decline', reason: '当天全员培训' },
    })
    await see(page, '商家未同意')
    await see(page, '商家：当天全员培训')
    await shoot(page, 'ask-declined')
  },
  STORY_MS,
)

test(
  '自定义时段申请：商家同意后可以不要，名额让出',
  async () => {
    const passer = await street.passer('desktop')
    const { page } = passer
    const id = await ask(passer, '全家一起来')
    await must(owner, 'putNegotiationAnswer', { params: { id }, body: offerAt(630) })
    await see(page, '商家已同意')
    await shoot(page, 'ask-approved')
    await page.goto(`${street.world.url}/pages/orders/index`)
    await see(page, '商家已同意')
    await shoot(page, 'ask-orders')
    await page.getByText('预约此时段').click()
    await see(page, '没有合适的时段？')
    // The page of orders lies below, out of sight, with the same button.
    const front = page.locator('[id^="/pages/booking/index"]')
    await front.getByRole('button', { name: '不需要' }).click()
    await see(page, '已放弃')
  },
  STORY_MS,
)
