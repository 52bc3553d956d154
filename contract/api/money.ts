/** Endpoints about money after the first payment: moves, proofs, receipts; refunds, bills (console). */
import type { Endpoint } from '../api.ts'

/** What a new slot may say no for, in order, as for a hold. */
const newSlot = [
  'slot_same',
  'slot_gone',
  'slot_past',
  'slot_closed',
  'staff_busy',
  'slot_full',
  'party_too_large',
  'already_registered',
] as const

export const moneyEndpoints = {
  putReturn: {
    method: 'PUT',
    path: '/v1/payments/:id/return',
    who: 'user',
    does: 'The person came back from the cashier: the provider is asked at once, the way is noted (P10)',
    refusals: ['not_found'],
  },

  getMoveQuote: {
    method: 'GET',
    path: '/v1/orders/:id/move-quote',
    who: 'user',
    does: 'What moving to another slot would cost or give back, before the tap (B9)',
    refusals: ['not_found', 'order_state', ...newSlot],
  },
  putMove: {
    method: 'PUT',
    path: '/v1/moves/:id',
    who: 'user',
    perMinute: 10,
    does: 'Moves an order to another slot at once, or opens a move that its payment completes (B9)',
    refusals: [
      'not_found',
      'move_id_reused',
      'order_state',
      'payment_pending',
      ...newSlot,
      'price_changed',
    ],
  },
  deleteMove: {
    method: 'DELETE',
    path: '/v1/moves/:id',
    who: 'user',
    does: 'Gives an open move up; its payment is closed first',
    refusals: ['not_found', 'payment_pending', 'order_state'],
  },

  putPicture: {
    method: 'PUT',
    path: '/v1/pictures/:id',
    who: 'user',
    bodyBytes: 7 * 1024 * 1024,
    perMinute: 20,
    does: 'Keeps a picture, drawn anew without its metadata; the caller names it first',
    refusals: ['picture_id_reused', 'picture_invalid'],
  },
  putProof: {
    method: 'PUT',
    path: '/v1/proofs/:id',
    who: 'user',
    perMinute: 20,
    does: 'Sends a proof of a payment that was not recognised (P10); the provider is asked once more first',
    refusals: [
      'not_found',
      'proof_id_reused',
      'already_paid',
      'proof_pending',
      'proof_too_early',
      'not_paid',
    ],
  },

  putReceipt: {
    method: 'PUT',
    path: '/v1/orders/:id/receipt',
    who: 'user',
    does: 'Issues the receipt of an order’s payment, once (P9)',
    refusals: ['not_found', 'not_paid'],
  },
  getReceipt: {
    method: 'GET',
    path: '/v1/receipts/:code',
    who: 'anyone',
    perMinute: 60,
    does: 'Verifies a receipt by its code: what was issued, and what was refunded since (P9)',
    refusals: ['not_found'],
  },

  listRefunds: {
    method: 'GET',
    path: '/v1/console/refunds',
    who: 'merchant',
    does: 'Refunds, newest first, 50 a page (P11)',
    refusals: [],
  },
  putRefund: {
    method: 'PUT',
    path: '/v1/console/refunds/:id',
    who: 'merchant',
    right: 'money',
    does: 'Gives money back by hand, in full or in part; the caller names it first (P11)',
    refusals: ['not_found', 'refund_id_reused', 'not_paid', 'refund_too_much'],
  },
  retryRefund: {
    method: 'PUT',
    path: '/v1/console/refunds/:id/retry',
    who: 'merchant',
    right: 'money',
    does: 'Tries a failed refund again, or has an abnormal one paid to another account (P11)',
    refusals: ['not_found', 'refund_state', 'gateway_refused'],
  },

  listProofs: {
    method: 'GET',
    path: '/v1/console/proofs',
    who: 'merchant',
    does: 'Proofs to review, oldest first, or decided ones, newest first; 50 a page (P10)',
    refusals: [],
  },
  getPicture: {
    method: 'GET',
    path: '/v1/console/pictures/:id',
    who: 'merchant',
    does: 'A picture somebody sent',
    refusals: ['not_found'],
  },
  putDecision: {
    method: 'PUT',
    path: '/v1/console/proofs/:id/decision',
    who: 'merchant',
    right: 'money',
    does: 'Approves a proof (the payment counts as made) or rejects it with a reason (P10)',
    refusals: ['not_found', 'proof_decided', 'transaction_known'],
  },

  getReconciliation: {
    method: 'GET',
    path: '/v1/console/reconciliation',
    who: 'merchant',
    does: 'Money by day, week or month, by service and by promotion, from and to inclusive (M3)',
    refusals: [],
  },
  listBills: {
    method: 'GET',
    path: '/v1/console/bills',
    who: 'merchant',
    does: 'Providers’ bills, from and to inclusive, at most 92 days (M3)',
    refusals: [],
  },
  putBill: {
    method: 'PUT',
    path: '/v1/console/bills/:method/:day',
    who: 'merchant',
    right: 'money',
    does: 'Fetches and matches one bill now',
    refusals: ['bill_not_ready', 'gateway_refused'],
  },
  listDifferences: {
    method: 'GET',
    path: '/v1/console/differences',
    who: 'merchant',
    does: 'Where bills and books do not agree, newest first, 50 a page (M3)',
    refusals: [],
  },
  putResolution: {
    method: 'PUT',
    path: '/v1/console/differences/:id/resolution',
    who: 'merchant',
    right: 'money',
    does: 'Says how a difference was resolved',
    refusals: ['not_found', 'difference_resolved'],
  },

  listDeliveries: {
    method: 'GET',
    path: '/v1/console/deliveries',
    who: 'merchant',
    does: 'Delivery info WeChat has not taken yet, oldest first; late ones are alarms',
    refusals: [],
  },
  retryDelivery: {
    method: 'PUT',
    path: '/v1/console/deliveries/:id/retry',
    who: 'merchant',
    right: 'money',
    does: 'Uploads refused delivery info again',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
