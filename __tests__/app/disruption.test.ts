/** 紧急通知 on H5 (M9): the inbox and the order lead to the choices; another slot, or all of the money. */
import { randomUUID } from 'node:crypto'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { endDisrupted, tellDisrupted } from '../../server/disruption/follow.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signIn, signInOwner } from '../world.ts'
import { openStreet, paidLecture, type Street, shoot, shootAll } from './street.ts'
import { heard } from './toasts.ts'

jest.setTimeout(300_000)

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** The slot falls through, with these offered instead; everybody is told. */
async function fallsThrough(slot: ConsoleSlot, choices: ConsoleSlot[]) {
  const { call } = await signInOwner(street.world)
  await must(call, 'putDisruption', {
    params: { id: randomUUID() },
    body: {
      slotIds: [slot.id],
      reason: '讲师突发疾病',
      note: '已联系另一位讲师，可改到以下场次',
      choiceIds: choices.map(({ id }) => id),
      fallback: 'refund',
      deadlineAt: new Date(Date.now() + 2 * 3_600_000).toISOString(),
      coupon: { offFen: 2000, days: 30 },
    },
  })
  await tellDisrupted(street.world.parts)
  await endDisrupted(street.world.parts)
  await sendDue(street.world.parts)
}

test('时段取消：打开的订单页当场出现紧急通知；从站内消息进入，改到另一时段，不收费用', async () => {
  const passer = await street.passer()
  const { page } = passer
  const [slot, full, open] = [
    await street.slot(lecture, 9, 5, { inDays: 2 }),
    await street.slot(lecture, 11, 1, { inDays: 2 }),
    await street.slot(lecture, 15, 8, { inDays: 3 }),
  ]
  const orderId = await paidLecture(street, passer, slot)
  await page.goto(`${street.world.url}/pages/order/index?id=${orderId}`)
  await page.getByText('预约已生效，请按时参加').waitFor()
  await fallsThrough(slot, [full, open])
  // Nobody reloads: the page hears it.
  await page.getByText('查看并选择').waitFor()
  await shootAll(passer.page, 'disruption-order')

  await page.goto(`${street.world.url}/pages/inbox/index`)
  await page.getByText('紧急通知', { exact: true }).first().click()
  await page.getByText('该时段无法提供服务', { exact: true }).waitFor()
  await page.getByText(/^补偿优惠券 ¥20/).waitFor()
  await page.getByText('余 8 个名额').waitFor()
  await shootAll(passer.page, 'disruption')
  // Somebody else takes the last seat of one: it says so, and cannot be chosen.
  const other = await signIn(street.world)
  await must(other.call, 'putOrder', {
    params: { id: randomUUID() },
    body: { slotId: full.id, party: 1 },
  })
  const gone = page.getByRole('radio', { name: /11:00/ })
  await gone.getByText('已约满').waitFor()
  expect(await gone.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('radio', { name: /15:00/ }).click()
  await page.getByRole('button', { name: '改到此时段' }).click()
  await page.getByText('本次改期免费').or(page.getByText('改期费用')).first().waitFor()
  await page.getByText('商家原因变更').first().waitFor()
  await shoot(page, 'disruption-move')
  await page.getByRole('button', { name: '确认改期' }).click()
  await heard(page, '改期成功')
  await page.getByText('预约已生效，请按时参加').waitFor()
  const { slot_id } = await street.world.database.db
    .selectFrom('orders')
    .select('slot_id')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow()
  expect(slot_id).toBe(open.id)
})

test('选择全额退款：再问一次，看清退回金额，订单随即取消', async () => {
  const passer = await street.passer()
  const { page } = passer
  const slot = await street.slot(lecture, 10, 5, { inDays: 1 })
  const orderId = await paidLecture(street, passer, slot)
  await fallsThrough(slot, [])
  await page.goto(`${street.world.url}/pages/move/disruption?id=${orderId}`)
  await page.getByText('商家未指定时段，可在全部时段中任选').waitFor()
  await page.getByRole('button', { name: '取消并退款' }).click()
  await page.getByText('确定取消并退款？').waitFor()
  await shoot(page, 'disruption-refund')
  await page.getByRole('button', { name: '确定退款' }).click()
  await heard(page, '已取消，全额退款中')
  await page.getByText('商家取消，全额退款').first().waitFor()
  const { rows } = await refunds(orderId)
  expect(rows).toEqual([{ reason: 'called_off', fen: 4900 }])
})

const refunds = (orderId: string) =>
  sql`select r.reason, r.amount_fen as fen from refunds r join payments p on p.id = r.payment_id
    where p.order_id = ${orderId}`.execute(street.world.database.db)
