/** The headless host itself: it behaves like a host, and a test on it can fail. */
import { BUILD_MS, builtProbe } from './build.ts'
import { type Echo, openEcho } from './echo.ts'
import { type OpenedApp, openApp } from './openApp.ts'
import { createRealm } from './realm.ts'
import { packageRule } from './shell.ts'

describe.each(['weapp', 'alipay'] as const)('the %s host', (host) => {
  let dist: string
  let echo: Echo
  let phone: OpenedApp

  beforeAll(async () => {
    dist = await builtProbe(host)
  }, BUILD_MS)
  beforeEach(async () => {
    echo = await openEcho()
    phone = await openApp({ host, dist, api: echo.api })
  })
  afterEach(() => echo.end())

  test('opens a page of a sub-package with its query, and goes back', async () => {
    await phone.type('say', 'abc')
    await phone.tap('去远处')
    await phone.see('远处：abc')
    expect(phone.page()).toMatchObject({
      route: 'pages/far/index',
      query: { said: 'abc' },
      depth: 2,
    })
    phone.back()
    await phone.at('pages/home/index')
    await phone.see('去远处')
    phone.close()
  })

  test('starts at a page, as a link in a message does', async () => {
    await phone.kill('pages/far/index?said=link')
    await phone.see('远处：link')
    expect(phone.page().depth).toBe(1)
    phone.close()
  })

  test('a dialog hides the page behind it until it is answered', async () => {
    await phone.kill('pages/far/index')
    await phone.tap('问')
    await phone.see('已保存')
    await phone.tap('确定')
    await phone.see('确认了')
    await phone.tap('问')
    await phone.tap('取消')
    await phone.see('取消了')
    phone.close()
  })

  test('a toast is seen, and gone with the next touch', async () => {
    await phone.kill('pages/far/index')
    await phone.tap('提示')
    await phone.see('好的')
    await phone.tap('问')
    await phone.gone('好的')
    phone.close()
  })

  test('a toast is its page’s: going back takes it away', async () => {
    await phone.tap('去远处')
    await phone.tap('提示')
    await phone.see('好的')
    phone.back()
    await phone.gone('好的')
    phone.close()
  })

  test('a disabled button cannot be tapped', async () => {
    await phone.kill('pages/far/index')
    await expect(phone.tap('不可点')).rejects.toThrow('disabled')
  })

  test('an event that no template binds is not heard', async () => {
    await expect(phone.dispatch('去远处', 'confirm')).rejects.toThrow('no confirm handler')
  })

  test('words that do not come fail with the screen', async () => {
    const hasty = await openApp({ host, dist, api: echo.api, patienceMs: 10_000 })
    await expect(hasty.see('没有的话')).rejects.toThrow(/「没有的话」.*pages\/home\/index.*去远处/s)
    hasty.close()
  })

  test('what app code throws fails the test that comes upon it', async () => {
    await phone.type('say', 'not json')
    await phone.kill()
    phone.errors().push(new Error('thrown by a page'))
    await expect(phone.see('去远处')).rejects.toThrow(/the app broke.*thrown by a page/s)
    expect(() => phone.close()).toThrow('the app broke')
  })
})

test('code from text is refused, as WeChat refuses it', () => {
  const realm = createRealm(
    __dirname,
    () => true,
    () => undefined,
  )
  const Maker = realm.global.Function as FunctionConstructor
  expect(() => new Maker('return 1')).toThrow('Code generation from strings disallowed')
  realm.end()
})

test('built-ins newer than the oldest phone are missing', () => {
  const realm = createRealm(
    __dirname,
    () => true,
    () => undefined,
  )
  const arrays = realm.inside([1]) as unknown as Record<string, unknown>
  expect([typeof arrays.at, typeof arrays.findLast, typeof realm.global.Intl]).toEqual([
    'undefined',
    'undefined',
    'undefined',
  ])
  realm.end()
})

test('no package may load the code of another sub-package', () => {
  const may = packageRule({ pages: [], subPackages: [{ root: 'pages/a', pages: [] }] })
  expect(may('pages/a/index.js', 'pages/a/vendors.js')).toBe(true)
  expect(may('pages/a/index.js', 'common.js')).toBe(true)
  expect(may('app.js', 'pages/a/index.js')).toBe(false)
})
