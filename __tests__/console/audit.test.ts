import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { lecture } from '../../server/demo/world.ts'
import { watchArchives } from '../../server/report/archive.ts'
import { newSlot } from '../races/setting.ts'
import { allChanged, wholeRound } from '../server/auditing.ts'
import { booked } from '../server/moving.ts'
import { must, signIn } from '../world.ts'
import { type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

/** A desk on a healthy day; then a counter drifts, and a payment comes from nowhere. */
let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

const db = () => desk.world.database.db
const rowOf = (page: Page, text: string) => page.locator('[data-finding]').filter({ hasText: text })
const banner = (page: Page) => page.locator('.audit-banner')

test('核对无误时写明时间，没有横幅，清单说明无需操作', async () => {
  await booked(desk.world, { party: 2 })
  for (const name of ['slots', 'orders', 'history'] as const)
    await wholeRound(desk.world.parts, name)
  const page = await desk.signedIn('/audit/findings')
  await page.locator('.audit-good').getByText('核对无误').waitFor()
  await page.getByText('名额、款项与状态都一致，无需操作').waitFor()
  expect(await page.locator('.audit-good .quiet').innerText()).toMatch(/\d+月\d+日 \d+:\d+:\d+/)
  expect(await banner(page).count()).toBe(0)
  await shootBoth(page, 'audit-good')
  await page.context().close()
})

test('名额漂移：每一页都出现红色横幅；在核对页看到差在哪里，重算并恢复售卖', async () => {
  const slot = await newSlot(db(), { serviceId: lecture, capacity: 9 })
  const { call } = await signIn(desk.world)
  const hold = () =>
    call('putOrder', { params: { id: randomUUID() }, body: { slotId: slot, party: 2 } })
  expect((await hold()).ok).toBe(true)
  const page = await desk.signedIn('/today')
  await sql`update slots set taken = taken + 3 where id = ${slot}`.execute(db())
  const { order } = await booked(desk.world)
  const id = randomUUID()
  await sql`insert into payments (id, order_id, method, scene, client_ip, trade_no, amount_fen, state,
      expires_at, paid_fen, paid_at, created_at)
    values (${id}, ${order.id}, 'wechat', 'weapp', '::1', ${id}, 990, 'succeeded', now(), 990, now(), now())`.execute(
    db(),
  )
  await wholeRound(desk.world.parts, 'slots')
  await allChanged(desk.world.parts)
  // Live: nobody reloads.
  await banner(page).getByText('核对发现 3 项异常，1 个时段已停售').waitFor()
  await shootBoth(page, 'audit-banner')
  await banner(page).getByRole('link', { name: '查看并处理' }).click()
  const row = rowOf(page, '名额计数与订单不符')
  await row.getByText('2 个名额', { exact: true }).waitFor()
  await row.getByText('5 个名额', { exact: true }).waitFor()
  await row.getByText('已停售', { exact: true }).waitFor()
  await rowOf(page, '支付已成功，却没有收款凭据').getByText('¥9.9', { exact: false }).waitFor()
  await shootBoth(page, 'audit-findings')
  const sell = row.getByRole('button', { name: '恢复售卖' })
  expect(await sell.isDisabled()).toBe(true)
  expect(await sell.getAttribute('aria-description')).toBe('名额一致后才能恢复售卖')
  await row.getByRole('button', { name: '标记已知悉' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('处理说明').fill('正在核对当天订单')
  await form.getByRole('button', { name: '保存' }).click()
  await row.getByText('正在核对当天订单').waitFor()
  await banner(page).getByText('核对发现 2 项异常').waitFor()
  expect(await hold()).toMatchObject({ ok: false, code: 'slot_checking' })
  await row.getByRole('button', { name: '按订单重算' }).click()
  await page.getByRole('button', { name: '重算', exact: true }).click()
  await row.getByText('已一致').waitFor()
  await sell.click()
  await row.waitFor({ state: 'detached' })
  expect((await must(desk.owner, 'getAudit', {})).stoppedSlots).toBe(0)
  expect((await hold()).ok).toBe(true)
  // A finding about money leads to its order.
  await rowOf(page, '支付已成功，却没有收款凭据').getByRole('link', { name: order.number }).click()
  await page.locator('.ant-drawer-body').getByText('款项凭据').waitFor()
  await shootBoth(page, 'audit-order')
  await page.keyboard.press('Escape')
  await page.waitForURL('**/audit/findings')
  await page.context().close()
})

test('备份没有跟上：每一页都写明自何时起、为什么、意味着什么；恢复后消失', async () => {
  const page = await desk.signedIn('/today')
  const archive = page.locator('.archive-banner')
  await sql`insert into archives (name, state, reason, since, heard_at)
    values ('log', 'away', '备份磁盘已满，无法写入 /mnt/backup。', now(), now())`.execute(db())
  await watchArchives(desk.world.parts)
  await archive.getByText('备份位置没有响应', { exact: false }).waitFor()
  await archive.getByText('新数据暂时只在一块硬盘上', { exact: false }).waitFor()
  await archive.getByText('备份磁盘已满，无法写入 /mnt/backup。').waitFor()
  await shootBoth(page, 'archive-away')
  await sql`update archives set state = 'following', reason = null`.execute(db())
  await watchArchives(desk.world.parts)
  await archive.waitFor({ state: 'detached' })
  await page.context().close()
})

test('前台看得到异常，按钮灰着并写明由谁操作', async () => {
  const page = await desk.signedIn('/audit/findings', 'tablet', 'desk')
  const note = rowOf(page, '支付已成功，却没有收款凭据').getByRole('button', { name: '标记已知悉' })
  await note.waitFor()
  expect(await note.isDisabled()).toBe(true)
  expect(await note.getAttribute('aria-description')).toContain('前台账号不能处理核对异常')
  await page.context().close()
})
