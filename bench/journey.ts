/**
 * The whole journey: sign-in by WeChat, hold, registration, payment, the wallet, the notice, confirmed;
 * platforms and people on the same machine. The reference is a public figure, not measured here:
 * pretix's scaling guide speaks of about 500 orders a minute and event with quotas on any hardware.
 */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { cpuSeconds } from './cpu.ts'
import type { Pace } from './http.ts'
import { call } from './phone.ts'
import type { Row } from './row.ts'
import type { Stage } from './stage.ts'

const PRETIX_A_MINUTE = 500
/** People who book at the same time. */
const BESIDE = 96

export async function journeys(stage: Stage, { rounds, seconds }: Pace): Promise<Row[]> {
  const row: Row = {
    what: `journey sign-in → confirmed, ${BESIDE} people at once`,
    reference: 'pretix, public figure',
    unit: 'orders/min',
    rounds: [],
    toReach: { least: 12 },
  }
  const slot = await stage.slot(10_000_000)
  for (let round = 0; round < rounds; round++) {
    const pids = [stage.node.pid, stage.postmaster]
    const [cpu, before, began] = [cpuSeconds(pids), await confirmed(stage), performance.now()]
    await runPeople({ api: stage.node.address, sandbox: stage.sandbox.address, slot, seconds })
    const minutes = (performance.now() - began) / 60_000
    const done = (await confirmed(stage)) - before
    const cpuMicros = ((cpuSeconds(pids) - cpu) * 1e6) / done
    row.rounds.push({ ours: done / minutes, reference: PRETIX_A_MINUTE, cpuMicros })
  }
  return [row]
}

async function confirmed({ pool }: Stage): Promise<number> {
  const { rows } = await pool.query(
    `select count(*)::int as count from orders where state = 'confirmed'`,
  )
  return rows[0].count
}

interface Of {
  api: string
  sandbox: string
  slot: string
  seconds: number
}

/** In a process of its own: the people must not slow the measuring down, nor it them. */
async function runPeople(of: Of): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['people', JSON.stringify(of)])
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('a journey failed')
}

async function people(of: Of): Promise<void> {
  const end = performance.now() + of.seconds * 1000
  await Promise.all(
    Array.from({ length: BESIDE }, async () => {
      while (performance.now() < end) await journey(of)
    }),
  )
}

interface Prepared {
  params: Record<string, string> & { way: string; appId: string }
}

/** One person's way; it ends when the order is confirmed. */
async function journey({ api, sandbox, slot }: Of): Promise<void> {
  const person = { host: 'weapp', person: randomUUID() }
  const { code } = await call<{ code: string }>('POST', `${sandbox}/admin/codes`, { body: person })
  const { token } = await call<{ token: string }>('POST', `${api}/v1/sessions`, {
    body: { host: 'weapp', code },
  })
  const order = `${api}/v1/orders/${randomUUID()}`
  const held = await call<{ form: { version: number } }>('PUT', order, {
    token,
    body: { slotId: slot, party: 1 },
  })
  await call('PUT', `${order}/registration`, {
    token,
    body: { formVersion: held.form.version, values: answers() },
  })
  const { params } = await call<Prepared>('POST', `${order}/payments`, {
    token,
    body: { id: randomUUID(), method: 'wechat', scene: 'weapp' },
  })
  const { way: _, appId: appid, ...signed } = params
  await call('POST', `${sandbox}/cashier/wechat/jsapi/pay`, {
    body: { ...signed, appid, outcome: 'pay' },
  })
  for (;;) {
    const { state } = await call<{ state: string }>('GET', order, { token })
    if (state === 'confirmed') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

let count = Math.floor(Math.random() * 1e6) * 1000

/** What the demo lecture's form asks, of a person nobody else is. */
function answers() {
  count += 1
  const day = new Date(Date.UTC(1950, 0, 1) + (count % 20_000) * 86_400_000)
  const date = day.toISOString().slice(0, 10).replaceAll('-', '')
  const body = `110101${date}${String(Math.floor(count / 20_000) % 1000).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  return {
    name: '林小满',
    phone: `1${3_000_000_000 + (count % 6_999_999_999)}`,
    idCard: body + '10X98765432'[sum % 11],
    age: '小学',
  }
}

if (process.argv[2] === 'people') {
  await people(JSON.parse(process.argv[3] ?? '') as Of)
  process.exit(0)
}
