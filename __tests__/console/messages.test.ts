/** The desk (B10), the nudge (R10) and the report of messages (X3) in the console. */
import { randomUUID } from 'node:crypto'
import type { Order } from '@jiyue/contract/schema/wire'
import { lecture } from '../../server/demo/world.ts'
import { sendDue } from '../../server/reminder/deliver.ts'
import { newSlot } from '../races/setting.ts'
import { must, type Person, payAtCashier, registeredOrder, signIn, until } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())
afterEach(() => desk.world.sandbox.admin.clearFaults())

/** A paid lecture that begins in so many hours. */
async function paid(startsIn: number): Promise<{ person: Person; order: Order }> {
  const person = await signIn(desk.world)
  const slotId = await newSlot(desk.world.database.db, {
    serviceId: lecture,
    capacity: 5,
    startsIn,
  })
  const order = await registeredOrder(person, slotId)
  const { params } = await must(person.call, 'createPayment', {
    params: { id: order.id },
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  await payAtCashier(desk.world, params)
  await until('confirmed', async () => {
    const seen = await must(person.call, 'getOrder', { params: { id: order.id } })
    return seen.state === 'confirmed'
  })
  return { person, order }
}

const codeOf = async ({ person, order }: { person: Person; order: Order }) =>
  must(person.call, 'putCheckInCode', { params: { id: order.id } })

test('输入核销码：看清是谁、哪个时段，时间对了一键核销', async () => {
  const one = await paid(1)
  const { code } = await codeOf(one)
  const page = await desk.signedIn('/check-in', 'counter', 'desk')
  await shootBoth(page, 'check-in-empty')
  await page.getByLabel('核销码').fill('12 34')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('这不是核销码').waitFor()
  await page.getByLabel('核销码').fill(`${code.slice(0, 4)} ${code.slice(4)}`)
  await page.keyboard.press('Enter')
  await page.locator('[data-verdict=ok]').waitFor()
  await page.getByText(one.order.number).waitFor()
  await shootBoth(page, 'check-in-ok')
  await page.getByRole('button', { name: '确认核销' }).click()
  await page.locator('[data-verdict=done]').waitFor()
  await page.context().close()
})

test('走错时段：明说该订单的时段，只有有意提前才核销', async () => {
  const one = await paid(72)
  const { code } = await codeOf(one)
  const page = await desk.signedIn('/check-in')
  await page.getByLabel('核销码').fill(code)
  await page.keyboard.press('Enter')
  await page.locator('[data-verdict=early]').waitFor()
  await page.getByText('该订单的时段是').waitFor()
  await shootBoth(page, 'check-in-early')
  expect(await page.getByRole('button', { name: '确认核销' }).count()).toBe(0)
  await page.context().close()
})

test('上传二维码图片即可查到；摄像头不可用时说明原因', async () => {
  const one = await paid(1)
  const { picture } = await codeOf(one)
  const page = await desk.signedIn('/check-in')
  const buffer = Buffer.from(picture.split(',')[1] ?? '', 'base64')
  const upload = page.locator('input[type=file]')
  await upload.setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('no') })
  await page.getByText('图片里没有认出二维码').waitFor()
  await upload.setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer })
  await page.locator('[data-verdict=ok]').waitFor()
  await page.getByText(one.order.number).waitFor()
  await page.getByRole('button', { name: '摄像头扫码' }).click()
  await page
    .getByText(/摄像头/)
    .nth(1)
    .waitFor()
  await page.context().close()
})

test('摄像头对准客户的二维码：自己认出，不用按键', async () => {
  const one = await paid(1)
  const { picture } = await codeOf(one)
  const page = await desk.signedIn('/check-in', 'counter', 'desk')
  await page.evaluate(holdBeforeCamera, picture)
  await page.getByRole('button', { name: '摄像头扫码' }).click()
  await page.locator('[data-verdict=ok]').waitFor()
  await page.getByText(one.order.number).waitFor()
  await shootBoth(page, 'check-in-scanned')
  await page.getByRole('button', { name: '确认核销' }).click()
  await page.locator('[data-verdict=done]').waitFor()
  await page.context().close()
})

/**
 * In a page: what its camera sees from now on is this picture on a grey desk. Chromium without windows
 * has no camera of its own; the film is a real one, and the page plays and reads it as any other.
 */
async function holdBeforeCamera(picture: string): Promise<void> {
  const image = new Image()
  image.src = picture
  await image.decode()
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 })
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  setInterval(() => {
    context.fillStyle = '#ccc'
    context.fillRect(0, 0, 640, 480)
    context.drawImage(image, 140, 60, 360, 360)
  }, 100)
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10)
}

test('没有核销权限的账号看得到原因，查不了', async () => {
  const page = await desk.signedIn('/check-in', 'counter', 'finance')
  await page.getByText('财务账号不能核销').waitFor()
  expect(await page.getByLabel('核销码').count()).toBe(0)
  await page.context().close()
})

test('请客户补充：发出后等待，客户一补充，抽屉里当场看到前后内容', async () => {
  const { person, order } = await paid(72)
  const page = await desk.signedIn(`/orders/${order.id}`)
  await page.getByRole('button', { name: '请客户补充' }).click()
  await choose(page.getByLabel('需要补充的项目'), '姓名')
  await page.getByRole('button', { name: '发送提醒' }).click()
  await page.getByText('等待客户补充').waitFor()
  await sendDue(desk.world.parts)
  const [asked] = (await must(person.call, 'getOrder', { params: { id: order.id } })).openNudges
  const params = { id: asked?.id ?? '' }
  await must(person.call, 'putNudgeAnswer', { params, body: { value: '周小满' } })
  await page.getByText('林小满 → 周小满').waitFor()
  await page.getByRole('heading', { name: '补充记录' }).scrollIntoViewIfNeeded()
  await shootBoth(page, 'order-nudge')
  await page.getByRole('heading', { name: '消息', exact: true }).scrollIntoViewIfNeeded()
  await shootBoth(page, 'order-messages')
  await page.context().close()
})

test('消息报表：按类型、按渠道，发送与未发送及原因', async () => {
  desk.world.sandbox.admin.fault('sms.send', 'limited')
  await paid(72)
  await sendDue(desk.world.parts)
  const page = await desk.signedIn('/messages')
  const kinds = page.getByRole('region', { name: '按消息类型' })
  await kinds.getByText('预约成功').waitFor()
  await kinds.getByText('渠道拒绝发送').waitFor()
  await page.getByRole('region', { name: '按渠道' }).getByText('用户没有可用的订阅授权').waitFor()
  await shootBoth(page, 'messages')
  await page.context().close()
})
