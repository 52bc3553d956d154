/**
 * The named world of the tests: the real server on a real database, with the real sandbox beside it.
 * `openWorld()` in beforeAll, `world.close()` in afterAll. Sweeps run only when a test asks.
 */
import { randomUUID } from 'node:crypto'
import type { EndpointName } from '@jiyue/contract/api'
import { type Answer, type Call, createCall, type Request } from '@jiyue/contract/client'
import type { Input, Order, Reply } from '@jiyue/contract/schema/wire'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { type AppOptions, buildApp } from '../server/app.ts'
import { anyFreePort } from '../server/db/embedded/port.ts'
import { openPool } from '../server/db/pool.ts'
import { openBus } from '../server/live/bus.ts'
import type { Parts } from '../server/parts.ts'
import { gateways } from '../server/payment/gateways/index.ts'
import { createSeal } from '../server/people/seal.ts'
import { hashOf } from '../server/people/sessions.ts'
import { connectPlatforms } from '../server/platforms/connect.ts'
import { type Limits, usualLimits } from '../server/queue/admit.ts'
import { openQueue } from '../server/queue/queue.ts'
import { seed } from '../server/seed.ts'
import { type FreshDatabase, freshDatabase } from './db.ts'

export interface World {
  url: string
  app: FastifyInstance
  parts: Parts
  sandbox: Sandbox
  database: FreshDatabase
  /** Time that the server believes, ms ahead of the real one. Holds go by the database's own. */
  clock: { aheadMs: number }
  /** How many holds the server lets in at once: `most: 0` makes everybody wait (T5). */
  limits: Limits
  close(): Promise<void>
}

export interface WorldOptions extends Pick<AppOptions, 'cache'> {
  /** Folders of built fronts to serve. */
  h5Dir?: string
  consoleDir?: string
  /** Connections of the server to its database; the pool's own number by default. */
  connections?: number
}

/** Starts server and sandbox on free ports of this machine. */
export async function openWorld({ connections, ...options }: WorldOptions = {}): Promise<World> {
  const database = await freshDatabase({ seeded: true })
  const clock = { aheadMs: 0 }
  const limits = { ...usualLimits }
  const now = () => new Date(Date.now() + clock.aheadMs)
  // What a later start adds: the slots of a day that began since the run did.
  await seed(database.db, now())
  // A public holiday in the coming days must not close the tests' slots.
  await database.db
    .updateTable('days')
    .set({ open: true, by_merchant: true })
    .where('kind', '=', 'holiday')
    .execute()
  const sandbox = await startSandbox({ clock: () => Date.now() + clock.aheadMs })
  sandbox.admin.speed(100)
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const report = (error: Error) => log.warn({ err: error }, 'database')
  const { db, close } = openPool(database.url, {
    name: 'world',
    report,
    ...(connections && { max: connections }),
  })
  const bus = await openBus({ url: database.url, db, report })
  const parts: Parts = {
    db,
    bus,
    queue: openQueue(undefined, limits),
    log,
    gateways: {} as Parts['gateways'],
    platforms: connectPlatforms(sandbox.credentials),
    seal: createSeal(Buffer.alloc(32, 7)),
    publicUrl: '',
    now,
  }
  const app = await listening(parts, sandbox, {
    log,
    requestsPerMinute: 100_000,
    checkReplies: true,
    // Tests write slots and days behind the server's back, where no news goes round.
    cache: { maxAgeMs: 1 },
    ...options,
  })
  return {
    url: parts.publicUrl,
    app,
    parts,
    sandbox,
    database,
    clock,
    limits,
    async close() {
      await app.close()
      await sandbox.stop()
      await bus.close()
      await close()
    },
  }
}

/**
 * The server, listening. Its own address is needed before: providers are told where to call. Whoever
 * was given the same free port meanwhile keeps it.
 */
async function listening(
  parts: Parts,
  sandbox: Sandbox,
  options: AppOptions,
  tries = 3,
): Promise<FastifyInstance> {
  const port = await anyFreePort()
  parts.publicUrl = `http://127.0.0.1:${port}`
  parts.gateways = gateways(sandbox.credentials, parts.publicUrl)
  const app = await buildApp(parts, options)
  try {
    await app.listen({ host: '127.0.0.1', port })
    return app
  } catch (error) {
    await app.close()
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === 1) throw error
    return listening(parts, sandbox, options, tries - 1)
  }
}

/** A caller with a token of its own, over real HTTP. */
export function caller(url: string, token: string | null = null): Call {
  return createCall(
    (request) => send(url, request),
    () => token,
  )
}

/** Moves a request over HTTP as a phone does; never throws. */
export async function send(url: string, { method, path, body, token }: Request): Promise<Answer> {
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  } catch {
    return { status: 0, cause: 'offline' }
  }
}

/** The value of a call, or a failure that names the refusal. */
export async function must<E extends EndpointName>(
  call: Call,
  name: E,
  input: Input<E>,
): Promise<Reply<E>> {
  const result = await call(name, input)
  if (!result.ok) throw new Error(`${name}: ${result.code} ${JSON.stringify(result.fields ?? '')}`)
  return result.value
}

/** A signed-in person with their own caller. */
export interface Person {
  call: Call
  token: string
  userId: string
}

/** Signs somebody in at a host through the sandbox, as their phone would. */
export async function signIn(
  world: World,
  name: string = randomUUID(),
  host: 'weapp' | 'alipay' = 'weapp',
): Promise<Person> {
  const code = world.sandbox.admin.code(host, name)
  const { token, user } = await must(caller(world.url), 'createSession', { body: { host, code } })
  return { call: caller(world.url, token), token, userId: user.id }
}

/** Signs the demo owner in to the console. */
export async function signInOwner(world: World): Promise<{ call: Call; token: string }> {
  const { token } = await signInConsole(world, 'owner')
  return { call: caller(world.url, token), token }
}

/**
 * Signs a person of the demo merchant in, with their second step behind them: what it takes to get
 * there is people.test's matter. Written by hand, for no door of the server leads past the step.
 */
export async function signInConsole(
  world: World,
  name: string,
): Promise<Reply<'createConsoleSession'>> {
  const body = { name, password: 'jiyue-demo' }
  const session = await must(caller(world.url), 'createConsoleSession', { body })
  await world.database.db
    .updateTable('sessions')
    .set({ proven_at: new Date() })
    .where('token_hash', '=', hashOf(session.token))
    .execute()
  return { ...session, person: { ...session.person, proven: true } }
}

/** Answers that the demo lecture's form accepts. */
export const lectureAnswers = (phone = somePhone()) => ({
  name: '林小满',
  phone,
  idCard: someIdCard(),
  age: '小学',
})

let phones = 0
/** A phone number nobody else in this test file has. */
export function somePhone(): string {
  phones += 1
  return `139${String(10_000_000 + phones).slice(-8)}`
}

let ids = 0
/** A valid ID number nobody else in this test file has. */
export function someIdCard(): string {
  ids += 1
  const body = `11010119900307${String(ids).padStart(3, '0')}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  return body + '10X98765432'[sum % 11]
}

/** Holds seats in a slot and submits the lecture's form: an order that waits for its payment. */
export async function registeredOrder(person: Person, slotId: string, party = 1): Promise<Order> {
  const params = { id: randomUUID() }
  const held = await must(person.call, 'putOrder', { params, body: { slotId, party } })
  return must(person.call, 'putRegistration', {
    params,
    body: { formVersion: held.form.version, values: lectureAnswers() },
  })
}

/** Pays as the wallet would: through the sandbox's cashier, with what the server prepared. */
export async function payAtCashier(
  world: World,
  params: Reply<'createPayment'>['params'],
  outcome: 'pay' | 'cancel' | 'fail' = 'pay',
): Promise<void> {
  const { url } = world.sandbox
  if (params.way === 'wechat-jsapi') {
    const { way: _, appId, ...signed } = params
    await post(`${url}/cashier/wechat/jsapi/pay`, { ...signed, appid: appId, outcome })
  } else if (params.way === 'alipay-trade') {
    await post(`${url}/cashier/alipay/pay`, { tradeNO: params.tradeNo, outcome })
  } else {
    throw new Error(`no cashier for ${params.way} here`)
  }
}

async function post(url: string, body: unknown): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
}

/** Waits until `look` answers something truthy; fails with `what` after a minute. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + 60_000
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (Date.now() > end) throw new Error(`never saw: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
