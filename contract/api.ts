/**
 * Every endpoint of `/v1`: method, path, who may call, and the refusals it may answer in order of
 * precedence (after the ones any endpoint may answer, `everywhere`). Shapes: schema/wire.ts.
 */
import { actEndpoints } from './api/acts.ts'
import { auditEndpoints } from './api/audit.ts'
import { contactEndpoints } from './api/contact.ts'
import { couponEndpoints } from './api/coupons.ts'
import { disruptionEndpoints } from './api/disruptions.ts'
import { feedbackEndpoints } from './api/feedback.ts'
import { formEndpoints } from './api/form.ts'
import { funnelEndpoints } from './api/funnel.ts'
import { insightEndpoints } from './api/insight.ts'
import { messageEndpoints } from './api/messages.ts'
import { moneyEndpoints } from './api/money.ts'
import { negotiationEndpoints } from './api/negotiations.ts'
import { peopleEndpoints } from './api/people.ts'
import { privacyEndpoints } from './api/privacy.ts'
import { queueEndpoints } from './api/queue.ts'
import { registrationEndpoints } from './api/registrations.ts'
import { resourceEndpoints } from './api/resource.ts'
import { scheduleEndpoints } from './api/schedule.ts'
import { settingEndpoints } from './api/settings.ts'
import { slotEndpoints } from './api/slots.ts'
import { waitEndpoints } from './api/waits.ts'
import { wordingEndpoints } from './api/wording.ts'
import type { Right } from './people.ts'
import type { RefusalCode } from './refusals.ts'

export interface Endpoint {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  path: string
  /** anyone; user: a signed-in person; merchant: a signed-in person of the console. */
  who: 'anyone' | 'user' | 'merchant'
  /** merchant only: what the person's role must allow, else `forbidden`. */
  right?: Right
  /** Largest body, bytes, where the general 128 KB are too small. */
  bodyBytes?: number
  /** Requests a minute from one address, where the general limit is too generous. */
  perMinute?: number
  /** One line for /docs. */
  does: string
  refusals: readonly RefusalCode[]
}

/** Any endpoint may answer these, in this order, before its own. */
export const everywhere = [
  'malformed',
  'too_large',
  'too_many_requests',
  'unavailable',
  'internal',
] as const satisfies readonly RefusalCode[]

const slotRefusals = ['slot_gone', 'slot_past', 'slot_closed', 'slot_checking'] as const

const holdRefusals = [
  'order_id_reused',
  'too_busy',
  'queued',
  ...slotRefusals,
  'party_invalid',
  'limit_reached',
  'held_too_often',
  'staff_busy',
  'room_busy',
  'slot_full',
  'party_too_large',
] as const satisfies readonly RefusalCode[]

export const endpoints = {
  sendSignInCode: {
    method: 'POST',
    path: '/v1/sign-in-codes',
    who: 'anyone',
    perMinute: 30,
    does: 'Sends a sign-in code by SMS; the answer never tells whether the number is known',
    refusals: [],
  },
  createSession: {
    method: 'POST',
    path: '/v1/sessions',
    who: 'anyone',
    does: 'Signs a person in by an SMS code (H5) or a host’s login code',
    refusals: ['code_wrong', 'sign_in_failed'],
  },
  deleteSession: {
    method: 'DELETE',
    path: '/v1/sessions/current',
    who: 'user',
    does: 'Signs out',
    refusals: [],
  },
  getMe: { method: 'GET', path: '/v1/me', who: 'user', does: 'Who is signed in', refusals: [] },
  putMe: {
    method: 'PUT',
    path: '/v1/me',
    who: 'user',
    does: 'Changes what the signed-in person is called (R2)',
    refusals: [],
  },
  getWechatSignIn: {
    method: 'GET',
    path: '/v1/wechat-sign-in',
    who: 'anyone',
    does: 'Where WeChat’s own browser goes to sign a person in; null without an official account',
    refusals: [],
  },
  putIdentity: {
    method: 'PUT',
    path: '/v1/me/identities/:host',
    who: 'user',
    does: 'Adds a host’s identity to the signed-in person, so that they can pay there (P1)',
    refusals: ['sign_in_failed'],
  },

  listServices: {
    method: 'GET',
    path: '/v1/services',
    who: 'anyone',
    does: 'The services on offer',
    refusals: [],
  },
  getService: {
    method: 'GET',
    path: '/v1/services/:id',
    who: 'anyone',
    does: 'One service with its staff, branches, reviews and form (B1)',
    refusals: ['not_found'],
  },
  listSlots: {
    method: 'GET',
    path: '/v1/services/:id/slots',
    who: 'anyone',
    does: 'Days and slots of a service, from and to inclusive, at most 31 days (B2)',
    refusals: ['not_found'],
  },

  listOrders: {
    method: 'GET',
    path: '/v1/orders',
    who: 'user',
    does: 'The caller’s orders, newest first',
    refusals: [],
  },
  putOrder: {
    method: 'PUT',
    path: '/v1/orders/:id',
    who: 'user',
    does: 'Holds seats (B4). The caller names the order first; the same again is the same order',
    refusals: holdRefusals,
  },
  putOrders: {
    method: 'PUT',
    path: '/v1/orders',
    who: 'user',
    does: 'Holds seats in several slots of one service at once, all or none (B6); named and repeated as putOrder',
    refusals: holdRefusals,
  },
  getOrder: {
    method: 'GET',
    path: '/v1/orders/:id',
    who: 'user',
    does: 'One order, with everything a page needs to go on with it',
    refusals: ['not_found'],
  },
  cancelOrder: {
    method: 'DELETE',
    path: '/v1/orders/:id',
    who: 'user',
    does: 'Cancels by the service’s rule: closes an open payment first, refunds what is owed (B9)',
    refusals: ['not_found', 'order_state', 'payment_pending', 'fee_changed'],
  },

  getDraft: {
    method: 'GET',
    path: '/v1/orders/:id/draft',
    who: 'user',
    does: 'The saved answers of an unfinished registration (R6)',
    refusals: ['not_found'],
  },
  putDraft: {
    method: 'PUT',
    path: '/v1/orders/:id/draft',
    who: 'user',
    does: 'Saves answers; per field the newest wins (R6, R8)',
    refusals: ['not_found', 'order_state'],
  },
  putRegistration: {
    method: 'PUT',
    path: '/v1/orders/:id/registration',
    who: 'user',
    // It tells whose phone or ID is registered already: nobody tries many.
    perMinute: 30,
    does: 'Submits the form: locks the price and starts the payment clock (R3, R4, P6)',
    refusals: [
      'not_found',
      'form_changed',
      'invalid_fields',
      'outside_area',
      'hold_expired',
      'order_state',
      'already_registered',
    ],
  },

  createPayment: {
    method: 'POST',
    path: '/v1/orders/:id/payments',
    who: 'user',
    does: 'Opens a payment at the provider; the caller names it first (P1)',
    refusals: [
      'not_found',
      'payment_id_reused',
      'not_registered',
      'already_paid',
      'hold_expired',
      'order_state',
      'payment_too_late',
      'method_not_offered',
      'payment_pending',
      'gateway_refused',
    ],
  },
  getPayment: {
    method: 'GET',
    path: '/v1/payments/:id',
    who: 'user',
    does: 'One payment; a pending one is asked for at the provider first (P10)',
    refusals: ['not_found'],
  },
  ...moneyEndpoints,
  ...queueEndpoints,
  ...waitEndpoints,
  ...negotiationEndpoints,
  ...disruptionEndpoints,
  ...feedbackEndpoints,
  ...scheduleEndpoints,
  ...resourceEndpoints,
  ...registrationEndpoints,
  ...insightEndpoints,
  ...funnelEndpoints,
  ...auditEndpoints,
  ...messageEndpoints,
  ...formEndpoints,
  ...contactEndpoints,
  ...privacyEndpoints,

  createConsoleSession: {
    method: 'POST',
    path: '/v1/console/sessions',
    who: 'anyone',
    does: 'Signs a person of the merchant in',
    refusals: ['password_wrong', 'second_code', 'second_wrong'],
  },
  ...settingEndpoints,
  ...couponEndpoints,
  ...wordingEndpoints,
  ...peopleEndpoints,
  ...actEndpoints,
  deleteConsoleSession: {
    method: 'DELETE',
    path: '/v1/console/sessions/current',
    who: 'merchant',
    does: 'Signs out of the console',
    refusals: [],
  },
  getConsoleMe: {
    method: 'GET',
    path: '/v1/console/me',
    who: 'merchant',
    does: 'Who is signed in to the console',
    refusals: [],
  },
  getToday: {
    method: 'GET',
    path: '/v1/console/today',
    who: 'merchant',
    does: 'Today’s money and orders (M3)',
    refusals: [],
  },
  listConsoleOrders: {
    method: 'GET',
    path: '/v1/console/orders',
    who: 'merchant',
    does: 'Orders, newest first, 50 a page (M1)',
    refusals: [],
  },
  getConsoleOrder: {
    method: 'GET',
    path: '/v1/console/orders/:id',
    who: 'merchant',
    does: 'One order with its events and the evidence of its money',
    refusals: ['not_found'],
  },
  listConsoleServices: {
    method: 'GET',
    path: '/v1/console/services',
    who: 'merchant',
    does: 'Services, staff and branches for the console’s choices',
    refusals: [],
  },
  ...slotEndpoints,
} as const satisfies Record<string, Endpoint>

export type EndpointName = keyof typeof endpoints
