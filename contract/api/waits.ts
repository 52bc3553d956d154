/** The waiting list's endpoints (B11), as contract/api.ts describes them. */
import type { Endpoint } from '../api.ts'

export const waitEndpoints = {
  listWaits: {
    method: 'GET',
    path: '/v1/waits',
    who: 'user',
    does: 'The caller’s places in waiting lists, and seats offered to them, newest first (B11)',
    refusals: [],
  },
  putWait: {
    method: 'PUT',
    path: '/v1/waits/:id',
    who: 'user',
    does: 'Joins the waiting list of a full slot. The caller names the place first; the order that seats are offered as has the same id (B11)',
    refusals: [
      'wait_id_reused',
      'slot_gone',
      'slot_past',
      'slot_closed',
      'slot_checking',
      'party_invalid',
      'limit_reached',
      'held_too_often',
      'already_waiting',
      'staff_busy',
      'room_busy',
      'slot_free',
      'wait_full',
    ],
  },
  deleteWait: {
    method: 'DELETE',
    path: '/v1/waits/:id',
    who: 'user',
    does: 'Leaves the waiting list, or declines the seats offered: they go to the next (B11)',
    refusals: ['not_found', 'order_state'],
  },
  listSlotWaits: {
    method: 'GET',
    path: '/v1/console/slots/:id/waits',
    who: 'merchant',
    does: 'Who waits for a slot, in order, and what became of earlier ones (B11)',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
