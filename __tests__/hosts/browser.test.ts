/** What src/platform promises in a browser: the compiled probe in Chromium. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openChromium, PATIENCE_MS } from './browser.ts'
import { BUILD_MS, builtProbe } from './build.ts'
import { type Echo, openEcho } from './echo.ts'

let browser: Browser
let context: BrowserContext
let page: Page
let echo: Echo
let dist: string

beforeAll(async () => {
  dist = await builtProbe('h5')
  browser = await openChromium()
}, BUILD_MS)
afterAll(() => browser?.close())
beforeEach(async () => {
  echo = await openEcho(dist)
  context = await browser.newContext({ viewport: { width: 820, height: 900 } })
  context.setDefaultTimeout(PATIENCE_MS)
  page = await context.newPage()
  await page.goto(echo.api)
})
afterEach(async () => {
  await context.close()
  await echo.end()
})

async function say(text: string): Promise<void> {
  await page.locator('#say').first().fill(text)
}
async function press(words: string): Promise<void> {
  await page.getByText(words, { exact: true }).click()
}
async function see(words: string): Promise<void> {
  await page.getByText(words).first().waitFor()
}
async function ask(request: object): Promise<void> {
  await say(JSON.stringify(request))
  await press('发送')
}

test('a request carries body and token to the own origin and brings JSON', async () => {
  await ask({ method: 'PUT', path: '/v1/a?q=1', body: { 名: '李' }, token: 't' })
  await see('"method":"PUT","url":"/v1/a?q=1","token":"Bearer t","body":{"名":"李"}')
})

test('refusals, empty answers and a proxy’s page are answers', async () => {
  await ask({ method: 'GET', path: '/v1/status/409' })
  await see('{"status":409,"body":{"method":"GET"')
  await ask({ method: 'DELETE', path: '/v1/status/204' })
  await see('{"status":204,"body":null}')
  await ask({ method: 'GET', path: '/v1/status/502' })
  await see('{"status":502,"body":"<html>bad gateway</html>"}')
})

test('silence is a timeout, a cut line is offline and shown', async () => {
  await ask({ method: 'GET', path: '/v1/never', timeoutMs: 50 })
  await see('{"status":0,"cause":"timeout"}')
  await see('网：online')
  await context.setOffline(true)
  await see('网：offline')
  await ask({ method: 'GET', path: '/v1/a' })
  await see('{"status":0,"cause":"offline"}')
  await context.setOffline(false)
  await see('网：online')
})

test('a socket speaks both ways, tells a break once and keeps silent about our own close', async () => {
  await say('/v1/live')
  await press('开线')
  await see('[线1开]')
  await press('线上发')
  await see('[线1收到回声/v1/live]')
  echo.dropSockets()
  await see('[线1断]')
  await press('开线')
  await see('[线2开]')
  await press('关线')
  await press('开线')
  await see('[线1开][线1收到回声/v1/live][线1断][线2开][线3开]')
})

test('what is stored is there after the page is loaded again', async () => {
  await say('kept text')
  await press('存')
  await page.reload()
  await press('取')
  await see('答："kept text"')
})

test('nobody is signed in by the browser, and it has no phone-number button', async () => {
  await press('登录')
  await see('答：{"host":"h5"}')
  expect(await page.getByText('手机号', { exact: true }).count()).toBe(0)
})

test('paying on the provider’s page leaves ours', async () => {
  await say(JSON.stringify({ way: 'redirect', url: `${echo.api}/v1/cashier?trade=1` }))
  await press('付款')
  await page.waitForURL('**/v1/cashier?trade=1')
})

test('a code to scan stays on our page', async () => {
  await say(JSON.stringify({ way: 'qr', codeUrl: 'weixin://x' }))
  await press('付款')
  await see('答："shown"')
})

test.each([
  ['ok', 'done'],
  ['cancel', 'cancelled'],
  ['fail', 'failed'],
])(
  'WeChat’s browser: its bridge gets the signed parameters; %s is shown as %s',
  async (end, shown) => {
    const { way, ...signed } = {
      way: 'wechat-jsapi',
      appId: 'wx1',
      timeStamp: '1',
      nonceStr: 'n',
      package: 'prepay_id=1',
      signType: 'RSA',
      paySign: 's',
    }
    await say(JSON.stringify({ way, ...signed }))
    await press('付款')
    // The bridge comes after the page, as in WeChat.
    await page.evaluate((answer) => {
      const asked: unknown[] = []
      Object.assign(window, {
        asked,
        WeixinJSBridge: {
          invoke(name: string, params: object, told: (result: object) => void) {
            asked.push(name, params)
            told({ err_msg: `get_brand_wcpay_request:${answer}` })
          },
        },
      })
      document.dispatchEvent(new Event('WeixinJSBridgeReady'))
    }, end)
    await see(`答："${shown}"`)
    const asked = await page.evaluate(() => (window as unknown as { asked: unknown[] }).asked)
    expect(asked).toEqual(['getBrandWCPayRequest', signed])
  },
)

test('width follows the window, and the scene is told by the browser’s name', async () => {
  await see('宽：820')
  await page.setViewportSize({ width: 500, height: 800 })
  await see('宽：500')
  await press('看场景')
  await see('答："desktop"')
  for (const [userAgent, scene] of [
    ['Mozilla/5.0 (iPhone) Mobile/15E148', 'h5'],
    ['Mozilla/5.0 (iPhone) Mobile/15E148 MicroMessenger/8.0', 'wechat-browser'],
  ]) {
    const other = await browser.newContext({ userAgent })
    page = await other.newPage()
    await page.goto(echo.api)
    await press('看场景')
    await see(`答："${scene}"`)
    await other.close()
  }
})
