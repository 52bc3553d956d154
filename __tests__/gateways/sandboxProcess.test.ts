import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Credentials } from '../../sandbox/credentials.ts'
import { keptKeys, postJson, requestPayment, startInbox, wechatSdk } from './sandboxMerchant.ts'

/** The sandbox as it is really run: its own process and folder. */

// Two processes that make five RSA pairs each, on a machine that may be busy.
jest.setTimeout(300_000)

const ROOT = join(__dirname, '../..')
const fresh = keptKeys()
const running = new Set<ChildProcess>()
let inbox: Awaited<ReturnType<typeof startInbox>> | undefined

afterEach(async () => {
  await inbox?.stop()
  inbox = undefined
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})
afterAll(() => fresh.end())

async function start(dir: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ['sandbox/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'test', SANDBOX_DIR: dir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const ended = once(child, 'exit').then(([code]) => ({ ended: code as number }))
  const lines = createInterface({ input: child.stdout })
  const first = once(lines, 'line').then(([line]) => ({ line: String(line) }))
  const outcome = await Promise.race([first, ended])
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return (await ended).ended
  }
  return { ...outcome, stop }
}

const credentialsIn = (dir: string): Credentials =>
  JSON.parse(readFileSync(join(dir, 'credentials.json'), 'utf8'))

async function openIdOf(credentials: Credentials): Promise<string> {
  const { baseUrl, appid, secret } = credentials.wechat
  const who = { host: 'weapp', person: '小明' }
  const { code: js_code } = (await postJson(`${baseUrl}/admin/codes`, who)).body
  const query = new URLSearchParams({ appid, secret, js_code, grant_type: 'authorization_code' })
  return (await (await fetch(`${baseUrl}/sns/jscode2session?${query}`)).json()).openid
}

test('a killed sandbox goes on where it was: keys, orders and unsent notices', async () => {
  const dir = fresh.dir()
  inbox = await startInbox({ status: 500, body: '' })
  const first = await start(dir)
  const before = credentialsIn(dir)
  expect(first).toMatchObject({ line: `ready ${before.wechat.baseUrl}` })
  const order = {
    appid: before.wechat.appid,
    mchid: before.wechatPay.mchid,
    description: '课程',
    out_trade_no: 'T2026_000001',
    notify_url: inbox.url,
    amount: { total: 100 },
    payer: { openid: await openIdOf(before) },
  }
  const { data } = await wechatSdk(before)('POST', '/v3/pay/transactions/jsapi', order)
  const pay = { ...requestPayment(before, data.prepay_id), outcome: 'pay' }
  const paid = await postJson(`${before.wechat.baseUrl}/cashier/wechat/jsapi/pay`, pay)
  expect(paid.body.errMsg).toBe('requestPayment:ok')
  await postJson(`${before.wechat.baseUrl}/admin/settle`, {})
  await first.stop('SIGKILL')
  // What a kill in the middle of a write leaves behind.
  appendFileSync(join(dir, 'data.jsonl'), '{"table":"wechat.orders","id":"T2026_00')

  inbox.answer.status = 204
  inbox.received.length = 0
  const second = await start(dir)
  const after = credentialsIn(dir)
  expect(after.wechatPay.merchantPrivateKey).toBe(before.wechatPay.merchantPrivateKey)
  const path = `/v3/pay/transactions/out-trade-no/T2026_000001?mchid=${after.wechatPay.mchid}`
  expect((await wechatSdk(after)('GET', path)).data.trade_state).toBe('SUCCESS')
  expect(await openIdOf(after)).toBe(order.payer.openid)
  await postJson(`${after.wechat.baseUrl}/admin/clock`, { offsetMs: 60_000 })
  await postJson(`${after.wechat.baseUrl}/admin/settle`, {})
  expect(inbox.received).toHaveLength(1)
  expect(await second.stop('SIGTERM')).toBe(0)
})

test('its secrets can be read by their owner only', async () => {
  const dir = fresh.dir()
  await start(dir)
  for (const file of ['keys.json', 'credentials.json', 'data.jsonl'])
    expect([file, statSync(join(dir, file)).mode & 0o077]).toEqual([file, 0])
})

test('it does not start in production, nor without a folder', async () => {
  expect(await start(fresh.dir(), { NODE_ENV: 'production' })).toMatchObject({ ended: 1 })
  expect(await start('', {})).toMatchObject({ ended: 1 })
})

test('it imports nothing of the product: what both got wrong could not show', () => {
  const files = readdirSync(join(ROOT, 'sandbox'), { recursive: true, encoding: 'utf8' })
  const sources = files.filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
  expect(sources.length).toBeGreaterThan(30)
  for (const file of sources) {
    const text = readFileSync(join(ROOT, 'sandbox', file), 'utf8')
    const imports = [...text.matchAll(/(?:from|import\() ?'([^']+)'/g)].map(([, name]) => name)
    const depth = file.split('/').length - 1
    const outside = imports.filter(
      (name) => name?.startsWith('@jiyue/') || name?.startsWith('../'.repeat(depth + 1)),
    )
    expect([file, outside]).toEqual([file, []])
  }
})
