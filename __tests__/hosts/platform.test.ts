/** What src/platform promises, shown by compiled code on both mini-program hosts. */
import { BUILD_MS, builtProbe } from './build.ts'
import type { WalletEnd } from './device.ts'
import { type Echo, openEcho } from './echo.ts'
import { type OpenedApp, openApp } from './openApp.ts'

describe.each(['weapp', 'alipay'] as const)('the platform in %s', (host) => {
  let dist: string
  let echo: Echo
  let phone: OpenedApp
  let wallet: WalletEnd
  let paidWith: Record<string, string>[]
  const wechat = {
    way: 'wechat-jsapi',
    appId: 'wx1',
    timeStamp: '1',
    nonceStr: 'n',
    package: 'prepay_id=1',
    signType: 'RSA',
    paySign: 's',
  }
  const alipay = { way: 'alipay-trade', tradeNo: '2026' }
  const own = host === 'weapp' ? wechat : alipay

  beforeAll(async () => {
    dist = await builtProbe(host)
  }, BUILD_MS)
  beforeEach(async () => {
    echo = await openEcho()
    paidWith = []
    wallet = 'paid'
    phone = await openApp({
      host,
      dist,
      api: echo.api,
      width: 820,
      loginCode: () => 'code-1',
      phoneNumber: () => 'phone-1',
      onPay: (params) => {
        paidWith.push(params)
        return wallet
      },
    })
  })
  afterEach(async () => {
    phone.close()
    await echo.end()
  })

  async function ask(request: object, button = '发送'): Promise<void> {
    await phone.type('say', JSON.stringify(request))
    await phone.tap(button)
  }

  test.each(['PUT', 'POST', 'DELETE'])(
    '%s carries body and token and brings JSON',
    async (method) => {
      await ask({ method, path: '/v1/a?q=%E4%BD%A0', body: { 名: '李' }, token: 't' })
      await phone.see('"status":200')
      await phone.see(`"method":"${method}","url":"/v1/a?q=%E4%BD%A0","token":"Bearer t"`)
      await phone.see('"body":{"名":"李"}')
    },
  )

  test('GET carries its query in the path', async () => {
    await ask({ method: 'GET', path: '/v1/slots?from=2026-11-22&to=2026-11-29' })
    await phone.see('"url":"/v1/slots?from=2026-11-22&to=2026-11-29","token":null,"body":null')
  })

  test.each([400, 404, 409, 503])('%i is an answer with its body', async (status) => {
    await ask({ method: 'GET', path: `/v1/status/${status}` })
    await phone.see(`{"status":${status},"body":{"method":"GET"`)
  })

  test('an empty answer has no body', async () => {
    await ask({ method: 'DELETE', path: '/v1/status/204' })
    await phone.see('{"status":204,"body":null}')
  })

  test("a proxy's page in place of JSON is an answer too", async () => {
    await ask({ method: 'GET', path: '/v1/status/502' })
    await phone.see('{"status":502,"body":"<html>bad gateway</html>"}')
  })

  test('silence is told as a timeout', async () => {
    await ask({ method: 'GET', path: '/v1/never', timeoutMs: 50 })
    await phone.see('{"status":0,"cause":"timeout"}')
  })

  test('a cut line is told as offline, and the state of the network on screen', async () => {
    await phone.see('网："online"'.replaceAll('"', ''))
    phone.network(false)
    await phone.see('网：offline')
    await ask({ method: 'GET', path: '/v1/a' })
    await phone.see('{"status":0,"cause":"offline"}')
    expect(echo.heard).toEqual([])
    phone.network(true)
    await phone.see('网：online')
  })

  test('a cancelled request answers like a lost one', async () => {
    await ask({ method: 'GET', path: '/v1/never' }, '发送后取消')
    await phone.see('{"status":0,"cause":"offline"}')
  })

  test('a socket opens, speaks both ways and tells its end once', async () => {
    await phone.type('say', '/v1/live')
    await phone.tap('开线')
    await phone.see('[线1开]')
    await phone.type('say', '你好')
    await phone.tap('线上发')
    await phone.see('[线1收到回声你好]')
    echo.dropSockets()
    await phone.see('[线1开][线1收到回声你好][线1断]')
  })

  test('a socket that cannot be reached tells its end', async () => {
    phone.network(false)
    await phone.type('say', '/v1/live')
    await phone.tap('开线')
    await phone.see('[线1断]')
  })

  test('our own close is silent, and the next socket is not ended by the last one', async () => {
    await phone.type('say', '/v1/live')
    await phone.tap('开线')
    await phone.see('[线1开]')
    await phone.tap('关线')
    await phone.tap('开线')
    await phone.see('[线1开][线2开]')
    await phone.settled()
    await phone.tap('线上发')
    await phone.see('[线1开][线2开][线2收到回声/v1/live]')
  })

  test('what is stored survives the end of the app, until it is removed', async () => {
    await phone.type('say', '{"报名":1}')
    await phone.tap('存')
    await phone.kill()
    await phone.tap('取')
    await phone.see(JSON.stringify('{"报名":1}'))
    await phone.tap('删')
    await phone.tap('取')
    await phone.see('答：null')
  })

  test('signing in gives the host and its code', async () => {
    await phone.tap('登录')
    await phone.see(`{"host":"${host}","code":"code-1"}`)
  })

  test('the phone-number button brings its proof', async () => {
    await phone.tap('手机号')
    const name = host === 'weapp' ? 'code' : 'sealed'
    await phone.see(`{"host":"${host}","${name}":"phone-1"}`)
  })

  test.each([
    ['paid', 'done'],
    ['cancelled', 'cancelled'],
    ['failed', 'failed'],
    ['unknown', host === 'weapp' ? 'failed' : 'unknown'],
  ] as const)('a wallet that ends %s is shown as %s', async (end, outcome) => {
    wallet = end
    await ask(own, '付款')
    await phone.see(`答："${outcome}"`)
    const { way: _, appId: __, ...wechatSigned } = wechat
    expect(paidWith).toEqual([host === 'weapp' ? wechatSigned : { tradeNO: '2026' }])
  })

  test('the other host’s way to pay never reaches the wallet', async () => {
    await ask(host === 'weapp' ? alipay : wechat, '付款')
    await phone.see('答："failed"')
    expect(paidWith).toEqual([])
  })

  test('nothing to pay is done at once', async () => {
    await ask({ way: 'none' }, '付款')
    await phone.see('答："done"')
  })

  test('the scene is known, and the window’s width as it changes', async () => {
    await phone.tap('看场景')
    await phone.see(`答："${host}"`)
    await phone.see('宽：820')
    phone.resize(700, 1000)
    await phone.see('宽：700')
  })

  test('the contract speaks from compiled code', () => phone.see('网络'))
})

describe('the privacy guide in weapp', () => {
  let echo: Echo
  let phone: OpenedApp

  beforeAll(() => builtProbe('weapp'), BUILD_MS)
  beforeEach(async () => {
    echo = await openEcho()
    phone = await openApp({
      host: 'weapp',
      dist: await builtProbe('weapp'),
      api: echo.api,
      phoneNumber: () => 'phone-1',
      privacyOpen: true,
    })
  })
  afterEach(async () => {
    phone.close()
    await echo.end()
  })

  test('personal data waits for the press of the agree button', async () => {
    await phone.tap('手机号')
    await phone.see('同意隐私指引')
    expect(phone.text()).not.toContain('phone-1')
    await phone.tap('同意隐私指引')
    await phone.see('"code":"phone-1"')
  })

  test('a refusal gives nothing', async () => {
    await phone.tap('手机号')
    await phone.tap('不同意')
    await phone.see('答：null')
  })
})
