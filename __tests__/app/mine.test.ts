/** 我的 on H5: 常用信息 (R2 G5) and one's own data (X11), looked at in three sizes. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { currentPrivacy } from '@jiyue/contract/privacy'
import { lecture } from '../../server/demo/world.ts'
import { BUILD_MS } from '../hosts/build.ts'
import { pngOf } from '../server/proving.ts'
import { caller, must, someIdCard } from '../world.ts'
import { bookLecture, openStreet, type Street, shootAll, signInBySms } from './street.ts'
import { heard } from './toasts.ts'

const STORY_MS = 300_000

let street: Street
beforeAll(async () => {
  street = await openStreet()
}, BUILD_MS)
afterAll(() => street?.close())

test(
  '常用信息：登录后添加联系人、地址、单位，填错就地提示，修改、设默认、删除',
  async () => {
    const passer = await street.passer()
    const { page } = passer
    await page.goto(`${street.world.url}/pages/contacts/index`)
    await signInBySms(street, passer)
    await page.getByText('还没有常用信息').waitFor()
    await shootAll(page, 'contacts-empty')
    await page.getByRole('button', { name: '添加联系人' }).click()
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请填写姓名').waitFor()
    await page.getByRole('textbox', { name: '姓名' }).fill('林小满')
    await page.getByRole('textbox', { name: '手机号' }).fill('138 0013 8000')
    await page.getByRole('textbox', { name: '身份证号' }).fill(someIdCard())
    await shootAll(page, 'contacts-edit')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('13800138000', { exact: false }).waitFor()
    expect(await page.getByText(/1101\*+\d{3}[\dX]/).count()).toBe(1)
    await page.getByRole('button', { name: '添加单位' }).click()
    await page.getByRole('textbox', { name: '单位名称' }).fill('上海禾悦生活服务有限公司')
    await page.getByRole('textbox', { name: '统一社会信用代码' }).fill('91310115MA1K4LY123')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('请输入有效统一社会信用代码').waitFor()
    await page.getByRole('button', { name: '关闭' }).click()
    await page.getByRole('button', { name: '添加地址' }).click()
    await page.getByRole('textbox', { name: '地址' }).fill('漕溪北路 88 号')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('漕溪北路 88 号').waitFor()
    await shootAll(page, 'contacts')
    await page.getByRole('button', { name: '修改漕溪北路 88 号' }).click()
    await page.getByRole('button', { name: '删除' }).click()
    await page.getByRole('button', { name: '确认删除' }).click()
    await page.getByText('漕溪北路 88 号').waitFor({ state: 'detached' })
  },
  STORY_MS,
)

test(
  '个人信息：同意记录、导出全部内容；有进行中的订单不能删除，结束后一次删除，下次登录是新用户',
  async () => {
    const passer = await street.passer()
    const { page, phone } = passer
    await bookLecture(street, passer, await street.slot(lecture, 11, 9))
    const token = await page.evaluate(
      () => JSON.parse(JSON.parse(localStorage.getItem('session')!).data).token,
    )
    const call = caller(street.world.url, token)
    const base64 = (await pngOf()).toString('base64')
    await must(call, 'putPicture', { params: { id: randomUUID() }, body: { base64 } })
    await page.goto(`${street.world.url}/pages/privacy/index`)
    await page.getByText(`个人信息说明（第 ${currentPrivacy.version} 版）`).waitFor()
    await page.getByText(phone).waitFor()
    await page.getByRole('textbox', { name: '称呼' }).fill('小满妈妈')
    await page.getByRole('button', { name: '保存称呼' }).click()
    await heard(page, '已保存')
    await page.reload()
    await page.getByText(`个人信息说明（第 ${currentPrivacy.version} 版）`).waitFor()
    expect(await page.getByRole('textbox', { name: '称呼' }).inputValue()).toBe('小满妈妈')
    await shootAll(page, 'privacy')
    await page.getByRole('button', { name: '查看上传的图片' }).click()
    const own = page.getByRole('img', { name: /^上传于 \d{4}年/ })
    expect(
      await own.evaluate((it: HTMLImageElement) => it.decode().then(() => it.naturalWidth)),
    ).toBe((await must(call, 'getMyData', {})).pictures[0]?.width)
    await shootAll(page, 'privacy-pictures')
    await page.getByRole('button', { name: '关闭' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '导出全部信息' }).click(),
    ])
    const exported = await readFile(await download.path(), 'utf8')
    expect(JSON.parse(exported)).toMatchObject({ profile: { phone }, orders: [{ party: 1 }] })
    expect(exported).toContain('林小满')

    await page.getByRole('button', { name: '删除我的信息' }).click()
    await page.getByText('依法保留', { exact: true }).waitFor()
    await shootAll(page, 'privacy-erase')
    await page.getByRole('button', { name: '确认删除，无法恢复' }).click()
    await page.getByText('还有进行中的订单或退款').waitFor()
    await street.world.database.pool.query(
      `update orders set state = 'cancelled', held_until = null, ended_at = now()`,
    )
    await page.getByRole('button', { name: '确认删除，无法恢复' }).click()
    await page.waitForURL(/pages\/home/)
    await heard(page, '您的个人信息已删除')
    expect(await page.evaluate(() => localStorage.getItem('session'))).toBeNull()
    const { rows } = await street.world.database.pool.query(
      `select name, phone_sealed from users where erased_at is not null`,
    )
    expect(rows).toEqual([{ name: '已注销用户', phone_sealed: null }])
  },
  STORY_MS,
)
