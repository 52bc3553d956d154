/** What the console reads of registrations (M2), as contract/api.ts describes it. */
import type { Endpoint } from '../api.ts'

export const registrationEndpoints = {
  listRegistrations: {
    method: 'GET',
    path: '/v1/console/registrations',
    who: 'merchant',
    does: 'Submitted registrations, newest first, with their answers; phones and ID numbers masked (M2)',
    refusals: [],
  },
  countRegistrations: {
    method: 'GET',
    path: '/v1/console/registrations/count',
    who: 'merchant',
    does: 'How many registrations a filter leaves: what an export will hold (M2)',
    refusals: [],
  },
  listExports: {
    method: 'GET',
    path: '/v1/console/exports',
    who: 'merchant',
    right: 'export',
    does: 'Who took registrations out of the house, what and when, newest first (M2, X11)',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>

/** The export itself is a file, so it is not one of the endpoints: GET with the same query. */
export const exportPath = '/v1/console/registrations/export'
