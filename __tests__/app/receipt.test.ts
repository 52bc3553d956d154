/** 支付凭证 and 退款进度 (P9 P11): downloaded, verified by anyone, and told how the money goes back. */
import { readFile } from 'node:fs/promises'
import { spacedCode } from '@jiyue/contract/receipt'
import { lecture } from '../../server/demo/world.ts'
import { refundDue } from '../../server/sweep/sweep.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { must, signInOwner } from '../world.ts'
import { openStreet, type Passer, paidLecture, type Size, type Street, shoot } from './street.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** Somebody on the success page of a paid order. */
async function paidPasser(hour: number, size: Size = 'phone') {
  const passer = await street.passer(size === 'desktop' ? 'tablet' : size)
  if (size === 'desktop') await passer.page.setViewportSize({ width: 1280, height: 800 })
  const slot = await street.slot(lecture, hour, 9, { inDays: 3 })
  return { passer, page: passer.page, orderId: await paidLecture(street, passer, slot) }
}

async function download({ page }: Passer): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载支付凭证' }).click(),
  ])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

const receiptOf = (orderId: string) =>
  street.world.database.db
    .selectFrom('receipts')
    .select('code')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow()

test.each(['phone', 'tablet', 'desktop'] as const)(
  '成功页下载凭证，订单页再下载是同一张；扫码页核对真伪 (%s)',
  async (size) => {
    const hour = { phone: 6, tablet: 7, desktop: 8 }[size]
    const { passer, page, orderId } = await paidPasser(hour, size)
    await shoot(page, 'success-receipt')
    const first = await download(passer)
    expect(first.name).toMatch(/^支付凭证-JY\d+\.pdf$/)
    expect(first.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    const { code } = await receiptOf(orderId)
    await page.getByRole('button', { name: '查看订单' }).click()
    await page.getByText('订单号').first().waitFor()
    expect((await download(passer)).name).toBe(first.name)
    expect((await receiptOf(orderId)).code).toBe(code)

    // Whoever scans the code needs no account.
    const stranger = await street.passer(size)
    await stranger.page.goto(`${street.world.url}/pages/receipt/index?code=${code}`)
    await stranger.page.getByText('凭证有效').waitFor()
    await stranger.page.getByText('由本商家出具，未发生退款').waitFor()
    for (const words of ['上海禾悦生活服务有限公司', '亲子沟通讲座', spacedCode(code)])
      await stranger.page.getByText(words, { exact: true }).first().waitFor()
    expect(await stranger.page.content()).not.toContain('林小满')
    await shoot(stranger.page, 'receipt-valid')
    await passer.context.close()
  },
  STORY_MS,
)

test(
  '手动输入验证码：大小写空格都可以；输错、查不到说清楚；出具后退款看得到',
  async () => {
    const { passer, page, orderId } = await paidPasser(9)
    await download(passer)
    const { code } = await receiptOf(orderId)
    const { call } = await signInOwner(street.world)
    await must(call, 'putRefund', {
      params: { id: crypto.randomUUID() },
      body: { orderId, amountFen: 1900, note: '协商退款' },
    })
    await page.goto(`${street.world.url}/pages/me/index`)
    await page.getByText('验证支付凭证').click()
    const field = page.getByRole('textbox', { name: '凭证验证码' })
    await field.fill('7K2M')
    await page.getByRole('button', { name: '验证', exact: true }).click()
    await page.getByText('验证码为 16 位字母和数字').waitFor()
    await field.fill('0000 0000 0000 0000')
    await page.getByRole('button', { name: '验证', exact: true }).click()
    await page.getByText('未查询到该凭证').waitFor()
    await shoot(page, 'receipt-invalid')
    await field.fill(spacedCode(code).toLowerCase())
    await page.getByRole('button', { name: '验证', exact: true }).click()
    await page.getByText('出具后已退款 ¥19').waitFor()
    await shoot(page, 'receipt-refunded')
  },
  STORY_MS,
)

test(
  '取消预约后的退款：金额、原因、状态和下一步都在，到账后变成已退款',
  async () => {
    const { page } = await paidPasser(10)
    await page.getByRole('button', { name: '查看订单' }).click()
    await page.getByRole('button', { name: '取消预约', exact: true }).click()
    await page.getByRole('button', { name: '确定取消' }).click()
    await page.getByText('退款进度').waitFor()
    await page.getByText('取消预约退款').last().waitFor()
    await page.getByText('已提交退款，预计 3 个工作日内原路退回').waitFor()
    await shoot(page, 'order-refunding')
    await refundDue(street.world.parts)
    await page.getByText('已原路退回，请在支付账单中查看').waitFor()
    await page.getByText('已退款').first().waitFor()
    await shoot(page, 'order-refunded')
  },
  STORY_MS,
)
