import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import readSheet from 'read-excel-file/node'
import { lecture } from '../../server/demo/world.ts'
import { lectureAnswers, must, registeredOrder, signIn } from '../world.ts'
import { bookable, choose, type Desk, OPEN_MS, openDesk, shoot, shootBoth } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
}, OPEN_MS)
afterAll(() => desk?.close())

async function threeRegistered() {
  const slot = (await bookable(desk.world, lecture))[0]!
  const orders = []
  for (let i = 0; i < 3; i++) orders.push(await registeredOrder(await signIn(desk.world), slot.id))
  return orders
}

describe('报名', () => {
  test('空列表说明何时会有内容；提交后可按服务分列查看，手机号打码，网址即视图', async () => {
    // A link that somebody mistyped shows what it can.
    const page = await desk.signedIn('/registrations?service=nothing&state=nobody&from=soon')
    await page.getByText('还没有报名').waitFor()
    await shootBoth(page, 'registrations-empty')
    const [first] = await threeRegistered()
    await page.getByRole('link', { name: first!.number }).waitFor()
    await page.getByText('身份证号').first().waitFor()
    await shootBoth(page, 'registrations')

    await choose(page.getByRole('combobox', { name: '服务' }), '亲子沟通讲座')
    await page.getByRole('columnheader', { name: '手机号' }).waitFor()
    const { phone } = lectureAnswers()
    expect(await page.locator('table').innerText()).not.toMatch(/(?<!\w)1[3-9]\d{9}(?!\w)/)
    expect(phone).toMatch(/^1\d{10}$/)
    expect(new URL(page.url()).searchParams.get('service')).toBe(lecture)
    await shootBoth(page, 'registrations-of-one')

    await page.getByRole('textbox', { name: '搜索报名' }).fill('没有这个人')
    await page.getByText('没有符合条件的报名').waitFor()
    await page.getByRole('button', { name: '清除筛选' }).click()
    await page.getByRole('link', { name: first!.number }).click()
    await page.getByText('应付').first().waitFor()
    expect(page.url()).toContain(`/registrations/order/${first!.id}`)
    await page.context().close()
  })

  test('列可选，筛选与列存成自己的视图：另一台电脑上一点即回，别人看不到，可删除', async () => {
    await threeRegistered()
    const page = await desk.signedIn(`/registrations?service=${lecture}`)
    const column = (name: string) => page.getByRole('columnheader', { name })
    await column('身份证号').waitFor()
    await page.getByRole('button', { name: '列', exact: true }).click()
    await shootBoth(page, 'registrations-columns')
    await page.getByRole('checkbox', { name: '身份证号' }).click()
    await column('身份证号').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.getByRole('button', { name: '视图', exact: true }).click()
    await page.getByText('还没有保存的视图').waitFor()
    await page.getByRole('button', { name: '保存当前视图' }).click()
    await page.getByText('请给视图起个名字').waitFor()
    await page.getByRole('textbox', { name: '视图名称' }).fill('讲座，不看证件')
    await page.keyboard.press('Enter')
    await page.getByText('已保存视图「讲座，不看证件」').waitFor()
    await page.getByRole('button', { name: '讲座，不看证件', exact: true }).waitFor()
    await shootBoth(page, 'registrations-views')
    await page.context().close()

    const other = await desk.signedIn('/registrations')
    await other.getByRole('button', { name: '视图', exact: true }).click()
    await other.getByRole('button', { name: '讲座，不看证件', exact: true }).click()
    await other.getByRole('columnheader', { name: '手机号' }).waitFor()
    expect(await other.getByRole('columnheader', { name: '身份证号' }).count()).toBe(0)
    expect(new URL(other.url()).searchParams.get('service')).toBe(lecture)
    await other.getByRole('button', { name: '视图', exact: true }).click()
    await other.getByRole('button', { name: '删除视图 讲座，不看证件' }).click()
    await other.getByText('还没有保存的视图').waitFor()
    await other.context().close()

    await must(desk.owner, 'putView', {
      params: { id: randomUUID() },
      body: { name: '店主的', filter: {}, hidden: [] },
    })
    const desks = await desk.signedIn('/registrations', 'counter', 'desk')
    await desks.getByRole('button', { name: '视图', exact: true }).click()
    await desks.getByText('还没有保存的视图').waitFor()
    await desks.context().close()
  })

  test('导出前说明条数与注意事项；文件里是完整的报名', async () => {
    const orders = await threeRegistered()
    const page = await desk.signedIn(`/registrations?service=${lecture}`)
    await page.getByRole('button', { name: '导出 Excel' }).click()
    await page.getByText(/将导出当前筛选的 \d+ 条报名/).waitFor()
    await shoot(page, 'registrations-export')
    const saved = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: '导出', exact: true }).click()
    const file = await saved
    expect(file.suggestedFilename()).toMatch(/^报名-\d{4}-\d{2}-\d{2}\.xlsx$/)
    const [sheet] = await readSheet(readFileSync(await file.path()))
    const cells = (sheet as { data: unknown[][] }).data
    expect(cells[0]).toContain('身份证号')
    for (const { number } of orders) expect(cells.map(([first]) => first)).toContain(number)
    const { exports } = await must(desk.owner, 'listExports', {})
    expect(exports[0]?.rows).toBe(cells.length - 1)
    await page.context().close()
  })
})
