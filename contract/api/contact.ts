/** Endpoints of 常用信息 (R2, G5). Each answers the whole list: a phone shows it without asking again. */
import type { Endpoint } from '../api.ts'

export const contactEndpoints = {
  listContacts: {
    method: 'GET',
    path: '/v1/me/contacts',
    who: 'user',
    does: 'The caller’s saved people, addresses and companies, the default ones first (G5)',
    refusals: [],
  },
  putContact: {
    method: 'PUT',
    path: '/v1/me/contacts/:id',
    who: 'user',
    does: 'Saves or changes one; the caller names it first. A new default takes the place of the old',
    refusals: ['not_found', 'invalid_fields', 'contact_limit'],
  },
  deleteContact: {
    method: 'DELETE',
    path: '/v1/me/contacts/:id',
    who: 'user',
    does: 'Deletes one for good',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
