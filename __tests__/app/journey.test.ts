/** 预约 → 报名 → 缴费 as a person does it, on a phone and on a PC. */
import { create } from 'qrcode'
import { cleaning, lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import {
  answerLecture,
  book,
  openService,
  openStreet,
  orderIdOf,
  type Passer,
  payAtPage,
  registerLecture,
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

test(
  '手机：从首页到缴费成功，凭证上有金额、时间、交易单号、收款方',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 7, 20)
    await page.goto(street.world.url)
    await page.getByText('亲子沟通讲座').waitFor()
    await shoot(page, 'home')
    await page.getByText('亲子沟通讲座').click()
    await page.locator('.slots__tile').first().waitFor()
    await shoot(page, 'booking')
    await book(page, slot)
    await page.getByText('手机号登录').waitFor()
    await signInBySms(street, passer)
    await page
      .getByText('预约时段已锁定，15 分钟内完成报名即可保留，报名后有 30 分钟缴费时间')
      .waitFor()
    await answerLecture(passer)
    await shoot(page, 'registration')
    await page.getByRole('button', { name: '提交报名' }).click()
    await page.getByText('价格已锁定').waitFor()
    await page.getByText('新人立减', { exact: true }).waitFor()
    await shoot(page, 'payment')
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await payAtPage(passer)
    await page.getByText('缴费成功').first().waitFor()
    for (const label of ['支付时间', '交易单号', '收款方', '订单号']) {
      await page.getByText(label, { exact: true }).waitFor()
    }
    await page.getByText('上海禾悦生活服务有限公司').waitFor()
    await shoot(page, 'success')
  },
  STORY_MS,
)

test(
  '老用户：从打开到支付六次点击，不用打一个字',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const first = await street.slot(cleaning, 6, 1)
    // The first visit types everything; the address brings its district itself.
    await openService(street, passer, cleaning)
    await book(page, first)
    await signInBySms(street, passer)
    await page.getByRole('textbox', { name: '联系人' }).fill('王晓')
    await page.getByRole('textbox', { name: '手机号' }).fill(`+86 ${passer.phone}`)
    await page.getByRole('textbox', { name: '服务地址' }).fill('徐汇区漕溪北路 88 号 1201')
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('radio', { name: '60–120 ㎡' }).click()
    await page.getByRole('button', { name: '提交报名' }).click()
    await page.getByText('价格已锁定').waitFor()

    await page.goto(street.world.url)
    let taps = 0
    const tap = async (name: string | RegExp, scope: 'button' | 'radio' | 'link' = 'button') => {
      taps += 1
      await page.getByRole(scope, { name }).first().click()
    }
    taps += 1
    await page.locator('.service', { hasText: '家庭保洁' }).click()
    await page.locator('.slots__tile--green').first().waitFor()
    taps += 1
    await page.locator('.slots__tile--green').first().click()
    await tap('立即预约')
    await tap('确认预约')
    await tap('提交报名')
    await page.getByText('价格已锁定').waitFor()
    await tap(/^微信支付 ¥/)
    await page.waitForURL(/\/(cashier|gateway\.do)/)
    expect(taps).toBe(6)
  },
  STORY_MS,
)

test(
  '电脑：左右两栏，微信扫码付款后页面自己跳到成功',
  async () => {
    const passer = await street.passer('desktop')
    const { page } = passer
    const slot = await street.slot(lecture, 8, 20)
    await openService(street, passer, lecture)
    await shoot(page, 'booking')
    await book(page, slot)
    await signInBySms(street, passer)
    await page.getByRole('textbox', { name: '姓名' }).waitFor()
    await answerLecture(passer)
    await shoot(page, 'registration')
    await page.getByRole('button', { name: '提交报名' }).click()
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await page.getByRole('img', { name: '支付二维码' }).waitFor()
    await shoot(page, 'scan')
    const codeUrl = await drawnCode(passer)
    const wallet = await street.passer()
    const { sandbox } = street.world
    await wallet.page.goto(`${sandbox.url}/cashier/wechat/native/${codeUrl.split('pr=')[1]}`)
    await wallet.page.getByText('确认支付').first().click()
    await page.getByText('缴费成功').first().waitFor()
    await shoot(page, 'success')
  },
  STORY_MS,
)

test(
  '支付被取消：回到缴费页，名额仍在，换支付宝再付成功',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    const slot = await street.slot(lecture, 9, 20)
    await openService(street, passer, lecture)
    await book(page, slot)
    await registerLecture(street, passer)
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await payAtPage(passer, '取消')
    // The page does not believe in a cancelled payment either: it asks, and lets the person say.
    await page.getByText('正在确认支付结果').waitFor()
    await shoot(page, 'waiting')
    await page.getByText('尚未支付，重新选择').click()
    await page.getByRole('radio', { name: /^支付宝/ }).click()
    await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
    await payAtPage(passer)
    await page.getByText('缴费成功').first().waitFor()
    expect(orderIdOf(page)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  },
  STORY_MS,
)

/** What the drawn code says: the server's own, drawn module by module. */
async function drawnCode({ page }: Passer): Promise<string> {
  const { rows } = await street.world.database.pool.query(
    'select params from payments where order_id = $1',
    [orderIdOf(page)],
  )
  const { codeUrl } = rows[0].params
  const drawing = await page.getByRole('img', { name: '支付二维码' }).getAttribute('src')
  const path = /<path d="([^"]*)"/.exec(decodeURIComponent(drawing ?? ''))?.[1] ?? ''
  const dark = new Set(path.match(/M\d+ \d+/g))
  const { modules } = create(codeUrl, { errorCorrectionLevel: 'M' })
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      expect(dark.has(`M${x} ${y}`)).toBe(modules.get(y, x) === 1)
    }
  }
  return codeUrl
}
