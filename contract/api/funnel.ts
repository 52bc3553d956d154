/** Endpoints of the funnel (M4 X6), as contract/api.ts describes them. */
import type { Endpoint } from '../api.ts'

export const funnelEndpoints = {
  putLooks: {
    method: 'PUT',
    path: '/v1/visits/:id/looks',
    who: 'anyone',
    perMinute: 600,
    does: 'What a phone saw and touched on a visit, without who; numbered by the phone, repeated ones count once (M4)',
    refusals: ['not_found'],
  },
  getFunnel: {
    method: 'GET',
    path: '/v1/console/funnel',
    who: 'merchant',
    does: 'How many visits of these days became holds, registrations and payments, and where they ended (M4 X6)',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>
