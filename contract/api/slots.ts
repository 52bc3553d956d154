/** Endpoints of the console's calendar (M1): slots by hand. */
import type { Endpoint } from '../api.ts'

const hand = { who: 'merchant', right: 'slots' } as const

export const slotEndpoints = {
  listConsoleSlots: {
    method: 'GET',
    path: '/v1/console/slots',
    who: 'merchant',
    does: 'Slots of all services, from and to inclusive, at most 31 days (M1)',
    refusals: [],
  },
  putSlot: {
    ...hand,
    method: 'PUT',
    path: '/v1/console/slots/:id',
    does: 'Adds a slot; the caller names it first',
    refusals: ['slot_id_reused', 'invalid_fields', 'not_found', 'slot_overlaps'],
  },
  putCapacity: {
    ...hand,
    method: 'PUT',
    path: '/v1/console/slots/:id/capacity',
    does: 'Resizes a slot, never below what is taken',
    refusals: ['not_found', 'capacity_taken'],
  },
  putClosure: {
    ...hand,
    method: 'PUT',
    path: '/v1/console/slots/:id/closure',
    does: 'Closes a slot for new orders; existing ones stay',
    refusals: ['not_found'],
  },
  deleteClosure: {
    ...hand,
    method: 'DELETE',
    path: '/v1/console/slots/:id/closure',
    does: 'Opens a closed slot again',
    refusals: ['not_found'],
  },
  putClosures: {
    ...hand,
    method: 'PUT',
    path: '/v1/console/closures',
    does: 'Closes and opens many slots in one act; answers which it left as they are, and why (M1)',
    refusals: [],
  },
  putSlotMove: {
    ...hand,
    method: 'PUT',
    path: '/v1/console/slots/:id/move',
    does: 'Moves or stretches a slot that nobody has a place in: it becomes another one, which the caller names first; the same again is the same (M1)',
    refusals: [
      'slot_id_reused',
      'not_found',
      'slot_past',
      'slot_checking',
      'slot_booked',
      'invalid_fields',
      'slot_overlaps',
    ],
  },
  deleteSlotMove: {
    ...hand,
    method: 'DELETE',
    path: '/v1/console/slots/:id/move',
    does: 'Takes back the move that made this slot, while nobody has a place in it (M1)',
    refusals: ['not_found', 'slot_past', 'slot_checking', 'slot_booked', 'slot_overlaps'],
  },
} as const satisfies Record<string, Endpoint>
