import { join } from 'node:path'
import formbody from '@fastify/formbody'
import fastify, { type FastifyInstance } from 'fastify'
import { serveAdmin } from './admin.routes.ts'
import { type Admin, makeAdmin, type Parts } from './admin.ts'
import { makeAlipayBills, serveBillFiles } from './alipay/bills.ts'
import { serveGateway } from './alipay/gateway.ts'
import { alipayMethods } from './alipay/methods.ts'
import { alipayDialect } from './alipay/notices.ts'
import { makeAlipayRefunds } from './alipay/refunds.ts'
import { makeTrades } from './alipay/trades.ts'
import { serveAlipayCashier, webPages } from './cashier/alipay.ts'
import { serveWechatCashier } from './cashier/wechat.ts'
import { makeClock } from './clock.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import { makeFaults } from './faults.ts'
import { loadKeys, writePrivately } from './keys.ts'
import { serveMail } from './mail.ts'
import { makeNotices } from './notices.ts'
import { serveAuthorize } from './open/authorize.ts'
import { makeCodes } from './open/codes.ts'
import { makeMessages } from './open/messages.ts'
import { serveOpenPlatform } from './open/routes.ts'
import { makeOutbox } from './outbox.ts'
import { servePages } from './pages/serve.ts'
import { makePeople } from './people.ts'
import { makePlants } from './plants.ts'
import { makeSchedule } from './schedule.ts'
import { DEFAULTS } from './settings.ts'
import { makeSigners, withSigners } from './signers.ts'
import { serveSms } from './sms.ts'
import { openStore } from './store.ts'
import { makeAbout } from './wechatPay/about.ts'
import { makeBills } from './wechatPay/bills.ts'
import { makeComplaints } from './wechatPay/complaints.ts'
import { serveV3 } from './wechatPay/gate.ts'
import { wechatDialect } from './wechatPay/notices.ts'
import { makeOrders } from './wechatPay/orders.ts'
import { makeRefunds } from './wechatPay/refunds.ts'
import { wechatPayRoutes } from './wechatPay/routes.ts'
import type { Settings, World } from './world.ts'

export type Sandbox = {
  url: string
  credentials: Credentials
  admin: Admin
  stop(): Promise<void>
}

export type SandboxOptions = {
  /** Where keys, data and credentials.json are kept; without it everything stays in memory. */
  dir?: string
  /** 0 (the default) takes any free port. */
  port?: number
  host?: string
  /** Real time, or a test's own. */
  clock?: () => number
}

/** Starts the platforms' look-alike and writes the credentials a merchant would be given. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { dir, host = '127.0.0.1' } = options
  const world = await makeWorld(dir, options.clock)
  const { keys } = world.world
  const app = fastify({ bodyLimit: 1 << 20, forceCloseConnections: true })
  const write = (credentials: Credentials) => {
    if (dir) writePrivately(join(dir, 'credentials.json'), credentials)
  }
  const mail = await serveMail(world.world, host)
  const current = () =>
    withSigners(credentialsOf(keys, world.world.url(), mail.port), world.world.signers)
  const parts = makeParts(world.world, world.change, () => write(current()))
  const admin = makeAdmin(parts)
  await serveAll(app, parts, admin)
  const url = await app.listen({ port: options.port ?? 0, host })
  world.listening(url)
  const credentials = current()
  write(credentials)
  parts.world.schedule.wake()
  const stop = async () => {
    await parts.world.schedule.stop()
    await app.close()
    await mail.stop()
  }
  return { url, credentials, admin, stop }
}

async function makeWorld(dir: string | undefined, base: (() => number) | undefined) {
  const clock = makeClock(base)
  const store = openStore(dir && join(dir, 'data.jsonl'))
  const keys = await loadKeys(dir && join(dir, 'keys.json'), clock.wire())
  const report = (error: unknown) => console.error('sandbox:', error)
  const schedule = makeSchedule(store, clock, report)
  const kept = store.table<Settings>('settings')
  // What an older sandbox of this folder did not know yet has its default.
  const settings = () => ({ ...DEFAULTS, ...kept.get('settings') })
  let url = ''
  const apply = ({ offsetMs, speed }: Settings) => {
    clock.shift(offsetMs)
    schedule.speed(speed)
  }
  apply(settings())
  const world: World = {
    clock,
    store,
    schedule,
    faults: makeFaults(),
    keys,
    signers: makeSigners(store, clock, keys, settings),
    plants: makePlants(store),
    outbox: makeOutbox(store, clock),
    people: makePeople(store, keys.openIdSeed),
    settings,
    url: () => url,
    report,
  }
  return {
    world,
    listening(address: string) {
      url = address
    },
    change(changes: Partial<Settings>): Settings {
      const changed = kept.put({ ...settings(), ...changes })
      apply(changed)
      return changed
    },
  }
}

function makeParts(
  world: World,
  change: Parts['change'],
  keysChanged: Parts['keysChanged'],
): Parts {
  const notices = makeNotices(world, {
    wechat: wechatDialect(world),
    alipay: alipayDialect(world),
  })
  const orders = makeOrders(world, notices)
  const trades = makeTrades(world, notices)
  const refunds = makeRefunds(world, orders, notices)
  const alipayRefunds = makeAlipayRefunds(world, trades)
  return {
    world,
    notices,
    orders,
    refunds,
    trades,
    alipayRefunds,
    complaints: makeComplaints(world, orders, notices),
    bills: makeBills(world, orders, refunds),
    alipayBills: makeAlipayBills(world, trades, alipayRefunds),
    codes: makeCodes(world),
    messages: makeMessages(world),
    change,
    keysChanged,
  }
}

async function serveAll(app: FastifyInstance, parts: Parts, admin: Admin): Promise<void> {
  const { world, orders, refunds, trades, bills, alipayBills } = parts
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) world.report(error)
    return reply.code(status).send({ error: String((error as Error).message) })
  })
  await app.register(formbody)
  await app.register(async (v3) =>
    serveV3(
      v3,
      world,
      wechatPayRoutes(world, orders, refunds, bills, parts.complaints),
      makeAbout(orders, refunds),
    ),
  )
  serveGateway(app, world, alipayMethods(parts), webPages(trades), trades.numberOf)
  serveBillFiles(app, world, alipayBills)
  serveOpenPlatform(app, world, parts)
  serveAuthorize(app, world, parts.codes)
  serveSms(app, world)
  serveWechatCashier(app, world, orders)
  serveAlipayCashier(app, world, trades)
  serveAdmin(app, admin)
  servePages(app, admin, parts)
}
