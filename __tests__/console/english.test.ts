import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator, Page, Request } from 'playwright-core'
import sharp from 'sharp'
import { readTexts } from '../../console/english/texts.ts'
import { lecture } from '../../server/demo/world.ts'
import { until } from '../world.ts'
import { inside, someBusiness, told } from './business.ts'
import { choose, type Desk, OPEN_MS, openDesk, shootBoth, sizes } from './desk.ts'

const root = path.resolve(__dirname, '../..')
const catalogue: Record<string, string> = JSON.parse(
  readFileSync(path.join(root, 'console/english/en.json'), 'utf8'),
)
const inEnglish = (zh: string) => catalogue[zh] ?? zh

// Some ninety views in one story.
jest.setTimeout(900_000)

let desk: Desk
let orderId: string
let photo: Buffer
beforeAll(async () => {
  desk = await openDesk()
  const create = { width: 1600, height: 1000, channels: 3 as const, background: '#3a6' }
  photo = await sharp({ create }).jpeg().toBuffer()
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
  page.evaluate(async () => {
    // The menu widens and narrows with the page, over some frames.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame)
    for (const one of document.getAnimations())
      if (one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY) one.finish()
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
const looked = ['/orders', '/booking', '/settings?tab=wording', '/settings Add service', 'an order']

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
  ['/settings', 'Add service'],
  ['/settings?tab=promotions', 'Add promotion'],
  ['/settings?tab=wording', 'Edit'],
]

test('登录页换成英文，走遍每一页与表单：没有漏下的中文；拒绝也是英文；再换回来，两种语言发出的内容一样', async () => {
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
    // One size, then the other, and the next begins with that one.
    const isWide = page.viewportSize()?.width === sizes.counter.width
    const both = [sizes.counter, sizes.tablet]
    for (const size of isWide ? both : both.toReversed()) {
      if (page.viewportSize()?.width !== size.width) await page.setViewportSize(size)
      found.push(...(await cutOn(page)).map((words) => `cut off at ${size.width}: ${words}`))
    }
    if (found.length > 0) left[where] = found
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
  await page.setViewportSize(sizes.counter)

  const inTheOther = await sentBy(page, inEnglish)
  // Back again, from the menu of one's account.
  await page.goto(at('/today'))
  await isThere(page)
  await page.locator('.frame-foot button').click()
  await page.getByRole('menuitem', { name: '中文' }).click()
  await page.getByRole('heading', { level: 1, name: '今日' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
  const inChinese = await sentBy(page, (zh) => zh)
  expect(inTheOther).toEqual(inChinese)
  // It was no empty comparison: what phones and people read is Chinese in it.
  const said = JSON.stringify(inChinese)
  for (const words of [
    '选项一',
    '第 2 步',
    '请补充姓名信息',
    '撤销',
    '应付金额包含服务费用',
    '{服务}',
  ])
    expect(said).toContain(words)
  await page.context().close()
})

/** What was sent: every request that changes something, in order, the drafts of a form as they ended. */
type Sent = { method: string; path: string; body: unknown }

/** Does the same things in one language, and answers all that was sent. */
async function sentBy(page: Page, word: (zh: string) => string): Promise<Sent[]> {
  const sent: Sent[] = []
  const hear = (request: Request) => {
    const { pathname } = new URL(request.url())
    if (request.method() === 'GET' || !pathname.startsWith('/v1/')) return
    const one = {
      method: request.method(),
      path: withoutIds(pathname) as string,
      body: withoutIds(request.postDataJSON()),
    }
    // How often a draft is saved on the way is a matter of time; what it says in the end is not.
    const isDraft = (of: Sent | undefined) => of?.method === 'PUT' && of.path.endsWith('/draft')
    if (isDraft(one) && isDraft(sent.at(-1))) sent.pop()
    sent.push(one)
  }
  page.on('request', hear)
  const button = (zh: string, exact = false) => page.getByRole('button', { name: word(zh), exact })

  await go(page, `/forms/${lecture}`)
  await isThere(page)
  await button('添加填写项').click()
  await page.getByRole('menuitem', { name: word('单选'), exact: true }).click()
  await button('添加一步').click()
  await page.getByText(word('草稿已保存，尚未发布')).waitFor()
  await button('放弃草稿').click()
  await press(
    page.locator('.ant-popconfirm').getByRole('button', { name: word('放弃') }),
    page.getByText(word('与已发布的一致')),
  )

  await go(page, `/orders/${orderId}`)
  await button('请客户补充').click()
  await choose(page.getByLabel(word('需要补充的项目')), '姓名')
  await button('发送提醒').click()
  await page.getByText(word('等待客户补充')).waitFor()
  await button('撤回', true).click()
  await page.getByText(word('已撤回')).first().waitFor()

  // A service, as its editor proposes it; what is published is taken back.
  await go(page, '/settings')
  await isThere(page)
  await button('新建服务').click()
  const drawer = page.locator('.ant-drawer-open')
  await drawer.getByLabel(word('名称'), { exact: true }).fill('宠物洗护')
  await drawer.getByLabel(word('一句话简介')).fill('一小时洗护')
  await drawer.getByLabel(word('服务内容')).fill('洗澡吹干')
  const file = { name: 'a.jpg', mimeType: 'image/jpeg', buffer: photo }
  await drawer.locator('input[type=file]').setInputFiles(file)
  await drawer.locator('.setting-photos img').waitFor()
  await button('预览并新建').click()
  await page.locator('.before-after').waitFor()
  await press(button('新建', true), page.locator('.ant-modal-confirm-title').getByText('宠物洗护'))
  await page.keyboard.press('Escape')
  await page.locator('tr', { hasText: '亲子沟通讲座' }).getByRole('button').first().click()
  await drawer.getByLabel(word('一句话简介')).fill('学会听')
  await publish(word('已发布，用户端立即生效'))

  await go(page, '/settings?tab=wording')
  await isThere(page)
  await page
    .locator('tr', { hasText: word('订单待缴费') })
    .getByRole('button')
    .first()
    .click()
  await drawer.getByLabel(word('正文')).fill('请尽快付款：')
  await drawer.getByRole('button', { name: '{服务}', exact: true }).first().click()
  await publish(word('已发布'))
  page.off('request', hear)
  return sent

  async function publish(done: string) {
    await button('预览并发布').click()
    await page.locator('.before-after').waitFor()
    await press(button('发布', true), page.getByText(done, { exact: false }).first())
    const undone = page.waitForResponse((one) => one.request().method() === 'PUT')
    await button('撤销').click()
    await undone
  }
}

/** Presses a dialog's button, again where it still stands there as if nothing had been. */
async function press(target: Locator, effect: Locator): Promise<void> {
  for (let tries = 1; tries < 4; tries++) {
    await target.click()
    const seen = await effect.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    )
    if (seen) return
    if (!(await target.isVisible())) break
    process.stdout.write(`${target} was pressed in vain\n`)
  }
  await effect.waitFor()
}

/**
 * Random ids differ from one request to the next, and so does what a draft or a change follows; all else
 * is compared.
 */
const withoutIds = (of: unknown): unknown =>
  JSON.parse(
    JSON.stringify(of ?? null)
      .replace(/"(f?[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f-]{27})"/g, '"id"')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
      .replace(/"(basedOn|revision)":(null|"[^"]*"|\d+)/g, '"$1":null'),
  )
