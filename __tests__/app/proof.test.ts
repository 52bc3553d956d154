/** 已付款但未确认 (P10): after all automatic ways, a picture; reviewed, refused, sent again, approved. */
import { randomUUID } from 'node:crypto'
import type { Input } from '@jiyue/contract/schema/wire'
import { sql } from 'kysely'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signInOwner } from '../world.ts'
import {
  lectureToPay,
  openStreet,
  orderIdOf,
  type Passer,
  type Size,
  type Street,
  shoot,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** A screenshot as large phones take them, of a payment nobody recognised. */
async function screenshot(text: string): Promise<Buffer> {
  const { page } = await street.passer('desktop')
  await page.setViewportSize({ width: 1440, height: 3120 })
  const blocks = Array.from({ length: 40 }, (_, at) => {
    const place = `left:${(at * 197) % 1300}px;top:${1200 + ((at * 331) % 1700)}px`
    return `<i style="position:absolute;width:120px;height:60px;${place};background:hsl(${at * 47} 60% 60%)"></i>`
  })
  await page.setContent(`<h1 style="font-size:120px">${text}</h1><h2>${randomUUID()}</h2>${blocks}`)
  const picture = await page.screenshot()
  await page.close()
  return picture
}

/** An open payment that is older than the time the automatic ways have. */
async function unrecognised(hour: number, size: Size = 'phone') {
  const passer = await street.passer(size === 'desktop' ? 'tablet' : size)
  const { page } = passer
  if (size === 'desktop') await page.setViewportSize({ width: 1280, height: 800 })
  await lectureToPay(street, passer, await street.slot(lecture, hour, 9))
  const orderId = orderIdOf(page)
  await page.getByRole('radio', { name: /^支付宝/ }).click()
  await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
  await page.waitForURL(/gateway\.do/)
  await sql`update payments set created_at = created_at - interval '11 minutes' where order_id = ${orderId}`.execute(
    street.world.database.db,
  )
  return { passer, page, orderId }
}

const openOrder = async ({ page }: Passer, orderId: string) => {
  await page.goto(`${street.world.url}/pages/order/index?id=${orderId}`)
  await page.getByText('订单号').first().waitFor()
}

async function choose({ page }: Passer, name: string, buffer: Buffer, mimeType = 'image/png') {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: /选择截图|更换截图/ }).click(),
  ])
  await chooser.setFiles({ name, mimeType, buffer })
}

const proofsOf = (orderId: string) =>
  street.world.database.db
    .selectFrom('proofs')
    .innerJoin('pictures', 'pictures.id', 'proofs.picture_id')
    .select(['proofs.id', 'paid_fen', 'transaction_id', 'proofs.state', 'width', 'height'])
    .where('order_id', '=', orderId)
    .execute()

async function decide(id: string, body: Input<'putDecision'>['body']) {
  const { call } = await signInOwner(street.world)
  await must(call, 'putDecision', { params: { id }, body })
}

test(
  '十分钟内只等系统核实，之后订单页和缴费页才出现上传凭证',
  async () => {
    const { passer, page, orderId } = await unrecognised(6)
    await openOrder(passer, orderId)
    await page.getByText('已付款但未确认？').waitFor()
    await shoot(page, 'order-proof-offer')
    await page.goto(`${street.world.url}/pages/payment/index?id=${orderId}`)
    await page.getByText('已付款但未确认？').waitFor()
    await sql`update payments set created_at = created_at + interval '11 minutes' where order_id = ${orderId}`.execute(
      street.world.database.db,
    )
    await openOrder(passer, orderId)
    await page.waitForTimeout(500)
    await expect(page.getByText('已付款但未确认？').count()).resolves.toBe(0)
  },
  STORY_MS,
)

test.each(['phone', 'tablet', 'desktop'] as const)(
  '上传截图：金额已填好，提交后显示审核中；未通过有原因可重传；通过后预约成立 (%s)',
  async (size) => {
    const hour = { phone: 7, tablet: 8, desktop: 9 }[size]
    const { passer, page, orderId } = await unrecognised(hour, size)
    await openOrder(passer, orderId)
    await page.getByRole('button', { name: '上传支付凭证' }).click()
    await page.getByText('请上传支付账单详情的截图').waitFor()
    await expect(page.getByLabel('实付金额').inputValue()).resolves.toBe('49.00')
    await page.getByRole('button', { name: '提交凭证' }).click()
    await page.getByText('请先选择支付账单的截图').waitFor()
    await shoot(page, 'proof-empty')
    await choose(passer, 'bill.png', await screenshot('支付成功 49.00'))
    await page.getByText('更换截图').waitFor()
    await page.getByRole('textbox', { name: '交易单号' }).fill('4200 0020 2611 2300')
    await shoot(page, 'proof-filled')
    const sent: number[] = []
    page.on('request', (request) => {
      if (request.url().includes('/v1/pictures/')) sent.push(request.postData()?.length ?? 0)
    })
    await page.getByRole('button', { name: '提交凭证' }).click()
    await page.getByText('审核中').waitFor()
    await heard(page, '凭证已提交，商家核对后会通知您')
    await shoot(page, 'order-proof-submitted')
    const [first] = await proofsOf(orderId)
    expect(first).toMatchObject({
      paid_fen: 4900,
      transaction_id: '4200002026112300',
      state: 'submitted',
    })
    // Made smaller on the way, and still readable.
    expect(first?.width).toBeGreaterThan(600)
    expect(sent[0]).toBeLessThan(700_000)

    await decide(first!.id, { decision: 'reject', reason: '截图中看不到交易单号，请补充' })
    await page.getByText('未通过').waitFor()
    await page.getByText('原因：截图中看不到交易单号，请补充').waitFor()
    await shoot(page, 'order-proof-rejected')
    await page.getByRole('button', { name: '重新上传支付凭证' }).click()
    await choose(passer, 'bill.png', await screenshot('支付成功 49.00 第二张'))
    await page.getByText('更换截图').waitFor()
    await page.getByRole('button', { name: '提交凭证' }).click()
    await page.getByText('审核中').waitFor()
    const second = (await proofsOf(orderId)).find((one) => one.state === 'submitted')
    const approval = {
      decision: 'approve',
      paidFen: 4900,
      transactionId: null,
      reason: '',
    } as const
    await decide(second!.id, approval)
    await page.getByText('已通过').waitFor()
    await page.getByText('已预约').first().waitFor()
    await shoot(page, 'order-proof-approved')
  },
  STORY_MS,
)

test(
  '不是图片、太大的文件：就地说明；弱网时进度清楚，重试不会重复提交',
  async () => {
    const { passer, page, orderId } = await unrecognised(10)
    await openOrder(passer, orderId)
    await page.getByRole('button', { name: '上传支付凭证' }).click()
    await choose(passer, 'bill.png', Buffer.from('not a picture'))
    await page.getByText('请上传 JPG、PNG 或 WebP 图片，不超过 5 MB').waitFor()
    await choose(passer, 'bill.png', await screenshot('支付成功 49.00'))
    await page.getByText('更换截图').waitFor()
    await expect(page.getByText('请上传 JPG').count()).resolves.toBe(0)
    const asked: string[] = []
    let lost = 1
    await passer.context.route(/\/v1\/(pictures|proofs)\/[^/]+$/, async (route) => {
      asked.push(new URL(route.request().url()).pathname)
      if (lost-- <= 0) return route.continue()
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: '提交凭证' }).click()
    await page.getByText('正在上传图片…').waitFor()
    await shoot(page, 'proof-uploading')
    await page.getByText('审核中').waitFor()
    const pictures = asked.filter((path) => path.includes('/pictures/'))
    expect([pictures.length, new Set(pictures).size]).toEqual([2, 1])
    expect(await proofsOf(orderId)).toHaveLength(1)
  },
  STORY_MS,
)

test(
  '填凭证的时候钱到了：直接到成功页，不用再上传',
  async () => {
    const { passer, page, orderId } = await unrecognised(11)
    const gateway = page.url()
    await openOrder(passer, orderId)
    await page.getByRole('button', { name: '上传支付凭证' }).click()
    await page.getByText('请上传支付账单详情的截图').waitFor()
    const other = await passer.context.newPage()
    await other.goto(gateway)
    await other.getByText('确认支付').click()
    await page.getByText('缴费成功').first().waitFor()
    expect(await proofsOf(orderId)).toEqual([])
  },
  STORY_MS,
)
