/** Endpoints of times outside the offer (B5 X7), as contract/api.ts describes them. */
import type { Endpoint } from '../api.ts'

export const negotiationEndpoints = {
  listNegotiations: {
    method: 'GET',
    path: '/v1/negotiations',
    who: 'user',
    does: 'The caller’s requests for times outside the offer, newest first (B5)',
    refusals: [],
  },
  putNegotiation: {
    method: 'PUT',
    path: '/v1/negotiations/:id',
    who: 'user',
    does: 'Asks for a time outside the offer, with a note. The caller names the request first (B5)',
    refusals: [
      'negotiation_id_reused',
      'not_found',
      'invalid_fields',
      'party_invalid',
      'asked_too_often',
    ],
  },
  deleteNegotiation: {
    method: 'DELETE',
    path: '/v1/negotiations/:id',
    who: 'user',
    does: 'Withdraws a request, or refuses the private slot that was offered (B5)',
    refusals: ['not_found', 'negotiation_state'],
  },
  listConsoleNegotiations: {
    method: 'GET',
    path: '/v1/console/negotiations',
    who: 'merchant',
    does: 'Requests for times outside the offer: those that wait first, then the newest (B5)',
    refusals: [],
  },
  putNegotiationAnswer: {
    method: 'PUT',
    path: '/v1/console/negotiations/:id/answer',
    who: 'merchant',
    right: 'slots',
    does: 'Approves a request, declines it or offers another time; an offer is a private slot (B5 X7)',
    refusals: [
      'not_found',
      'negotiation_state',
      'slot_id_reused',
      'invalid_fields',
      'staff_busy',
      'room_busy',
    ],
  },
} as const satisfies Record<string, Endpoint>
