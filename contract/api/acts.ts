/** The log of the console (M10), as contract/api.ts describes it. */
import type { Endpoint } from '../api.ts'

export const actEndpoints = {
  listActs: {
    method: 'GET',
    path: '/v1/console/acts',
    who: 'merchant',
    right: 'log',
    does: 'Who changed what in the console, before and after, newest first (M10)',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>
