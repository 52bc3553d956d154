import { randomUUID } from 'node:crypto'
import { lecture } from '../../server/demo/world.ts'
import { must, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { bookable, type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

test('经营：没有订单时说明原因；有订单后看到高峰时段、支付方式与服务效果，网址即视图', async () => {
  const page = await desk.signedIn('/insight')
  await page.getByText('这段时间还没有付款成功的订单，换一个时间范围看看').waitFor()
  await shootBoth(page, 'insight-empty')

  const slot = (await bookable(desk.world, lecture))[0]!
  const person = await signIn(desk.world)
  const order = await registeredOrder(person, slot.id)
  const params = { id: order.id }
  const body = { id: randomUUID(), method: 'wechat', scene: 'weapp' } as const
  const payment = await must(person.call, 'createPayment', { params, body })
  await payAtCashier(desk.world, payment.params)
  await until('it is confirmed', async () => {
    return (await must(person.call, 'getOrder', { params })).state === 'confirmed'
  })

  const day = slot.startsAt.slice(0, 10)
  await page.goto(`${page.url().split('?')[0]}?from=${day}&to=${day.slice(0, 4)}-12-31`)
  await page.getByRole('heading', { name: '高峰时段' }).waitFor()
  await page.getByText('1 笔 · 100%').waitFor()
  await page.getByRole('heading', { name: '服务效果' }).waitFor()
  await page.getByRole('cell', { name: '亲子沟通讲座' }).waitFor()
  await shootBoth(page, 'insight')
  await page.context().close()
})
