/** The queue's endpoints (T5), as contract/api.ts describes them. */
import type { Endpoint } from '../api.ts'

export const queueEndpoints = {
  putQueue: {
    method: 'PUT',
    path: '/v1/services/:id/queue',
    who: 'user',
    does: 'Takes a place in the service’s queue, or looks at the one the caller has; a slip brings a lost one back (T5)',
    refusals: ['not_found', 'too_busy'],
  },
  deleteQueue: {
    method: 'DELETE',
    path: '/v1/services/:id/queue',
    who: 'user',
    does: 'Leaves the service’s queue; the place is gone',
    refusals: ['not_found'],
  },
  putQueueReminder: {
    method: 'PUT',
    path: '/v1/services/:id/queue/reminder',
    who: 'user',
    does: 'Asks to be told, once, when the service is calm again (预约提醒)',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
