/**
 * Takes the README's pictures: walks the journey in Chromium on a product that `npm start` runs.
 * `node docs/pictures/take.mts [http://127.0.0.1:7080 [http://127.0.0.1:7090]]`
 */
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { ensureChromium } from '../../deploy/start/chromium.ts'

const [product = 'http://127.0.0.1:7080', sandbox = 'http://127.0.0.1:7090'] = process.argv.slice(2)
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']

const browser = await chromium.launch({
  executablePath: ensureChromium(console.log),
  args: FLAGS,
})
try {
  await walkOnPhone(browser)
  await lookOnPc(browser)
  await lookAtConsole(browser)
} finally {
  await browser.close()
}

/** Home to orders at 375 px, paying by Alipay at the sandbox's cashier. */
async function walkOnPhone(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({
    viewport: { width: 375, height: 720 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  })
  await page.goto(product)
  await visible(page, '亲子沟通讲座')
  await shoot(page, 'home')
  await tap(page, '家庭保洁')
  await tap(page, '明日')
  await page.getByText('全天', { exact: true }).scrollIntoViewIfNeeded()
  await freeSlot(page).click()
  await shoot(page, 'booking')
  await tap(page, '立即预约')
  await page.getByText('确认预约', { exact: true }).last().click()
  await signIn(page)
  await visible(page, '预约时段已锁定')
  await page.getByLabel('联系人').fill('林小满')
  await page.getByLabel('手机号').last().fill('13800138000')
  await page.getByLabel('服务地址').fill('浦东新区张杨路 500 号')
  await shoot(page, 'registration')
  await tap(page, '下一步')
  await tap(page, '60–120 ㎡')
  await tap(page, '提交报名')
  await visible(page, '价格明细')
  await shoot(page, 'payment')
  await tap(page, '支付宝')
  await page
    .getByText(/^支付宝 ¥/)
    .last()
    .click()
  await page.getByText('确认支付').click()
  await page.locator('.success__title').waitFor()
  await shoot(page, 'success')
  await page.goto(`${product}/pages/orders/index`)
  await visible(page, '已预约')
  await shoot(page, 'orders')
  await page.close()
}

async function lookOnPc(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(product)
  await tap(page, '家庭保洁')
  await tap(page, '明日')
  await freeSlot(page).click()
  await shoot(page, 'booking-wide')
  await page.close()
}

async function lookAtConsole(chrome: Browser): Promise<void> {
  const page = await chrome.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${product}/console/`)
  await page.locator('input').first().fill('owner')
  await page.locator('input').nth(1).fill('jiyue-demo')
  await page.keyboard.press('Enter')
  await visible(page, '今日收款')
  await visible(page, '接下来的时段')
  await shoot(page, 'console')
  await page.close()
}

/** By SMS code, read in the sandbox's outbox. */
async function signIn(page: Page): Promise<void> {
  const phone = `138${String(Date.now()).slice(-8)}`
  await page.getByPlaceholder('手机号').last().fill(phone)
  await tap(page, '获取验证码')
  for (let tries = 0; tries < 50; tries++) {
    const outbox = await (await fetch(`${sandbox}/admin/outbox?phone=${phone}`)).text()
    const code = /\b\d{6}\b/.exec(outbox)?.[0]
    if (code) {
      await page.getByPlaceholder('短信验证码').fill(code)
      await page.getByText('登录', { exact: true }).last().click()
      return
    }
    await page.waitForTimeout(100)
  }
  throw new Error('no SMS code in the outbox')
}

function freeSlot(page: Page) {
  return page.getByRole('radio').filter({ hasText: '可预约' }).nth(2)
}

async function tap(page: Page, words: string): Promise<void> {
  await page.getByText(words, { exact: true }).filter({ visible: true }).first().click()
}

async function visible(page: Page, words: string): Promise<void> {
  await page.getByText(words).filter({ visible: true }).first().waitFor()
}

async function shoot(page: Page, name: string): Promise<void> {
  // Pictures and fonts have come when the network is quiet.
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(400)
  await page.screenshot({ path: path.join(import.meta.dirname, `${name}.png`) })
}
