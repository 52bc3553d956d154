/** What the console reads of people's behaviour and of services' effect (M5 M6). */
import type { Endpoint } from '../api.ts'

export const insightEndpoints = {
  getInsight: {
    method: 'GET',
    path: '/v1/console/insight',
    who: 'merchant',
    does: 'Hours, services and methods people choose, and each service’s effect, by days of slots (M5 M6)',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>
