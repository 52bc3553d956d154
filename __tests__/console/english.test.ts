import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Page, Request } from 'playwright-core'
import { readTexts } from '../../console/english/texts.ts'
import { lecture } from '../../server/demo/world.ts'
import { until } from '../world.ts'
import { inside, someBusiness, told } from './business.ts'
import { type Desk, OPEN_MS, openDesk, shootBoth, sizes } from './desk.ts'

const root = path.resolve(__dirname, '../..')
const catalogue: Record<string, string> = JSON.parse(
  readFileSync(path.join(root, 'console/english/en.json'), 'utf8'),
)
const inEnglish = (zh: string) => catalogue[zh] ?? zh

let desk: Desk
let orderId: string
beforeAll(async () => {
  desk = await openDesk()
  orderId = (await someBusiness(desk.world)).id
}, OPEN_MS)
afterAll(() => desk?.close())

/** Words of the merchant and of people: what the demo world is made of, and what this story typed. */
const data = [
  told,
  // The other language's name, who signed in without one, and who registered.
  '中文',
  '微信用户',
  '林小满',
  ...globSync('server/{demo,seed}/*.ts', { cwd: root })
    .concat('server/seed.ts')
    .flatMap((file) => readTexts(readFileSync(path.join(root, file), 'utf8'), file).texts),
].join('\n')

/** Every Chinese word that a person sees or hears on a page and that is not data. */
async function chineseOn(page: Page): Promise<string[]> {
  const shown = await page.evaluate(() => {
    const body = document.body.cloneNode(true) as HTMLElement
    // What a phone shows is Chinese.
    for (const one of body.querySelectorAll('[lang=zh-CN], script, style')) one.remove()
    const named = ['placeholder', 'aria-label', 'title', 'alt', 'aria-description']
    const said = [...body.querySelectorAll('*')].flatMap((one) =>
      named.map((name) => one.getAttribute(name) ?? ''),
    )
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) said.push(texts.currentNode.nodeValue ?? '')
    return [...said, document.title]
  })
  const runs = shown.flatMap((text) => text.match(/[\u3400-\u9fff]+/g) ?? [])
  return [...new Set(runs)].filter((run) => !data.includes(run))
}

/** Buttons, heads and marks whose words do not fit: English is longer. */
const cutOn = (page: Page) =>
  page.evaluate(() => {
    const named =
      'button, th:not([class*=fix]), .state, .ant-tag, .ant-segmented-item-label, .frame-link'
    return [...document.querySelectorAll<HTMLElement>(named)]
      .filter((one) => one.offsetWidth > 0 && one.scrollWidth > one.clientWidth + 1)
      .map((one) => one.innerText)
      .filter((words) => words.trim() !== '')
      .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])
  })

/** The page is there with all it asked for: a skeleton has no words to look at. */
async function isThere(page: Page) {
  await page.locator('.page h1').waitFor()
  await until('all is there', async () => {
    const isIdle = asked.get(page)?.size === 0
    return isIdle && (await page.locator('.ant-skeleton, .ant-spin-spinning').count()) === 0
  })
}

/** To another page without loading the console anew. */
async function go(page: Page, where: string): Promise<void> {
  const isSame = await page.evaluate((to) => {
    const pageOf = (pathname: string) => pathname.split('/')[2]
    if (pageOf(`/console${to.split('?')[0]}`) === pageOf(location.pathname)) return true
    document.querySelector('.page')?.setAttribute('data-left', '')
    history.pushState(null, '', `/console${to}`)
    dispatchEvent(new PopStateEvent('popstate'))
    return false
  }, where)
  if (isSame) await page.goto(new URL(`/console${where}`, page.url()).href)
  await page.locator('.page:not([data-left]) h1').waitFor()
}

/** What each page has asked the server and not heard yet. */
const asked = new Map<Page, Set<Request>>()
function count(page: Page) {
  const waiting = new Set<Request>()
  asked.set(page, waiting)
  page.on('request', (one) => one.url().includes('/v1/') && waiting.add(one))
  page.on('requestfinished', (one) => waiting.delete(one))
  page.on('requestfailed', (one) => waiting.delete(one))
}

/** Kept as pictures: where words are many, or stand close. */
const looked = ['/orders', '/booking', '/payment/reconciliation', '/settings', 'an order']

/** What the address of a page does not open. */
const tabs: [at: string, tab: string][] = [
  ['/resources', 'Rooms'],
  ['/resources', 'Branches'],
  ['/resources', 'Home visit areas'],
  ['/schedules', 'Business calendar'],
  ['/people', 'Roles and rights'],
]

/** A button that opens a drawer, a dialog or a form, page by page. */
const forms: [at: string, button: string][] = [
  ['/booking', 'Add slot'],
  ['/booking', 'Bulk open/close'],
  ['/schedules', 'New schedule'],
  ['/resources', 'Add staff'],
  ['/people', 'Invite team member'],
  ['/settings?tab=promotions', 'Add promotion'],
]

test('登录页换成英文，走遍每一页与表单：没有漏下的中文；拒绝也是英文；再换回来', async () => {
  const page = await desk.screen()
  count(page)
  const at = (where: string) => `${desk.world.url}/console${where}`
  await page.goto(at('/sign-in'))
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByLabel('Account').waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  expect(await page.title()).toBe('Jiyue · Merchant console')
  await page.getByLabel('Account').fill('owner')
  await page.getByLabel('Password').fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByText(inEnglish('账号或密码不正确')).waitFor()
  await shootBoth(page, 'english-sign-in')
  await page.getByLabel('Password').fill('jiyue-demo')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
  // With the second step behind them people may do everything, and every form opens.
  await desk.world.database.db.updateTable('sessions').set({ proven_at: new Date() }).execute()

  const left: Record<string, string[]> = {}
  const check = async (where: string) => {
    await isThere(page)
    const found = await chineseOn(page)
    for (const size of [sizes.counter, sizes.tablet]) {
      await page.setViewportSize(size)
      found.push(...(await cutOn(page)).map((words) => `cut off at ${size.width}: ${words}`))
    }
    if (found.length > 0) left[where] = found
    await page.setViewportSize(sizes.counter)
    if (looked.includes(where)) await shootBoth(page, `english-${where.replace(/\W+/g, '-')}`)
  }
  const menu = await page
    .locator('.frame-side [role=menu] a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname))
  expect(menu.length).toBeGreaterThan(16)
  for (const where of [...menu.map((pathname) => pathname.replace('/console', '')), ...inside]) {
    await go(page, where)
    await check(where)
  }
  for (const [where, tab] of tabs) {
    await go(page, where)
    await page.getByRole('tab', { name: tab }).click()
    await check(`${where} ${tab}`)
  }
  for (const [where, button] of forms) {
    await go(page, where)
    await isThere(page)
    await page.getByRole('button', { name: button }).first().click()
    await page.locator('.ant-drawer-open form, .ant-modal form, .page form').first().waitFor()
    await check(`${where} ${button}`)
  }
  await page.goto(at(`/orders/${orderId}`))
  await page.locator('.ant-drawer-title').waitFor()
  await check('an order')
  await page.goto(at('/feedback'))
  await page.locator('.ant-table-row').first().click()
  await page.locator('.ant-drawer .feedback-whole').waitFor()
  await check('a complaint')
  expect(left).toEqual({})

  // Back again, from the menu of one's account.
  await page.goto(at('/today'))
  await isThere(page)
  await page.locator('.frame-foot button').click()
  await page.getByRole('menuitem', { name: '中文' }).click()
  await page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
  await page.context().close()
})

test('发出的内容与中文时一样：新填写项、步骤、给用户的提醒', async () => {
  const page = await desk.signedIn('/today')
  count(page)
  const sent: unknown[] = []
  page.on('request', (request) => {
    const body = request.postDataJSON()
    if (body !== null) sent.push(body)
  })
  const bodies: unknown[][] = []
  for (const language of ['zh', 'en'] as const) {
    const word = (zh: string) => (language === 'zh' ? zh : inEnglish(zh))
    await page.evaluate((one) => localStorage.setItem('jiyue-console-language', one), language)
    sent.length = 0
    await page.goto(`${desk.world.url}/console/forms/${lecture}`)
    await isThere(page)
    await page.getByRole('button', { name: word('添加填写项') }).click()
    await page.getByRole('menuitem', { name: word('单选'), exact: true }).click()
    await page.getByRole('button', { name: word('添加一步') }).click()
    await page.getByText(word('草稿已保存，尚未发布')).waitFor()
    await page.getByRole('button', { name: word('放弃草稿') }).click()
    await page
      .locator('.ant-popconfirm')
      .getByRole('button', { name: word('放弃') })
      .click()
    await page.getByText(word('与已发布的一致')).waitFor()

    await page.goto(`${desk.world.url}/console/orders/${orderId}`)
    await page.getByRole('button', { name: word('请客户补充') }).click()
    await page.getByLabel(word('需要补充的项目')).click()
    await page.getByTitle('姓名', { exact: true }).click()
    await page.getByRole('button', { name: word('发送提醒') }).click()
    await page.getByText(word('等待客户补充')).waitFor()
    await page.getByRole('button', { name: word('撤回'), exact: true }).click()
    await page.getByText(word('已撤回')).first().waitFor()
    // How often a draft is saved on the way is a matter of time; what it says in the end is not.
    const draft = sent.findLast((body) => JSON.stringify(body).includes('"steps"'))
    const nudge = sent.find((body) => JSON.stringify(body).includes('"note"'))
    bodies.push([draft, nudge].map(withoutIds))
  }
  expect(JSON.stringify(bodies[0])).toMatch(/选项一.*第 2 步|第 2 步.*选项一/)
  expect(JSON.stringify(bodies[0])).toContain('请补充姓名信息')
  expect(bodies[1]).toEqual(bodies[0])
  await page.context().close()
})

/**
 * Random ids differ from one request to the next, and what a draft follows by how often it was saved on
 * the way; all else is compared.
 */
const withoutIds = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body)
      .replace(/"(f?[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f-]{27})"/g, '"id"')
      .replace(/"basedOn":(null|"id")/g, '"basedOn":null'),
  )
