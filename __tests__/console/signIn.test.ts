import { type Desk, OPEN_MS, openDesk, shoot, typeIn } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

describe('登录', () => {
  test('a wrong password is said beside its field, and only there', async () => {
    for (const size of ['counter', 'tablet'] as const) {
      const page = await desk.screen(size)
      await page.goto(`${desk.world.url}/console/`)
      await typeIn(page, 'owner', 'wrong')
      const said = page.getByText('账号或密码不正确')
      await said.waitFor()
      expect(await said.count()).toBe(1)
      expect(await page.locator('.ant-form-item-has-error').getByLabel('密码').count()).toBe(1)
      await shoot(page, 'sign-in-wrong')
      await page.context().close()
    }
  })

  test('who asked for a page gets it after signing in, and keeps it over a reload', async () => {
    const page = await desk.screen()
    await page.goto(`${desk.world.url}/console/orders?state=confirmed`)
    await page.waitForURL('**/console/sign-in?to=*')
    await typeIn(page, 'owner', 'jiyue-demo')
    await page.getByRole('heading', { name: '订单' }).waitFor()
    expect(page.url()).toBe(`${desk.world.url}/console/orders?state=confirmed`)
    await page.reload()
    await page.getByRole('heading', { name: '订单' }).waitFor()
    await page.context().close()
  })

  test('a target on another site is not followed', async () => {
    const page = await desk.screen()
    await page.goto(`${desk.world.url}/console/sign-in?to=//example.org/`)
    await typeIn(page, 'owner', 'jiyue-demo')
    await page.getByRole('heading', { name: '今日', exact: true }).waitFor()
    await page.context().close()
  })

  test('a session that ended elsewhere asks again and leads back', async () => {
    const page = await desk.signedIn('/booking?view=day')
    const token = await page.evaluate(
      () => JSON.parse(localStorage.getItem('jiyue-console-session') ?? '').state.session.token,
    )
    await fetch(`${desk.world.url}/v1/console/sessions/current`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    await page.reload()
    await page.getByText('登录已过期，请重新登录后继续').waitFor()
    await typeIn(page, 'owner', 'jiyue-demo')
    await page.getByRole('heading', { name: '时段' }).waitFor()
    expect(page.url()).toBe(`${desk.world.url}/console/booking?view=day`)
    await page.context().close()
  })

  test('signing out signs out every tab, and forgets where one was', async () => {
    const page = await desk.signedIn('/booking')
    const tab = await page.context().newPage()
    await tab.goto(`${desk.world.url}/console/orders`)
    await tab.getByRole('heading', { name: '订单' }).waitFor()
    await page.getByRole('button', { name: '店主 沈禾' }).click()
    await page.getByText('退出登录').click()
    for (const one of [page, tab]) await one.getByLabel('密码').waitFor()
    expect(page.url()).toBe(`${desk.world.url}/console/sign-in`)
    await page.context().close()
  })
})
