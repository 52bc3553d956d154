/**
 * 在微信里打开链接 (P1): sign-in by WeChat's page, the identity added before paying, money by the
 * bridge that WeChat puts into its browser. The bridge belongs to the host, so it is the test's: it
 * hands what it gets to the sandbox's cashier, which checks the signature as WeChat does.
 */
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { until } from '../world.ts'
import {
  answerLecture,
  book,
  openStreet,
  type Passer,
  type Street,
  shoot,
  signInBySms,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

/** What the wallet was given, and how the person ended it. */
type Bridge = { asked: Record<string, string>[]; outcome: 'pay' | 'cancel' }

async function wechatPasser(): Promise<Passer & { bridge: Bridge }> {
  const passer = await street.passer('phone', 'wechat')
  const bridge: Bridge = { asked: [], outcome: 'pay' }
  await passer.page.exposeFunction('payInWechat', async (params: Record<string, string>) => {
    bridge.asked.push(params)
    const { appId, ...signed } = params
    const response = await fetch(`${street.world.sandbox.url}/cashier/wechat/jsapi/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...signed, appid: appId, outcome: bridge.outcome }),
    })
    const { errMsg } = (await response.json()) as { errMsg: string }
    if (errMsg === 'requestPayment:ok') return 'get_brand_wcpay_request:ok'
    return `get_brand_wcpay_request:${/cancel/.test(errMsg) ? 'cancel' : 'fail'}`
  })
  await passer.page.addInitScript(bringBridge)
  return { ...passer, bridge }
}

/** In the page: WeChat's bridge comes a moment after it. */
function bringBridge(): void {
  type Pay = (params: Record<string, string>) => Promise<string>
  const { payInWechat } = window as unknown as { payInWechat: Pay }
  setTimeout(() => {
    Object.assign(window, {
      WeixinJSBridge: {
        invoke(
          name: string,
          params: Record<string, string>,
          answer: (result: { err_msg: string }) => void,
        ) {
          if (name !== 'getBrandWCPayRequest') throw new Error(`no ${name} in this bridge`)
          void payInWechat(params).then((err_msg) => answer({ err_msg }))
        },
      },
    })
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }, 300)
}

const serviceUrl = (more = '') => `${street.world.url}/pages/booking/index?id=${lecture}${more}`

/** WeChat's own page: who is it? Real WeChat knows and shows nothing. */
async function agree({ page }: Passer, name: string): Promise<void> {
  await page.waitForURL(/\/connect\/oauth2\/authorize/)
  await page.locator('#person').fill(name)
  await page.getByText('同意登录').click()
}

async function toPayment(passer: Passer): Promise<void> {
  const { page } = passer
  await page.getByRole('textbox', { name: '姓名' }).waitFor()
  await answerLecture(passer)
  await page.getByRole('button', { name: '提交报名' }).click()
  await page.getByText('价格已锁定').waitFor()
}

const heardNotice = ({ page }: Passer) => heard(page, '微信登录未成功，可使用手机号登录')

test(
  '微信里打开链接：登录后回到原页，地址栏干净，微信内付款成功',
  async () => {
    const passer = await wechatPasser()
    const { page, bridge } = passer
    const slot = await street.slot(lecture, 6, 20)
    await page.goto(serviceUrl())
    await agree(passer, '小溪')
    await page.locator('.slots__tile').first().waitFor()
    expect(page.url()).toBe(serviceUrl())
    await shoot(page, 'wechat-booking')
    await book(page, slot)
    await toPayment(passer)
    await expect(page.getByRole('radio', { name: /^支付宝/ }).count()).resolves.toBe(0)
    await shoot(page, 'wechat-payment')
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await page.getByText('缴费成功').first().waitFor()
    expect(bridge.asked).toEqual([
      expect.objectContaining({
        appId: street.world.sandbox.credentials.wechatWeb.appid,
        package: expect.stringMatching(/^prepay_id=/),
        signType: 'RSA',
      }),
    ])
    expect(bridge.asked[0]).not.toHaveProperty('way')
  },
  STORY_MS,
)

test(
  '微信里取消支付：名额仍在，说明清楚，再付成功',
  async () => {
    const passer = await wechatPasser()
    const { page, bridge } = passer
    const slot = await street.slot(lecture, 7, 20)
    await page.goto(serviceUrl())
    await agree(passer, '小满')
    await page.locator('.slots__tile').first().waitFor()
    await book(page, slot)
    await toPayment(passer)
    bridge.outcome = 'cancel'
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await page.getByText('支付已取消，名额仍为您保留').waitFor()
    await shoot(page, 'wechat-cancelled')
    bridge.outcome = 'pay'
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await page.getByText('缴费成功').first().waitFor()
  },
  STORY_MS,
)

test(
  '别人发来的带登录信息的链接：不登录，平静说明，可用手机号登录；付款前补上微信身份',
  async () => {
    const passer = await wechatPasser()
    const { page } = passer
    const slot = await street.slot(lecture, 8, 20)
    const theirs = street.world.sandbox.admin.code('wechatWeb', '坏人')
    await page.goto(serviceUrl(`&code=${theirs}&state=${'0'.repeat(32)}`))
    await heardNotice(passer)
    await shoot(page, 'wechat-refused')
    expect(page.url()).toBe(serviceUrl())
    expect(await page.evaluate(() => localStorage.getItem('session'))).toBeNull()

    await book(page, slot)
    await page.getByText('手机号登录', { exact: true }).waitFor()
    await shoot(page, 'wechat-sign-in')
    await signInBySms(street, passer)
    await toPayment(passer)
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await agree(passer, '小暑')
    await page.getByText('价格已锁定').waitFor()
    expect(page.url()).not.toMatch(/code=|state=/)
    await page.getByRole('button', { name: /^微信支付 ¥/ }).click()
    await page.getByText('缴费成功').first().waitFor()
    const { rows } = await street.world.database.pool.query(
      `select u.phone_index is not null as by_phone from identities i join users u on u.id = i.user_id
       where i.host = 'wechat-browser' order by i.user_id = (select user_id from orders where slot_id = $1) desc`,
      [slot.id],
    )
    expect(rows[0]).toEqual({ by_phone: true })
  },
  STORY_MS,
)

test(
  '用过的返回地址再打开一次：不重复登录，页面照常可用',
  async () => {
    const passer = await wechatPasser()
    const { page } = passer
    const returns: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest() && /[?&]state=/.test(request.url()))
        returns.push(request.url())
    })
    await page.goto(serviceUrl())
    await agree(passer, '小雪')
    await page.locator('.slots__tile').first().waitFor()
    const used = returns.filter((url) => url.startsWith(street.world.url)).pop() ?? ''
    expect(used).toContain('code=')
    const sessions = () => page.evaluate(() => localStorage.getItem('session'))
    // Signing in takes its own time beside the slots.
    const before = await until('the session', sessions)
    await page.goto(used)
    await page.locator('.slots__tile').first().waitFor()
    expect(page.url()).toBe(serviceUrl())
    expect(await sessions()).toBe(before)

    // Signed out, the same address signs nobody in.
    await page.evaluate(() => localStorage.clear())
    await page.goto(used)
    await heardNotice(passer)
    expect(await sessions()).toBeNull()
  },
  STORY_MS,
)
