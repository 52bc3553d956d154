/**
 * What goes over each endpoint of contract/api.ts: zod for params, query, body and reply.
 * The server checks requests with it and builds /docs from it; fronts import its types only.
 */
import { z } from 'zod'
import type { EndpointName } from '../api.ts'
import { groupMost } from '../group.ts'
import { type OfflineWay, offlineWays } from '../payment.ts'
import { actsWire } from './acts.ts'
import { auditWire } from './audit.ts'
import { contactWire } from './contact.ts'
import { couponWire } from './coupons.ts'
import { disruptionWire } from './disruptions.ts'
import { feedbackWire } from './feedback.ts'
import { formWire } from './form.ts'
import { funnelWire } from './funnel.ts'
import { insightWire } from './insight.ts'
import { consoleMessage, consoleNudge, messagesWire } from './messages.ts'
import { moneyWire } from './money.ts'
import { negotiationWire } from './negotiations.ts'
import * as part from './parts.ts'
import { peopleWire } from './people.ts'
import { privacyWire } from './privacy.ts'
import { queueWire } from './queue.ts'
import { amendment, registrationWire } from './registrations.ts'
import { resourceWire } from './resource.ts'
import { scheduleWire } from './schedule.ts'
import { settingsWire } from './settings.ts'
import { slotWire } from './slots.ts'
import { waitWire } from './waits.ts'
import { wordingWire } from './wording.ts'

const { id, day, instant, strict, fen } = part
const byId = strict({ id })
const nothing = z.object({})

export interface Shape {
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  reply: z.ZodType
}

const phone = z.string().regex(/^1[3-9]\d{9}$/, '请输入 11 位有效手机号')

const money = z.object({ amountFen: fen, count: z.int() })

const consoleOrder = part.orderCard.extend({
  person: z.string(),
  phoneMasked: z.string().nullable(),
  payment: part.payment.nullable(),
  refundedFen: fen,
})

export const wire = {
  sendSignInCode: {
    body: strict({ phone }),
    /** Seconds until another code may be asked for. */
    reply: z.object({ resendAfterSeconds: z.int() }),
  },
  createSession: {
    body: z.discriminatedUnion('host', [
      strict({ host: z.literal('h5'), phone, code: z.string().regex(/^\d{6}$/) }),
      strict({
        host: z.enum(['weapp', 'alipay', 'wechat-browser']),
        code: z.string().min(1).max(256),
      }),
    ]),
    reply: z.object({ token: z.string(), expiresAt: instant, user: part.user }),
  },
  deleteSession: { reply: nothing },
  getMe: { reply: part.user },
  putMe: { body: strict({ name: z.string().trim().min(1).max(20) }), reply: part.user },
  /** `authorizeUrl` wants `redirect_uri` and `state` filled in by the front. */
  getWechatSignIn: {
    reply: z.object({
      wechat: z.object({ appId: z.string(), authorizeUrl: z.string() }).nullable(),
    }),
  },
  putIdentity: {
    params: strict({ host: z.literal('wechat-browser') }),
    body: strict({ code: z.string().min(1).max(256) }),
    reply: part.user,
  },

  listServices: {
    reply: z.object({
      merchant: z.object({ name: z.string() }),
      services: z.array(part.serviceCard),
      now: instant,
    }),
  },
  getService: { params: byId, reply: part.service },
  listSlots: {
    params: byId,
    query: strict({ from: day, to: day }),
    reply: z.object({
      days: z.array(part.dayInfo),
      slots: z.array(part.slot),
      now: instant,
    }),
  },

  listOrders: { reply: z.object({ orders: z.array(part.orderCard), now: instant }) },
  putOrder: {
    params: byId,
    body: strict({ slotId: id, party: z.int().min(1).max(500) }),
    reply: part.order,
  },
  putOrders: {
    body: strict({
      orders: z
        .array(strict({ id, slotId: id, party: z.int().min(1).max(500) }))
        .min(2)
        .max(groupMost),
    }),
    reply: z.object({ orders: z.array(part.order), now: instant }),
  },
  getOrder: { params: byId, reply: part.order },
  cancelOrder: {
    params: byId,
    /** The fee the person saw, fen; a higher one by now → `fee_changed`. */
    query: strict({ feeFen: z.coerce.number().int().min(0).optional() }),
    reply: part.order,
  },

  getDraft: { params: byId, reply: part.draft },
  putDraft: {
    params: byId,
    body: strict({
      values: z.record(z.string().max(64), part.draftEdit),
      step: z.int().min(0).max(9),
    }),
    reply: part.draft,
  },
  putRegistration: {
    params: byId,
    body: strict({
      formVersion: z.int(),
      values: z.record(z.string().max(64), z.unknown()),
      /** The privacy text that was shown beside the button (contract/privacy.ts). */
      agreed: z.int().min(1).max(10_000).optional(),
    }),
    reply: part.order,
  },

  createPayment: {
    params: byId,
    body: strict({
      id,
      method: part.method,
      scene: part.scene,
      /** Pays the difference of this open move instead of the order itself (B9). */
      moveId: id.optional(),
      /** H5 only: a path of our own app to come back to. */
      returnPath: z
        .string()
        .regex(/^\/(?!\/)/)
        .max(200)
        .optional(),
    }),
    reply: part.payment.extend({
      params: z.discriminatedUnion('way', [
        z.object({
          way: z.literal('wechat-jsapi'),
          appId: z.string(),
          timeStamp: z.string(),
          nonceStr: z.string(),
          package: z.string(),
          signType: z.literal('RSA'),
          paySign: z.string(),
        }),
        z.object({ way: z.literal('alipay-trade'), tradeNo: z.string() }),
        z.object({ way: z.literal('redirect'), url: z.string() }),
        z.object({ way: z.literal('qr'), codeUrl: z.string() }),
        z.object({ way: z.literal('none') }),
      ]),
    }),
  },
  /** Asks the provider when the payment is still pending: the truth, not a cache. */
  getPayment: { params: byId, reply: part.payment },
  ...moneyWire,
  ...queueWire,
  ...waitWire,
  ...negotiationWire,
  ...disruptionWire,
  ...feedbackWire,
  ...scheduleWire,
  ...resourceWire,
  ...registrationWire,
  ...insightWire,
  ...funnelWire,
  ...auditWire,
  ...messagesWire,
  ...formWire,
  ...contactWire,
  ...privacyWire,

  ...settingsWire,
  ...couponWire,
  ...wordingWire,
  ...peopleWire,
  ...actsWire,
  getToday: {
    reply: z.object({
      paid: money,
      /** Went back today, whenever it had been paid. */
      refunded: money,
      byMethod: z.array(money.extend({ method: part.moneyMethod })),
      holds: z.int(),
      unpaid: z.int(),
      confirmed: z.int(),
      now: instant,
    }),
  },
  listConsoleOrders: {
    query: strict({
      state: z.string().max(20).optional(),
      serviceId: id.optional(),
      staffId: id.optional(),
      /** Those that have a place in this slot now. */
      slotId: id.optional(),
      /** Days of their slots, both included. */
      from: day.optional(),
      to: day.optional(),
      /** An order number, its beginning or last digits; a phone number; a part of the service's or the person's name. */
      text: z.string().max(50).optional(),
      /** `createdAt,id` of the last row shown, as `next` said it. */
      after: part.cursor.optional(),
    }),
    reply: z.object({
      orders: z.array(consoleOrder),
      next: z.string().nullable(),
      now: instant,
    }),
  },
  getConsoleOrder: {
    params: byId,
    reply: part.order.extend({
      person: z.string(),
      phoneMasked: z.string().nullable(),
      events: z.array(
        z.object({
          at: instant,
          what: z.string(),
          by: z.string(),
          byName: z.string().nullable(),
          /** What they wrote. */
          reason: z.string().nullable(),
        }),
      ),
      /** Its payments, oldest first, with what may still be given back of each. */
      payments: z.array(
        part.payment.extend({
          refundableFen: fen,
          /** What stands behind money taken by hand (M7). */
          offline: z
            .object({
              way: z.enum(Object.keys(offlineWays) as [OfflineWay]),
              number: z.string().nullable(),
              evidence: z.string(),
              pictureId: id.nullable(),
              receivedBy: z.string(),
              reason: z.string(),
              byName: z.string().nullable(),
            })
            .nullable(),
        }),
      ),
      /** What people of the merchant changed of its registration, oldest first (M7). */
      amendments: z.array(amendment),
      /** What is to pay; null before it registered. A price is locked until it is paid. */
      owedFen: fen.nullable(),
      /** Rules of what may be done by hand (contract/byHand.ts). */
      handRules: z.object({ checkInEarlyMinutes: z.int(), correctDays: z.int() }),
      /** Of its deposit what goes back by itself; what is given back by hand is the deposit first. */
      depositLeftFen: fen,
      /** What we heard about its money, oldest first. */
      facts: z.array(
        z.object({
          at: instant,
          method: part.moneyMethod,
          heardBy: z.string(),
          state: z.string(),
          amountFen: fen,
          verdict: z.string(),
          reference: z.string().nullable(),
        }),
      ),
      /** It is checked in without asking from then on (B10). */
      checkInFrom: instant,
      /** What the person was told or will be, by due time (X3). */
      messages: z.array(consoleMessage),
      nudges: z.array(consoleNudge),
    }),
  },
  listConsoleServices: {
    reply: z.object({
      services: z.array(part.serviceCard),
      staff: z.array(part.staff.extend({ serviceIds: z.array(id) })),
      rooms: z.array(
        z.object({
          id,
          name: z.string(),
          branchId: id,
          /** People it holds. */
          seats: z.int(),
          serviceIds: z.array(id),
        }),
      ),
      branches: z.array(part.branch),
    }),
  },
  ...slotWire,
} as const satisfies Record<EndpointName, Shape>

type Wire = typeof wire
type Part<E extends EndpointName, K extends string> =
  Wire[E] extends Record<K, z.ZodType>
    ? object extends z.input<Wire[E][K]>
      ? { [P in K]?: z.input<Wire[E][K]> }
      : { [P in K]: z.input<Wire[E][K]> }
    : { [P in K]?: undefined }

/** What a caller gives: `{ params, query, body }`, each only where the endpoint has it. */
export type Input<E extends EndpointName> = Part<E, 'params'> & Part<E, 'query'> & Part<E, 'body'>
/** What a caller gets. */
export type Reply<E extends EndpointName> = z.output<Wire[E]['reply']>

export type ServiceCard = z.output<typeof part.serviceCard>
export type Service = z.output<typeof part.service>
export type Slot = z.output<typeof part.slot>
export type OrderCard = z.output<typeof part.orderCard>
export type Order = z.output<typeof part.order>
export type Payment = z.output<typeof part.payment>
export type Refund = z.output<typeof part.refund>
export type Draft = z.output<typeof part.draft>
export type DraftEdit = z.output<typeof part.draftEdit>
export type Form = z.output<typeof part.form>
export type User = z.output<typeof part.user>
export type ConsoleOrder = z.output<typeof consoleOrder>
export type ConsoleMessage = z.output<typeof consoleMessage>
export type ConsoleNudge = z.output<typeof consoleNudge>
export type { ConsoleSlot } from './slots.ts'
