/** The queue at a peak, as people see it (T5, X8). */
import { randomUUID } from 'node:crypto'
import { minuteMs } from '@jiyue/contract/time'
import { sql } from 'kysely'
import { hold } from '../../server/booking/booking.ts'
import { lecture } from '../../server/demo/world.ts'
import { usualLimits } from '../../server/queue/admit.ts'
import { admitDue, openQueue } from '../../server/queue/queue.ts'
import { tellDue } from '../../server/queue/reminder.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { type Person, signIn } from '../world.ts'
import {
  book,
  openService,
  openStreet,
  orderIdOf,
  type Street,
  shoot,
  signInBySms,
} from './street.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())
beforeEach(() => {
  street.world.parts.queue = openQueue(undefined, street.world.limits)
})
afterEach(() => {
  Object.assign(street.world.limits, usualLimits)
})

/** From now on so many go in at once. */
function letIn(most: number): Promise<number> {
  Object.assign(street.world.limits, { least: most, most })
  return admitDue(street.world.parts)
}

/** Somebody else taps for a seat. */
async function taps(slotId: string): Promise<Person> {
  const person = await signIn(street.world)
  await person.call('putOrder', { params: { id: randomUUID() }, body: { slotId, party: 1 } })
  return person
}

test(
  '高峰排队：看到前方人数，刷新不丢位置，轮到时自动锁定名额',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 9, 20)
    await openService(street, passer, lecture)
    await letIn(0)
    const [first, second] = [await taps(slot.id), await taps(slot.id)]
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByText('您当前排队中，前方还有 2 人').waitFor()
    await page.getByText('正在估算等待时间').waitFor()
    await shoot(page, 'queue')
    await page.reload()
    await page.getByText('您当前排队中，前方还有 2 人').waitFor()
    // Nobody asks: the news of who went in moves the number.
    expect(await letIn(1)).toBe(1)
    await page.getByText('您当前排队中，前方还有 1 人').waitFor()
    await first.call('putOrder', {
      params: { id: randomUUID() },
      body: { slotId: slot.id, party: 1 },
    })
    expect(await letIn(1)).toBe(1)
    await page.getByText('您当前排队中，前方还有 0 人').waitFor()
    await second.call('putOrder', {
      params: { id: randomUUID() },
      body: { slotId: slot.id, party: 1 },
    })
    expect(await letIn(1)).toBe(1)
    await page.getByText('名额已为您保留').waitFor()
    const { rows } = await sql<{ id: string }>`
      select id from orders where slot_id = ${slot.id}`.execute(street.world.database.db)
    expect(rows).toHaveLength(3)
    expect(rows.map(({ id }) => id)).toContain(orderIdOf(page))
  },
  STORY_MS,
)

test(
  '离开排队：位置让出，页面回到可预约',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 10, 20)
    await openService(street, passer, lecture)
    await letIn(0)
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByText('您当前排队中，前方还有 0 人').waitFor()
    await page.getByRole('button', { name: '关闭' }).click()
    await page.getByText('前方还有 0 人').waitFor()
    await shoot(page, 'queue-bar')
    await page.getByRole('button', { name: '查看排队' }).click()
    await page.getByRole('button', { name: '离开排队' }).click()
    await page.getByRole('button', { name: '立即预约' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: '立即预约' }).waitFor()
    expect((await street.world.parts.queue.keeper.count(lecture)).waiting).toBe(0)
  },
  STORY_MS,
)

test(
  '排队时约满：立刻告知并给出其他时段，换时段不用重新排队',
  async () => {
    const passer = await street.passer('tablet')
    const { page } = passer
    const slot = await street.slot(lecture, 11, 1)
    const other = await street.slot(lecture, 13, 6)
    await openService(street, passer, lecture)
    await letIn(0)
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByText('您当前排队中，前方还有 0 人').waitFor()
    await shoot(page, 'queue')
    const { db, bus } = street.world.parts
    const faster = await signIn(street.world)
    await hold(db, bus, [{ order: randomUUID(), user: faster.userId, slot: slot.id, party: 1 }])
    await page.getByText('换一个时段不用重新排队').waitFor()
    await shoot(page, 'queue-sold-out')
    await page.locator('.queue__slot', { hasText: '13:00' }).click()
    await page.getByText('等候时段').waitFor()
    expect(await letIn(1)).toBe(1)
    await page.getByText('名额已为您保留').waitFor()
    const { rows } = await sql`
      select id from orders where slot_id = ${other.id}`.execute(street.world.database.db)
    expect(rows).toEqual([{ id: orderIdOf(page) }])
  },
  STORY_MS,
)

test(
  '人数过多：说明情况，登记预约提醒后，平静下来收到一条短信',
  async () => {
    const passer = await street.passer('desktop')
    const { page, phone } = passer
    const { world } = street
    const slot = await street.slot(lecture, 14, 20)
    await sql`insert into rules values ('queueMost', 1)`.execute(world.database.db)
    try {
      await openService(street, passer, lecture)
      await letIn(0)
      const waiting = await taps(slot.id)
      await book(page, slot)
      await signInBySms(street, passer)
      await page.getByText('当前参与人数过多，请稍后再试').waitFor()
      await shoot(page, 'queue-full')
      await page.getByRole('button', { name: '预约提醒' }).click()
      await page.getByText('已登记，可以预约时短信通知您').waitFor()
      await shoot(page, 'queue-reminder')
      await page.getByRole('button', { name: '知道了' }).click()
      await page.getByRole('button', { name: '立即预约' }).waitFor()
      const told = () =>
        world.sandbox.admin.outbox(phone).filter((one) => JSON.stringify(one).includes('可以预约'))
      await tellDue(world.parts)
      expect(told()).toEqual([])
      await waiting.call('deleteQueue', { params: { id: lecture } })
      world.clock.aheadMs += 5 * minuteMs
      await tellDue(world.parts)
      await tellDue(world.parts)
      expect(told()).toHaveLength(1)
    } finally {
      await sql`delete from rules where key = 'queueMost'`.execute(world.database.db)
    }
  },
  STORY_MS,
)
