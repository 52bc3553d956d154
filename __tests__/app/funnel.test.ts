/**
 * The funnel (M4 X6) as people make it: their taps on the phone end as the figures of the console. On
 * the same street the pages of the journey are looked through for what keeps people out (WCAG AA).
 */

import type { LookKind } from '@jiyue/contract/funnel'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { addDays, dayOf } from '@jiyue/contract/time'
import { lecture } from '../../server/demo/world.ts'
import { pathTo, tabs } from '../../src/lib/paths.ts'
import { seriousOf } from '../axe.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signInOwner, until } from '../world.ts'
import {
  answerLecture,
  book,
  bookLecture,
  openService,
  openStreet,
  orderIdOf,
  payLecture,
  type Street,
  signInBySms,
  tileOf,
} from './street.ts'

let street: Street
let slot: ConsoleSlot
beforeAll(async () => {
  street = await openStreet()
  slot = await street.slot(lecture, 11, 9)
}, BUILD_MS)
afterAll(() => street?.close())
jest.setTimeout(300_000)

/** The service's funnel of the days around now. */
async function funnel() {
  const { call } = await signInOwner(street.world)
  const today = dayOf(Date.now())
  const query = { from: addDays(today, -1), to: addDays(today, 1) }
  const { all, services } = await must(call, 'getFunnel', { query })
  return { all, one: services[0]! }
}

/** What the phone tells comes by itself, a moment after it was seen. */
const told = (kind: LookKind, fieldId?: string) =>
  until(`${kind} ${fieldId}`, async () => {
    const looks = street.world.database.db.selectFrom('looks').select('n').where('kind', '=', kind)
    return (fieldId ? looks.where('field_id', '=', fieldId) : looks).executeTakeFirst()
  })

test('三个人：看一看、填到一半离开、完成缴费，点按变成漏斗里的数字', async () => {
  const sent: string[] = []
  const looker = await street.passer()
  looker.page.on('request', (request) => {
    if (request.url().includes('/looks'))
      sent.push(`${request.headers().authorization}${request.postData()}`)
  })
  await openService(street, looker, lecture)
  await (await tileOf(looker.page, slot)).click()
  await told('slot')
  await looker.context.close()

  const leaver = await street.passer()
  await openService(street, leaver, lecture)
  await book(leaver.page, slot)
  await signInBySms(street, leaver)
  await leaver.page.getByRole('textbox', { name: '姓名' }).fill('林小满')
  await leaver.page.getByRole('textbox', { name: '手机号' }).fill(leaver.phone)
  const left = orderIdOf(leaver.page)
  await told('field', 'phone')
  await leaver.context.close()
  // Their time is over.
  await street.world.database.db
    .updateTable('orders')
    .set({ held_until: new Date(Date.now() - 1000) })
    .where('id', '=', left)
    .execute()

  const payer = await street.passer()
  await bookLecture(street, payer, slot)
  await payLecture(payer)

  await told('field', 'age')
  const { all, one } = await funnel()
  expect(all).toEqual({
    visits: 3,
    sawSlots: 3,
    choseSlot: 3,
    held: 2,
    registered: 1,
    paid: 1,
    registering: 0,
    paying: 0,
  })
  expect(one.form.steps.map(({ reached, left }) => [reached, left])).toEqual([[2, 1]])
  expect(one.form.fields.map(({ label, touched, left }) => [label, touched, left])).toEqual([
    ['姓名', 2, 0],
    ['手机号', 2, 1],
    ['身份证号', 1, 0],
    [expect.any(String), 1, 0],
  ])
  // Nobody's name, number or token went along.
  expect(sent.length).toBeGreaterThan(0)
  for (const text of sent) expect(text).toMatch(/^undefined\{"looks":/)
})

test('旅程的每一页：没有严重的无障碍问题', async () => {
  const passer = await street.passer()
  const { page } = passer
  const found: [string, string[]][] = []
  const check = async (name: string) => {
    const serious = await seriousOf(page)
    if (serious.length > 0) found.push([name, serious])
  }
  await page.goto(street.world.url)
  await page.getByText('亲子沟通讲座').first().waitFor()
  await check('home')
  await openService(street, passer, lecture)
  await (await tileOf(page, slot)).click()
  await check('booking')
  await page.getByText('立即预约', { exact: true }).click()
  await page.getByRole('button', { name: '确认预约' }).waitFor()
  await check('confirm sheet')
  await page.getByRole('button', { name: '确认预约' }).click()
  await page.getByRole('textbox', { name: '手机号' }).waitFor()
  await check('sign-in sheet')
  await signInBySms(street, passer)
  await page.getByRole('textbox', { name: '姓名' }).waitFor()
  await page.getByRole('button', { name: '提交报名' }).click()
  await page.getByRole('textbox', { name: '姓名' }).waitFor()
  await check('registration, with what is missing')
  await answerLecture(passer)
  await page.getByRole('button', { name: '提交报名' }).click()
  await page.getByText('价格已锁定').waitFor()
  await check('payment')
  const orderId = orderIdOf(page)
  for (const [name, at, sees] of [
    ['orders', tabs.orders, '亲子沟通讲座'],
    ['order', pathTo.order(orderId), '去缴费'],
    ['mine', tabs.me, '常用信息'],
  ] as const) {
    await page.goto(street.world.url + at)
    await page.getByText(sees, { exact: false }).last().waitFor()
    await check(name)
  }
  expect(found).toEqual([])
})
