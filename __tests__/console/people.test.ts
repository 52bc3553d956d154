import { randomUUID } from 'node:crypto'
import { codeAt } from '../authenticator.ts'
import { must } from '../world.ts'
import { choose, type Desk, OPEN_MS, openDesk, shoot, shootBoth, typeIn } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

const password = '林间有风声-2026'

describe('员工与我的账号', () => {
  test('邀请 → 设置密码 → 登录 → 开启两步验证 → 款项可用；停用后屏幕立即退出', async () => {
    const page = await desk.signedIn('/people')
    await page.getByText('前台 小林').waitFor()
    await shootBoth(page, 'people')
    await page.getByRole('tab', { name: '角色与权限' }).click()
    await page.getByText('需要两步验证').first().waitFor()
    await shootBoth(page, 'people-rights')
    await page.getByRole('tab', { name: '账号' }).click()

    await page.getByRole('button', { name: '邀请员工' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('姓名').fill('财务 苏木')
    await dialog.getByLabel('账号').fill('desk')
    await choose(dialog.getByRole('combobox', { name: '角色' }), '财务')
    await dialog.getByLabel('手机号（选填）').fill('13911112222')
    await dialog.getByRole('button', { name: '生成邀请链接' }).click()
    await dialog.getByText('该账号已被使用，请换一个').waitFor()
    await shoot(page, 'people-taken')
    await dialog.getByLabel('账号').fill('sumu')
    await dialog.getByRole('button', { name: '生成邀请链接' }).click()
    await page.getByText('已通过短信发送').waitFor()
    const link = (await page.locator('.invited-link').innerText()).trim()
    await shoot(page, 'people-link')
    await page.getByRole('button', { name: '完成' }).click()
    await page.getByText('待加入').waitFor()
    await shootBoth(page, 'people-invited')

    // Somebody else's browser.
    const sumu = await desk.screen('tablet')
    await sumu.goto(link)
    await sumu.getByText('欢迎加入禾悦生活服务').waitFor()
    await sumu.getByLabel('新密码').fill('1234567890')
    await sumu.getByText('密码过于简单，请换一个').waitFor()
    await shoot(sumu, 'join')
    await sumu.getByLabel('新密码').fill(password)
    await sumu.getByLabel('再次输入').fill(password)
    await sumu.getByRole('button', { name: '保存并去登录' }).click()
    await sumu.getByRole('heading', { name: '即约商家后台' }).waitFor()
    await sumu.getByLabel('密码').fill(password)
    expect(await sumu.getByLabel('账号').inputValue()).toBe('sumu')
    await sumu.keyboard.press('Enter')
    await sumu.getByText('开启两步验证后，才能处理款项').waitFor()
    await shoot(sumu, 'second-banner')
    await sumu.getByRole('link', { name: '去开启' }).click()
    await sumu.getByLabel('登录密码').fill(password)
    await sumu.getByRole('button', { name: '开启两步验证' }).click()
    await sumu.getByAltText('两步验证二维码').waitFor()
    const secret = (await sumu.locator('.second-scan .copied').innerText()).trim()
    await sumu.getByLabel('输入应用显示的').fill('000000')
    await sumu.getByRole('button', { name: '确认开启' }).click()
    await sumu.getByText('动态验证码不正确或已使用').waitFor()
    await shootBoth(sumu, 'second-scan')
    await sumu.getByLabel('输入应用显示的').fill(codeAt(secret, Date.now()))
    await sumu.getByRole('button', { name: '确认开启' }).click()
    await sumu.getByRole('list', { name: '恢复码' }).waitFor()
    expect(await sumu.locator('.recovery li').count()).toBe(10)
    await shootBoth(sumu, 'second-codes')
    await sumu.getByRole('button', { name: '我已保存' }).click()
    await sumu.getByText('本机').waitFor()
    await shootBoth(sumu, 'me')
    await sumu.goto(`${desk.world.url}/console/payment/reconciliation`)
    await sumu.getByRole('tab', { name: '对账' }).waitFor()

    // Out at this moment: the live screen goes to the sign-in page without a touch.
    await page.reload()
    await page.getByRole('button', { name: '更多 财务 苏木' }).click()
    await page.getByRole('menuitem', { name: '停用' }).click()
    await page.getByText('立即退出所有设备，不能再登录').waitFor()
    expect(await page.getByRole('button', { name: '确定' }).isDisabled()).toBe(true)
    await page.getByLabel('原因').fill('离职')
    await shoot(page, 'people-end')
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByText('已停用', { exact: true }).waitFor()
    await shootBoth(page, 'people-ended')
    await sumu.getByText('登录已过期，请重新登录后继续').waitFor()
    await sumu.context().close()
    await page.context().close()
  })

  test('已开启两步验证的账号登录时要验证码，错了说在验证码旁；前台看不到员工账号并知道原因', async () => {
    const { people } = await must(desk.owner, 'listPeople', {})
    const finance = people.find(({ login }) => login === 'finance')
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    await desk.world.database.db
      .updateTable('people')
      .set({ second_sealed: desk.world.parts.seal.seal(secret), second_since: new Date() })
      .where('id', '=', finance?.id ?? '')
      .execute()
    const page = await desk.screen()
    await page.goto(`${desk.world.url}/console/`)
    await typeIn(page, 'finance', 'jiyue-demo')
    await page.getByLabel('动态验证码').waitFor()
    await shoot(page, 'sign-in-code')
    await page.getByLabel('动态验证码').fill('000000')
    await page.keyboard.press('Enter')
    await page.getByText('动态验证码不正确或已使用').waitFor()
    await shoot(page, 'sign-in-code-wrong')
    await page.getByLabel('动态验证码').fill(codeAt(secret, Date.now()))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '今日', exact: true }).waitFor()
    await page.context().close()

    const front = await desk.signedIn('/people', 'tablet', 'desk')
    await front.getByText('前台账号不能管理员工账号，请由店主操作').first().waitFor()
    await shoot(front, 'people-desk')
    await front.context().close()
  })

  test('操作记录：谁改了什么，前后对照，可按人、对象与文字筛选，网址即视图', async () => {
    const page = await desk.signedIn('/log?text=没有人写过这句话')
    await page.getByText('没有符合条件的操作记录').waitFor()
    await shoot(page, 'log-none')
    const id = randomUUID()
    const branch = {
      name: '静安店',
      address: '静安区 1 号',
      phone: '021-60000000',
      latitude: null,
      longitude: null,
    }
    const name = '<b>静安</b>旗舰店 🎉'
    await must(desk.owner, 'putBranch', { params: { id }, body: branch })
    await must(desk.owner, 'putBranch', { params: { id }, body: { ...branch, name } })
    await page.getByRole('button', { name: '清除筛选' }).click()
    await page.getByText('修改门店').first().click()
    await page.getByRole('columnheader', { name: '改之后' }).waitFor()
    // HTML is what somebody typed, not what the page is made of.
    await page.locator('.log-changes td', { hasText: name }).waitFor()
    await shootBoth(page, 'log')
    await page.getByRole('link', { name: '全部历史' }).click()
    await page.getByText('仅看一项的历史').waitFor()
    expect(new URL(page.url()).searchParams.get('key')).toBe(id)
    await page.getByText('已显示全部 2 条').waitFor()
    await page.context().close()

    const front = await desk.signedIn('/log', 'tablet', 'desk')
    await front.getByText('前台账号不能查看操作记录，请由店主或店长操作').waitFor()
    await front.context().close()
  })
})
