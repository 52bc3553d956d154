/** 投诉与建议 on H5 (G8): from any page, about its order, kept through a cut, answered live. */
import { randomUUID } from 'node:crypto'
import type { Call } from '@jiyue/contract/client'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { pngOf } from '../server/proving.ts'
import { must, signInOwner, until } from '../world.ts'
import {
  lectureToPay,
  openStreet,
  orderIdOf,
  type Street,
  shoot,
  shootAll,
  signInBySms,
} from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
let owner: Call
beforeAll(async () => {
  street = await openStreet()
  owner = (await signInOwner(street.world)).call
}, BUILD_MS)
afterAll(() => street?.close())

const told = async (text: string) => {
  const { feedback } = await must(owner, 'listConsoleFeedback', { query: { text } })
  return feedback
}

test(
  '在缴费页投诉：带上订单与图片，断网时已保存并自动补交一次，商家回复即时可见',
  async () => {
    const passer = await street.passer()
    const { page, context } = passer
    await lectureToPay(street, passer, await street.slot(lecture, 10, 5))
    const orderId = orderIdOf(page)
    const entry = page.getByRole('link', { name: '投诉与建议' })
    await entry.evaluate((link) => link.scrollIntoView({ block: 'center' }))
    await shoot(page, 'feedback-entry')
    await entry.click()
    await page.getByText(/关于订单 /).waitFor()
    await page.getByText('还没有反馈').waitFor()
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.getByText('请写下您遇到的问题或建议').waitFor()
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: '添加图片' }).click()
    await (await chooser).setFiles({
      name: '现场.png',
      mimeType: 'image/png',
      buffer: await pngOf(),
    })
    await page.getByRole('button', { name: '删除图片 1' }).waitFor()
    const text = '讲座地点与页面写的不一致'
    await page.locator('textarea').fill(text)
    await page.getByRole('textbox', { name: '联系电话' }).fill('138 0013')
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.getByText('请输入 11 位有效手机号').waitFor()
    await page.getByRole('textbox', { name: '联系电话' }).fill('13800138000')
    await shootAll(page, 'feedback-form')

    // The answer is lost on the way: the server has it, the phone does not know.
    await page.route('**/v1/feedback/*', async (route) => {
      if (route.request().method() !== 'PUT') return route.continue()
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.getByText('网络信号弱，内容已保存，恢复后自动提交').waitFor()
    await page.unroute('**/v1/feedback/*')
    await page.reload()
    await until('the draft to be over', async () => {
      const kept = await page.evaluate(() => localStorage.getItem('feedback-draft'))
      return kept === null
    })
    const [mine, ...more] = await told(text)
    expect(more).toEqual([])
    expect(mine?.order?.id).toBe(orderId)
    const id = mine?.id ?? ''
    expect((await must(owner, 'getConsoleFeedback', { params: { id } })).pictures).toHaveLength(1)
    await page.getByText(text).waitFor()
    await shootAll(page, 'feedback-mine')

    await page.getByText(text).click()
    await page.getByText('图片 1 张', { exact: false }).waitFor()
    await must(owner, 'putConsoleFeedbackWords', {
      params: { id, wordsId: randomUUID() },
      body: { kind: 'reply', text: '非常抱歉，地点以短信为准，页面已改正' },
    })
    await page.getByText('非常抱歉，地点以短信为准，页面已改正').waitFor()
    await page.locator('textarea').last().fill('好的，谢谢')
    await page.getByRole('button', { name: '发送' }).last().click()
    await page.getByText('好的，谢谢').waitFor()
    await must(owner, 'putFeedbackClosure', {
      params: { id },
      body: { cause: 'information', solution: '页面地点已改正，赠送优惠券' },
    })
    await page.getByText('处理结果：页面地点已改正，赠送优惠券').waitFor()
    await shootAll(page, 'feedback-talk')
    await context.close()
  },
  STORY_MS,
)

test(
  '未登录也能先写：草稿留在手机上，提交时登录',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    await page.goto(`${street.world.url}/pages/home/index`)
    await page.getByRole('link', { name: '投诉与建议' }).click()
    await page.getByRole('radio', { name: '建议' }).click()
    await page.locator('textarea').fill('希望增加周末晚间场')
    await page.reload()
    expect(await page.locator('textarea').inputValue()).toBe('希望增加周末晚间场')
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await signInBySms(street, passer)
    await heard(page, '已提交，商家回复后会通知您')
    await page.getByText('希望增加周末晚间场').last().waitFor()
    await until('it is there', async () => (await told('希望增加周末晚间场')).length === 1)
    expect((await told('希望增加周末晚间场'))[0]).toMatchObject({ kind: 'suggestion', order: null })
    await passer.context.close()
  },
  STORY_MS,
)
