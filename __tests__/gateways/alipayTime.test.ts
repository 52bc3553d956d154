import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { parseTime, rfc3339, wallText } from '../../server/platforms/chinaTime.ts'

/** Run by a process of its own: the zone of a running one cannot be trusted to change. */
const SCRIPT = `
  import { alipayGateway } from './server/payment/gateways/alipay/gateway.ts'
  import { parseTime, rfc3339, wallText } from './server/platforms/chinaTime.ts'
  import { readFileSync } from 'node:fs'
  const { keys } = JSON.parse(readFileSync('./__tests__/gateways/vectors.json', 'utf8'))
  const alipay = {
    gateway: 'https://openapi.alipay.com/gateway.do',
    appId: '1',
    sellerId: '2',
    privateKey: keys['ali-app-test'].private_key,
    alipayPublicKey: keys['ali-platform-test'].public_key,
    aesKey: '',
  }
  const now = new Date('2026-03-08T07:30:00Z')
  const answer = await alipayGateway(alipay, { noticeUrl: 'https://shop.example/n' }).prepare({
    tradeNo: 'T000001',
    amountFen: 1,
    description: 'd',
    expiresAt: new Date('2026-03-08T16:00:00Z'),
    scene: 'desktop',
    clientIp: '',
  }, now)
  const { searchParams } = new URL(answer.value.url)
  console.log(JSON.stringify({
    zone: new Date('2026-07-01T00:00:00Z').getHours(),
    timestamp: searchParams.get('timestamp'),
    expires: JSON.parse(searchParams.get('biz_content')).time_expire,
    sign: searchParams.get('sign'),
    wechat: rfc3339(now),
    wall: wallText(now),
    read: parseTime('2026-03-08 15:30:00').getTime() - now.getTime(),
  }))
`

function inZone(TZ: string): Record<string, unknown> {
  const cwd = path.resolve(__dirname, '../..')
  const args = ['--input-type=module-typescript', '--eval', SCRIPT]
  const run = spawnSync(process.execPath, args, { cwd, env: { ...process.env, TZ } })
  if (run.status !== 0) throw new Error(run.stderr.toString())
  return JSON.parse(run.stdout.toString())
}

test('the wires keep China’s time in whatever zone the process runs', () => {
  const { zone, ...china } = inZone('Asia/Shanghai')
  expect(zone).toBe(8)
  expect(china).toMatchObject({
    timestamp: '2026-03-08 15:30:00',
    expires: '2026-03-09 00:00:00',
    wechat: '2026-03-08T15:30:00+08:00',
    wall: '2026-03-08 15:30:00',
    read: 0,
  })
  // The night New York's clocks jump: 02:30 does not exist there.
  for (const [TZ, hours] of [
    ['America/New_York', 20],
    ['UTC', 0],
  ] as const) {
    const { zone: there, ...same } = inZone(TZ)
    expect(there).toBe(hours)
    expect(same).toEqual(china)
  }
})

test('times of both providers are read, anything else is none', () => {
  const at = new Date('2026-01-01T00:00:04Z')
  expect(parseTime('2026-01-01 08:00:04')).toEqual(at)
  expect(parseTime('2026-01-01 08:00:04.123')).toEqual(at)
  expect(parseTime('2026-01-01T08:00:04+08:00')).toEqual(at)
  expect(parseTime('2026-01-01T00:00:04Z')).toEqual(at)
  expect(parseTime(rfc3339(at))).toEqual(at)
  expect(parseTime(wallText(at))).toEqual(at)
  for (const text of [
    undefined,
    '',
    '2026',
    '2026-01-01',
    '2026-13-01 08:00:00',
    '1767225604',
    'now',
  ]) {
    expect(parseTime(text)).toBeUndefined()
  }
})
