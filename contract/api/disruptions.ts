/** Endpoints of the disruption desk (M9 X5), as contract/api.ts describes them. */
import type { Endpoint } from '../api.ts'

const desk = { who: 'merchant', right: 'disruption' } as const

export const disruptionEndpoints = {
  previewDisruption: {
    ...desk,
    method: 'POST',
    path: '/v1/console/disruption-previews',
    does: 'Who is affected when slots fall through: orders, people, money, and slots to offer instead',
    refusals: ['not_found', 'slot_past'],
  },
  putDisruption: {
    ...desk,
    method: 'PUT',
    path: '/v1/console/disruptions/:id',
    does: 'Closes slots that fall through and asks each of their orders to choose. Named by the caller; the same again is the same (M9)',
    refusals: ['disruption_id_reused', 'not_found', 'slot_past', 'invalid_fields'],
  },
  listDisruptions: {
    method: 'GET',
    path: '/v1/console/disruptions',
    who: 'merchant',
    does: 'Acts of the disruption desk by pages, newest first, with how many have answered',
    refusals: [],
  },
  getDisruption: {
    method: 'GET',
    path: '/v1/console/disruptions/:id',
    who: 'merchant',
    does: 'One act: each affected order, its answer, and how its message went',
    refusals: ['not_found'],
  },
  putChase: {
    ...desk,
    method: 'PUT',
    path: '/v1/console/disruptions/:id/chases/:channel',
    does: 'Sends the message once more, by another channel, to who has not answered; each channel once',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
