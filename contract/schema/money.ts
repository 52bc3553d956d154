/** Shapes of contract/api/money.ts. */
import { z } from 'zod'
import { billStates, differenceKinds, differenceStates } from '../bill.ts'
import { orderStates } from '../order.ts'
import { type OfflineWay, offlineWays } from '../payment.ts'
import { proofFlags } from '../proof.ts'
import * as part from './parts.ts'

const { id, day, instant, strict, fen, method, cursor } = part
const byId = strict({ id })
const keys = <K extends string>(table: Record<K, unknown>) =>
  z.enum(Object.keys(table) as [K, ...K[]])
const next = z.string().nullable()
const money = z.object({ count: z.int(), amountFen: fen })

const receipt = z.object({
  code: z.string(),
  orderNumber: z.string(),
  payee: z.string(),
  payer: z.string(),
  service: z.string(),
  slot: z.object({ startsAt: instant, endsAt: instant }),
  lines: z.array(z.object({ label: z.string(), amountFen: fen })),
  paidFen: fen,
  method: part.moneyMethod,
  paidAt: instant,
  transactionId: z.string().nullable(),
  issuedAt: instant,
})

const consoleRefund = part.refund.extend({
  refundNo: z.string(),
  orderId: id,
  orderNumber: z.string(),
  serviceName: z.string(),
  person: z.string(),
  method: part.moneyMethod,
  by: z.string(),
  /** The person of the merchant behind `by`. */
  byName: z.string().nullable(),
  note: z.string().nullable(),
  /** The provider's word for why it failed or was closed. */
  failure: z.string().nullable(),
  tries: z.int(),
  /** How it was paid back without the provider; null when it was not. */
  otherwise: z
    .object({ note: z.string(), evidence: z.string(), byName: z.string().nullable() })
    .nullable(),
  /** What a person may do now. */
  ways: z.array(z.enum(['again', 'merchant_account', 'otherwise'])),
})

const consoleProof = part.proof.extend({
  orderId: id,
  orderNumber: z.string(),
  serviceName: z.string(),
  person: z.string(),
  phoneMasked: z.string().nullable(),
  method,
  payableFen: fen,
  transactionId: z.string().nullable(),
  tradeNo: z.string(),
  pictureId: id,
  flags: z.array(keys(proofFlags)),
  /** What the provider last said of the payment, and when. */
  gatewayState: z.string().nullable(),
  gatewayAt: instant.nullable(),
  decidedBy: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: instant.nullable(),
})

const reconciled = z.object({
  paid: money,
  refunded: money,
  /** Paid less refunded. */
  netFen: fen,
})

const bill = z.object({
  method,
  day,
  state: keys(billStates),
  rows: z.int().nullable(),
  paidFen: fen.nullable(),
  refundedFen: fen.nullable(),
  openDifferences: z.int(),
  failure: z.string().nullable(),
  matchedAt: instant.nullable(),
})

const difference = z.object({
  id,
  method,
  day,
  kind: keys(differenceKinds),
  about: z.enum(['trade', 'refund']),
  tradeNo: z.string(),
  refundNo: z.string().nullable(),
  order: z.object({ id, number: z.string() }).nullable(),
  oursFen: fen.nullable(),
  theirsFen: fen.nullable(),
  oursState: z.string().nullable(),
  theirsState: z.string().nullable(),
  state: keys(differenceStates),
  resolution: z.string().nullable(),
  by: z.string().nullable(),
  byName: z.string().nullable(),
  foundAt: instant,
  resolvedAt: instant.nullable(),
})

export const moneyWire = {
  putReturn: {
    params: byId,
    /** The query the cashier came back with, for the record; it is no proof of anything. */
    body: strict({ query: z.string().max(4000) }),
    reply: part.payment,
  },

  getMoveQuote: {
    params: byId,
    query: strict({ slotId: id }),
    reply: z.object({
      feeFen: fen,
      /** New price less the price paid; negative when the new slot is cheaper. */
      differenceFen: fen,
      /** To pay before it happens. */
      dueFen: fen,
      /** Given back when it happens. */
      refundFen: fen,
      quote: part.quote,
      rule: z.string(),
      now: instant,
    }),
  },
  putMove: {
    params: byId,
    /** The amounts the person saw; others now → `price_changed`. */
    body: strict({ orderId: id, slotId: id, dueFen: fen, refundFen: fen }),
    reply: z.object({ move: part.move, order: part.order }),
  },
  deleteMove: { params: byId, reply: z.object({ move: part.move, order: part.order }) },

  putPicture: {
    params: byId,
    body: strict({ base64: z.base64().min(8) }),
    reply: z.object({ id, width: z.int(), height: z.int() }),
  },
  putProof: {
    params: byId,
    body: strict({
      orderId: id,
      pictureId: id,
      paidFen: z.int().min(1).max(100_000_000),
      transactionId: z
        .string()
        .regex(/^[0-9A-Za-z]{8,64}$/, '请输入支付账单中的交易单号')
        .optional(),
    }),
    reply: part.order,
  },

  putReceipt: {
    params: byId,
    /** Paths under our public address: the page that verifies it, and the PDF. */
    reply: z.object({ code: z.string(), verifyPath: z.string(), pdfPath: z.string() }),
  },
  getReceipt: {
    params: strict({ code: z.string().min(1).max(40) }),
    reply: z.object({
      receipt,
      /** Given back since it was issued, and on its way. */
      refundedFen: fen,
      now: instant,
    }),
  },

  listRefunds: {
    query: strict({ state: z.string().max(20).optional(), after: cursor.optional() }),
    reply: z.object({ refunds: z.array(consoleRefund), next, now: instant }),
  },
  putRefund: {
    params: byId,
    body: strict({
      orderId: id,
      amountFen: z.int().min(1).max(100_000_000),
      note: z.string().trim().min(1, '请填写退款原因').max(200),
    }),
    reply: z.object({ refunds: z.array(part.refund) }),
  },
  retryRefund: {
    params: byId,
    body: strict({ way: z.enum(['again', 'merchant_account']) }),
    reply: part.refund,
  },
  putOtherwise: {
    params: byId,
    body: strict({
      note: z.string().trim().min(1, '请填写退还方式与原因').max(200),
      evidence: z.string().trim().min(1, '请填写凭据').max(200),
    }),
    reply: part.refund,
  },

  listProofs: {
    query: strict({ state: z.enum(['submitted', 'decided']), after: cursor.optional() }),
    reply: z.object({ proofs: z.array(consoleProof), next, waiting: z.int(), now: instant }),
  },
  getPicture: {
    params: byId,
    reply: part.picture,
  },
  putDecision: {
    params: byId,
    body: z.discriminatedUnion('decision', [
      /** What was really paid, read from the picture and the merchant's account. */
      strict({
        decision: z.literal('approve'),
        paidFen: z.int().min(1).max(100_000_000),
        transactionId: z
          .string()
          .regex(/^[0-9A-Za-z]{8,64}$/, '请输入交易单号')
          .nullable(),
        reason: z.string().trim().max(200).default(''),
      }),
      strict({
        decision: z.literal('reject'),
        reason: z.string().trim().min(1, '请填写原因').max(200),
      }),
    ]),
    reply: consoleProof,
  },

  getReconciliation: {
    query: strict({
      from: day,
      to: day,
      per: z.enum(['day', 'week', 'month']),
      serviceId: id.optional(),
    }),
    reply: z.object({
      total: reconciled,
      periods: z.array(
        reconciled.extend({
          from: day,
          to: day,
          byMethod: z.array(reconciled.extend({ method: part.moneyMethod })),
        }),
      ),
      services: z.array(reconciled.extend({ serviceId: id, serviceName: z.string() })),
      /** Discounts given on what was paid in that time; amounts are positive. */
      promotions: z.array(money.extend({ label: z.string() })),
      openDifferences: z.int(),
      now: instant,
    }),
  },
  listBills: {
    query: strict({ from: day, to: day }),
    reply: z.object({ bills: z.array(bill), now: instant }),
  },
  putBill: { params: strict({ method, day }), reply: bill },
  listDifferences: {
    query: strict({
      state: keys(differenceStates).optional(),
      method: method.optional(),
      day: day.optional(),
      after: cursor.optional(),
    }),
    reply: z.object({ differences: z.array(difference), next, open: z.int(), now: instant }),
  },
  putResolution: {
    params: byId,
    body: strict({ note: z.string().trim().min(1, '请填写处理结果').max(300) }),
    reply: difference,
  },

  listDeliveries: {
    reply: z.object({
      deliveries: z.array(
        z.object({
          id,
          orderId: id,
          orderNumber: z.string(),
          serviceName: z.string(),
          amountFen: fen,
          state: z.enum(['waiting', 'failed']),
          failure: z.string().nullable(),
          tries: z.int(),
          since: instant,
          late: z.boolean(),
        }),
      ),
      now: instant,
    }),
  },
  retryDelivery: { params: byId, reply: z.object({}) },
  putConsolePicture: {
    params: byId,
    body: strict({ base64: z.base64().min(8) }),
    reply: z.object({ id, width: z.int(), height: z.int() }),
  },
  putOfflinePayment: {
    params: byId,
    body: strict({
      orderId: id,
      amountFen: z.int().min(1).max(100_000_000),
      way: z.enum(Object.keys(offlineWays) as [OfflineWay]),
      number: z
        .string()
        .trim()
        .regex(/^[0-9A-Za-z-]{4,64}$/, '请输入 4 到 64 位流水号')
        .nullable(),
      evidence: z.string().trim().max(200),
      pictureId: id.nullable(),
      receivedBy: z.string().trim().min(1, '请填写收款人').max(40),
      reason: z.string().trim().min(1, '请写明原因').max(200),
      /** It is here and cannot be handed back now: written down also where it is owed back at once. */
      owe: z.boolean(),
    }).refine(({ evidence, pictureId }) => evidence !== '' || pictureId !== null, {
      message: '请填写凭据或上传图片',
      path: ['evidence'],
    }),
    reply: z.object({}),
  },
  putOrderState: {
    params: byId,
    body: strict({
      from: z.enum(orderStates),
      to: z.enum(orderStates),
      reason: z.string().trim().min(1, '请写明原因').max(200),
    }),
    reply: z.object({}),
  },
  putCancellation: {
    params: byId,
    body: strict({
      reason: z.string().trim().min(1).max(60),
      /** whole: everything goes back; rule: as if they had cancelled now. */
      refund: z.enum(['whole', 'rule']),
    }),
    reply: z.object({}),
  },
} as const

export type ConsoleRefund = z.output<typeof consoleRefund>
export type ConsoleProof = z.output<typeof consoleProof>
export type Bill = z.output<typeof bill>
export type Difference = z.output<typeof difference>
