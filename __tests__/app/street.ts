/**
 * People with phones and computers: the compiled H5 in Chromium, served by the real server with the
 * real sandbox beside it. `openStreet()` in beforeAll, `street.close()` in afterAll; closing fails
 * on any fault that a page reported meanwhile.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Call } from '@jiyue/contract/client'
import type { ConsoleSlot } from '@jiyue/contract/schema/wire'
import { addDays, dayOf, instantOf, wallClock } from '@jiyue/contract/time'
import type { BrowserContext, Page } from 'playwright-core'
import { openChromium, PATIENCE_MS } from '../hosts/browser.ts'
import { builtFront } from '../hosts/build.ts'
import {
  caller,
  lectureAnswers,
  must,
  openWorld,
  signInOwner,
  someIdCard,
  until,
  type World,
} from '../world.ts'
import { keepToasts } from './toasts.ts'

/** Three sizes of T7: a small phone, a tablet, a PC. */
export const sizes = {
  phone: { width: 375, height: 812 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 800 },
}
export type Size = keyof typeof sizes

const phoneAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1'

/** WeChat's own browser. */
const wechatAgent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN'

/** A person with a browser of their own. */
export interface Passer {
  context: BrowserContext
  page: Page
  phone: string
}

export interface Street {
  world: World
  /** `wechat`: they opened a link in WeChat. */
  passer(size?: Size, host?: 'browser' | 'wechat'): Promise<Passer>
  /** A slot of the merchant's that no other test uses, tomorrow at this hour. */
  slot(
    serviceId: string,
    hour: number,
    capacity: number,
    more?: { priceFen?: number; inDays?: number },
  ): Promise<ConsoleSlot>
  close(): Promise<void>
}

export async function openStreet(): Promise<Street> {
  const world = await openWorld({ h5Dir: await builtFront('h5') })
  const { call: owner } = await signInOwner(world)
  const browser = await openChromium()
  const faults: string[] = []
  let people = 0

  async function passer(size: Size = 'phone', host = 'browser'): Promise<Passer> {
    const userAgent = host === 'wechat' ? wechatAgent : phoneAgent
    const context = await browser.newContext({
      viewport: sizes[size],
      locale: 'zh-CN',
      // Far from the merchant: what is shown must not depend on where the person is.
      timezoneId: 'America/New_York',
      ...(size === 'desktop' ? {} : { userAgent, hasTouch: true, isMobile: true }),
    })
    context.setDefaultTimeout(PATIENCE_MS)
    await keepToasts(context)
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    people += 1
    return { context, page, phone: `137${String(10_000_000 + people).slice(-8)}` }
  }

  async function slot(
    serviceId: string,
    hour: number,
    capacity: number,
    { priceFen, inDays = 1 }: { priceFen?: number; inDays?: number } = {},
  ) {
    const startsAt = instantOf(addDays(dayOf(Date.now()), inDays), hour * 60)
    return must(owner, 'putSlot', {
      params: { id: randomUUID() },
      body: {
        serviceId,
        startsAt: new Date(startsAt).toISOString(),
        endsAt: new Date(startsAt + 3_600_000).toISOString(),
        capacity,
        staffId: null,
        branchId: null,
        ...(priceFen !== undefined && { priceFen }),
      },
    })
  }

  return {
    world,
    passer,
    slot,
    async close() {
      await browser.close()
      await world.close()
      expect(faults).toEqual([])
    },
  }
}

/** Opens a service and waits until its slots can be seen. */
export async function openService(street: Street, { page }: Passer, serviceId: string) {
  await page.goto(`${street.world.url}/pages/booking/index?id=${serviceId}`)
  await page.locator('.slots__tile').first().waitFor()
}

/** The tile of a slot, on its day's page. */
export async function tileOf(page: Page, slot: ConsoleSlot) {
  const { month, date } = wallClock(slot.startsAt)
  if (dayOf(slot.startsAt) === addDays(dayOf(Date.now()), 1)) {
    await page.getByText('明日', { exact: true }).click()
  } else {
    await page.getByText('未来 7 天', { exact: true }).click()
    await page.getByRole('radio', { name: `${month}月${date}日` }).click()
  }
  const hour = new Date(Date.parse(slot.startsAt) + 8 * 3_600_000).toISOString().slice(11, 16)
  return page.locator('.slots__tile', { hasText: `${hour}–` }).first()
}

/** Chooses a slot and confirms, up to the sign-in sheet or the registration. */
export async function book(page: Page, slot: ConsoleSlot): Promise<void> {
  await (await tileOf(page, slot)).click()
  await page.getByText('立即预约', { exact: true }).click()
  await page.getByRole('button', { name: '确认预约' }).click()
}

/** Fills the sign-in sheet with the code that the sandbox's SMS brought. */
export async function signInBySms(street: Street, { page, phone }: Passer): Promise<void> {
  await page.getByRole('textbox', { name: '手机号' }).fill(phone)
  await page.getByText('获取验证码').click()
  const code = await until('the SMS', async () => {
    const [message] = street.world.sandbox.admin.outbox(phone).slice(-1)
    return /\d{6}/.exec(JSON.stringify(message?.data ?? ''))?.[0]
  })
  await page.getByRole('textbox', { name: '短信验证码' }).fill(code)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

/** Answers the lecture's form. */
export async function answerLecture({ page, phone }: Passer): Promise<void> {
  await page.getByRole('textbox', { name: '姓名' }).fill('林小满')
  await page.getByRole('textbox', { name: '手机号' }).fill(phone)
  await page.getByRole('textbox', { name: '身份证号' }).fill(someIdCard())
  await page.getByRole('radio', { name: '小学' }).click()
}

/** Pays at the sandbox's cashier, where the wallet's page would be. */
export async function payAtPage({ page }: Passer, tap = '确认支付'): Promise<void> {
  await page.waitForURL(/\/(cashier|gateway\.do)/)
  await page.getByText(tap).first().click()
}

/** From a service's page to the payment page of a fresh lecture order. */
export async function bookLecture(street: Street, passer: Passer, slot: ConsoleSlot) {
  const { page } = passer
  await openService(street, passer, slot.serviceId)
  await book(page, slot)
  await registerLecture(street, passer)
  await page.getByText('价格已锁定').waitFor()
}

/** From a hold just confirmed through the form of the lecture, signed in on the way. */
export async function registerLecture(street: Street, passer: Passer): Promise<void> {
  const { page } = passer
  if (!(await isSignedIn(page))) await signInBySms(street, passer)
  await page.getByRole('textbox', { name: '姓名' }).waitFor()
  await answerLecture(passer)
  await page.getByRole('button', { name: '提交报名' }).click()
}

/** Signed in without the sheet, whose stories are told in journey.test. */
export async function signedIn(street: Street, { page, phone }: Passer): Promise<Call> {
  const { url, sandbox } = street.world
  await must(caller(url), 'sendSignInCode', { body: { phone } })
  const code = await until('the SMS', async () => {
    const [message] = sandbox.admin.outbox(phone).slice(-1)
    return /\d{6}/.exec(JSON.stringify(message?.data ?? ''))?.[0]
  })
  const session = await must(caller(url), 'createSession', { body: { host: 'h5', phone, code } })
  // As Taro keeps it: any page of the same origin will do.
  await page.goto(`${url}/healthz`)
  await page.evaluate(
    (kept) => localStorage.setItem('session', kept),
    JSON.stringify({ data: JSON.stringify(session) }),
  )
  return caller(url, session.token)
}

/** The payment page of a fresh lecture order, as `bookLecture`, without the pages before it. */
export async function lectureToPay(street: Street, passer: Passer, slot: ConsoleSlot) {
  const call = await signedIn(street, passer)
  const params = { id: randomUUID() }
  const { form } = await must(call, 'putOrder', { params, body: { slotId: slot.id, party: 1 } })
  await must(call, 'putRegistration', {
    params,
    body: { formVersion: form.version, values: lectureAnswers(passer.phone) },
  })
  await passer.page.goto(`${street.world.url}/pages/payment/index?id=${params.id}`)
  await passer.page.getByText('价格已锁定').waitFor()
}

/** To a paid lecture order, by Alipay's page; stays on the success page. */
export async function paidLecture(street: Street, passer: Passer, slot: ConsoleSlot) {
  await lectureToPay(street, passer, slot)
  await payLecture(passer)
  return orderIdOf(passer.page)
}

/** From the payment page, by Alipay's page, to the success page. */
export async function payLecture(passer: Passer): Promise<void> {
  const { page } = passer
  await page.getByRole('radio', { name: /^支付宝/ }).click()
  await page.getByRole('button', { name: /^支付宝 ¥/ }).click()
  await payAtPage(passer)
  await page.getByText('缴费成功').first().waitFor()
}

async function isSignedIn(page: Page): Promise<boolean> {
  return page.evaluate(() => localStorage.getItem('session') !== null)
}

/** The order a page is about. */
export function orderIdOf(page: Page): string {
  return new URL(page.url()).searchParams.get('id') ?? ''
}

/** Keeps what a person sees, to be looked at: `shots/<name>-<width>.png`. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = path.join(__dirname, 'shots')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${name}-${page.viewportSize()?.width}.png`)
  // What has begun to move is shown where it ends, so that two runs show the same.
  await page.screenshot({ path: file, animations: 'disabled' })
}

/** The page at every size, on which nothing may be wider than its screen; a phone's at the end. */
export async function shootAll(page: Page, name: string): Promise<void> {
  for (const size of Object.values(sizes)) {
    await page.setViewportSize(size)
    await shoot(page, name)
    const beyond = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect([name, beyond]).toEqual([name, 0])
  }
  await page.setViewportSize(sizes.phone)
}
