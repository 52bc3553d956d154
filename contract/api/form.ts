/** Endpoints of the console's form editor (R1). `:id` is the service whose form it is. */
import type { Endpoint } from '../api.ts'

export const formEndpoints = {
  listForms: {
    method: 'GET',
    path: '/v1/console/forms',
    who: 'merchant',
    does: 'Every service with its form: version, fields, and whether a draft waits (R1)',
    refusals: [],
  },
  getForm: {
    method: 'GET',
    path: '/v1/console/forms/:id',
    who: 'merchant',
    does: 'The form of a service with all its versions, and its draft (R1)',
    refusals: ['not_found'],
  },
  putFormDraft: {
    method: 'PUT',
    path: '/v1/console/forms/:id/draft',
    who: 'merchant',
    right: 'forms',
    does: 'Saves the draft of a form; the caller names its revision, and the one it was made from',
    refusals: ['not_found', 'form_draft_changed'],
  },
  deleteFormDraft: {
    method: 'DELETE',
    path: '/v1/console/forms/:id/draft',
    who: 'merchant',
    right: 'forms',
    does: 'Throws the draft of a form away',
    refusals: ['not_found'],
  },
  putFormVersion: {
    method: 'PUT',
    path: '/v1/console/forms/:id/versions/:version',
    who: 'merchant',
    right: 'forms',
    does: 'Publishes the draft as the next version; orders there are keep the form they saw (R1)',
    refusals: ['not_found', 'form_draft_changed', 'form_over_budget', 'invalid_fields'],
  },
  getAnswerPicture: {
    method: 'GET',
    path: '/v1/console/orders/:id/pictures/:pictureId',
    who: 'merchant',
    right: 'pictures',
    does: 'A picture that answers a field of an order’s registration',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
