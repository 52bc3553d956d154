/** The HTTP server: the contract's endpoints, notices, live sockets, documents, the built fronts. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { amendmentRoutes } from './amendment/amendment.routes.ts'
import { attendanceRoutes } from './attendance/attendance.routes.ts'
import { auditorRoutes } from './auditor/auditor.routes.ts'
import { bookingRoutes } from './booking/booking.routes.ts'
import { resourceRoutes } from './booking/resource.routes.ts'
import { scheduleRoutes } from './booking/schedule/schedule.routes.ts'
import { SHIPPED } from './booking/servicePhotos.ts'
import { settingRoutes } from './booking/settings.routes.ts'
import { slotRoutes } from './booking/slot.routes.ts'
import { checkInRoutes } from './checkIn/checkIn.routes.ts'
import { couponRoutes } from './coupons/coupons.routes.ts'
import { disruptionRoutes } from './disruption/disruption.routes.ts'
import { complaintNotices, feedbackRoutes } from './feedback/feedback.routes.ts'
import { sharedCounts } from './http/counts.ts'
import { drainable } from './http/drain.ts'
import { sendError, sendRefusal } from './http/errors.ts'
import { isChatty, observe } from './http/observe.ts'
import { readiness } from './http/ready.ts'
import { readyReplies } from './http/readyReplies.ts'
import type { CacheOptions } from './live/cache.ts'
import { type LiveLimits, liveRoutes, socketOptions } from './live/live.ts'
import { createMetrics, type Metrics, watchDatabase } from './metrics/metrics.ts'
import { negotiationRoutes } from './negotiation/negotiation.routes.ts'
import { nudgeRoutes } from './nudge/nudge.routes.ts'
import type { Parts } from './parts.ts'
import { billRoutes } from './payment/bills/bills.routes.ts'
import { deliveryRoutes } from './payment/delivery.routes.ts'
import { moneyGauges } from './payment/gauges.ts'
import { moveRoutes } from './payment/move.routes.ts'
import { noticeRoutes, paymentRoutes } from './payment/payment.routes.ts'
import { proofRoutes } from './payment/proof.routes.ts'
import { refundRoutes } from './payment/refund.routes.ts'
import { accountRoutes } from './people/accounts.routes.ts'
import { peopleRoutes } from './people/people.routes.ts'
import { pictureRoutes } from './picture/picture.routes.ts'
import { privacyRoutes } from './privacy/privacy.routes.ts'
import { queueRoutes } from './queue/queue.routes.ts'
import { receiptRoutes } from './receipt/receipt.routes.ts'
import { formRoutes } from './registration/form.routes.ts'
import { registrationRoutes } from './registration/registration.routes.ts'
import { messageRoutes } from './reminder/messages.routes.ts'
import { actRoutes } from './report/acts.routes.ts'
import { insightRoutes } from './report/insight.routes.ts'
import { registrationListRoutes } from './report/registrations/registrations.routes.ts'
import { reportRoutes } from './report/report.routes.ts'
import { visitRoutes } from './visits/visits.routes.ts'
import { waitRoutes } from './waits/waits.routes.ts'

z.config(z.locales.zhCN())

export interface AppOptions {
  log: FastifyBaseLogger
  /** Requests a minute from one session or address. */
  requestsPerMinute: number
  /** Whose word is taken for a caller's address (X-Forwarded-For); this machine's own by default. */
  trustedProxies?: string
  /** Folders of the built fronts; what is not there is not served. */
  h5Dir?: string
  consoleDir?: string
  /** Tests: other ages of what is cached. */
  cache?: CacheOptions
  /** Tests: other limits of live sockets. */
  live?: Partial<LiveLimits>
  /** Tests: refuse our own replies that do not fit the contract. */
  checkReplies?: boolean
}

/** Default of settings.ts. */
const USUAL_REQUESTS_PER_MINUTE = 1200
/** Drafts and forms are small; anything larger is a mistake or an attack. */
const BODY_BYTES = 128 * 1024
/** A phone that lost its network never answers that its socket is closed: not waited for. */
const sockets = { ...socketOptions, closeTimeout: 2_000 }

export async function buildApp(given: Parts, options: AppOptions): Promise<FastifyInstance> {
  const metrics = given.metrics ?? createMetrics()
  // Not a copy: what a test puts in other hands later is in other hands here too.
  const parts: Parts & { metrics: Metrics } = Object.create(given, { metrics: { value: metrics } })
  const ready = readyReplies(() => !app.isDraining() && !isChatty(options.log.level))
  const app = Fastify({
    serverFactory: ready.serverFactory,
    loggerInstance: options.log,
    bodyLimit: BODY_BYTES,
    trustProxy: options.trustedProxies ?? 'loopback',
    genReqId: () => randomUUID(),
    frameworkErrors: sendError,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  })
  app.decorate('readyReplies', ready)
  app.decorate('checkReplies', options.checkReplies ?? false)
  // An endpoint's own limit follows the general one when an operator or a test moves that.
  const share = options.requestsPerMinute / USUAL_REQUESTS_PER_MINUTE
  app.decorate('limitOf', (perMinute = USUAL_REQUESTS_PER_MINUTE) =>
    Math.max(1, Math.round(perMinute * share)),
  )
  app.setValidatorCompiler(validatorCompiler)
  emptyIsNothing(app)
  drainable(app)
  // Replies are checked by types and tests, not again at each request (measured: zod halves the rate).
  app.setSerializerCompiler(() => JSON.stringify)
  app.setErrorHandler(sendError)
  observe(app, metrics.requestsOf)
  parts.bus.onGap(metrics.busGap)
  await app.register(cors, { origin: true, methods: ['GET', 'PUT', 'POST', 'DELETE'] })
  await app.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => request.headers.authorization ?? request.ip,
    // Who is over it hears how long to wait; the others need no three headers more.
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
    ...(parts.redis && { store: sharedCounts(parts.redis) }),
  })
  await app.register(websocket, { options: sockets, preClose: sendElsewhere })
  await documents(app)
  await app.register(async (routes) => {
    peopleRoutes(routes, parts)
    accountRoutes(routes, parts)
    bookingRoutes(routes, parts, options.cache)
    scheduleRoutes(routes, parts)
    slotRoutes(routes, parts)
    resourceRoutes(routes, parts)
    settingRoutes(routes, parts)
    couponRoutes(routes, parts)
    registrationRoutes(routes, parts)
    formRoutes(routes, parts)
    privacyRoutes(routes, parts)
    paymentRoutes(routes, parts)
    moveRoutes(routes, parts)
    refundRoutes(routes, parts)
    deliveryRoutes(routes, parts)
    pictureRoutes(routes, parts)
    proofRoutes(routes, parts)
    receiptRoutes(routes, parts)
    queueRoutes(routes, parts)
    waitRoutes(routes, parts)
    visitRoutes(routes, parts)
    negotiationRoutes(routes, parts)
    disruptionRoutes(routes, parts)
    feedbackRoutes(routes, parts)
    billRoutes(routes, parts)
    reportRoutes(routes, parts)
    actRoutes(routes, parts)
    registrationListRoutes(routes, parts)
    insightRoutes(routes, parts)
    auditorRoutes(routes, parts)
    messageRoutes(routes, parts)
    attendanceRoutes(routes, parts)
    checkInRoutes(routes, parts)
    nudgeRoutes(routes, parts)
    amendmentRoutes(routes, parts)
    liveRoutes(routes, parts, options.live)
  })
  await app.register(async (routes) => {
    await noticeRoutes(routes, parts)
    complaintNotices(routes, parts)
  })
  health(app, parts)
  readiness(app, parts)
  await app.register((pages) => fronts(pages, options))
  return app
}

/** 1001, going away: a phone opens its socket again, and nginx leads it to another node. */
function sendElsewhere(this: FastifyInstance, done: (error?: Error) => void): void {
  for (const socket of this.websocketServer.clients) socket.close(1001, 'restarting')
  this.websocketServer.close(done)
}

/** WeChat and Alipay call every request JSON, also those without a body: an empty one is none. */
function emptyIsNothing(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}

/** The OpenAPI document. */
async function documents(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: '即约 Jiyue API', version: '1', description: 'Book, register, pay.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
  })
}

function health(app: FastifyInstance, parts: Parts & { metrics: Metrics }): void {
  const { registry } = parts.metrics
  watchDatabase(parts.metrics, parts)
  moneyGauges(registry, parts)
  parts.metrics.queueIs(parts.queue.meter.now)
  app.addHook('onClose', () => registry.clear())
  const schema = { hide: true }
  app.get('/healthz', { schema }, () => ({ ok: true }))
  app.get('/metrics', { schema }, async (_, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/**
 * What a browser shows: pictures, the document's page, the console under /console/, H5 under / with its
 * own routes in the browser. Only here the headers that tell a browser what a page may do: on JSON they
 * would be a third of the bytes and of the time.
 */
async function fronts(app: FastifyInstance, { h5Dir, consoleDir }: AppOptions): Promise<void> {
  await app.register(helmet, { contentSecurityPolicy: false, crossOriginResourcePolicy: false })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  const served = (dir: string | undefined): dir is string => dir !== undefined && existsSync(dir)
  await app.register(fastifyStatic, { root: SHIPPED, prefix: '/photos/', maxAge: '1d' })
  if (served(consoleDir)) {
    await app.register(fastifyStatic, { root: consoleDir, prefix: '/console/', ...files })
  }
  if (served(h5Dir)) await app.register(fastifyStatic, { root: h5Dir, prefix: '/', ...files })
  app.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (isPage && served(consoleDir) && /^\/console(\/|$)/.test(request.url)) {
      return reply.sendFile('index.html', consoleDir)
    }
    if (isPage && served(h5Dir) && !request.url.startsWith('/v1/')) {
      return reply.sendFile('index.html', h5Dir)
    }
    return sendRefusal(request, reply, { refused: 'not_found' })
  })
}

/** File names carry hashes, so they never change; the page that names them is always asked for. */
const files: Pick<FastifyStaticOptions, 'decorateReply' | 'setHeaders'> = {
  decorateReply: false,
  setHeaders(response, file) {
    const forEver =
      /\.[0-9a-zA-Z_-]{8,}\.(js|css|png|svg|woff2)$|[/-][\w-]+-[\w-]{8}\.(js|css)$/.test(file)
    response.header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
  },
}
