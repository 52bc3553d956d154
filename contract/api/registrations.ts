/** What the console reads of registrations (M2), as contract/api.ts describes it. */
import type { Endpoint } from '../api.ts'

export const registrationEndpoints = {
  listRegistrations: {
    method: 'GET',
    path: '/v1/console/registrations',
    who: 'merchant',
    does: 'Submitted registrations, newest first, with their answers; what is sealed is masked (M2)',
    refusals: [],
  },
  countRegistrations: {
    method: 'GET',
    path: '/v1/console/registrations/count',
    who: 'merchant',
    does: 'How many registrations a filter leaves: what an export will hold (M2)',
    refusals: [],
  },
  getConsoleRegistration: {
    method: 'GET',
    path: '/v1/console/orders/:id/registration',
    who: 'merchant',
    right: 'amend',
    does: 'A registration to be put right: its form, its answers, and masked what is sealed (M7)',
    refusals: ['not_found'],
  },
  putAmendment: {
    method: 'PUT',
    path: '/v1/console/amendments/:id',
    who: 'merchant',
    right: 'amend',
    does: 'Changes answers of a registration with a reason its person reads; what was before is kept (M7)',
    refusals: [
      'not_found',
      'amendment_id_reused',
      'order_state',
      'answers_changed',
      'invalid_fields',
      'outside_area',
      'already_registered',
    ],
  },
  listViews: {
    method: 'GET',
    path: '/v1/console/views',
    who: 'merchant',
    does: 'The caller’s own saved views of the registrations list (M2)',
    refusals: [],
  },
  putView: {
    method: 'PUT',
    path: '/v1/console/views/:id',
    who: 'merchant',
    does: 'Saves a view: name, filter, columns; the caller names it first (M2)',
    refusals: ['not_found', 'view_limit'],
  },
  deleteView: {
    method: 'DELETE',
    path: '/v1/console/views/:id',
    who: 'merchant',
    does: 'Forgets one of the caller’s views (M2)',
    refusals: ['not_found'],
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
