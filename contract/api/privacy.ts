/** Endpoints about a person's own data (X11). */
import type { Endpoint } from '../api.ts'

export const privacyEndpoints = {
  getMyData: {
    method: 'GET',
    path: '/v1/me/data',
    who: 'user',
    perMinute: 10,
    does: 'Everything held about the caller, in full (X11)',
    refusals: [],
  },
  getMyPicture: {
    method: 'GET',
    path: '/v1/me/pictures/:id',
    who: 'user',
    does: 'A picture the caller sent',
    refusals: ['not_found'],
  },
  deleteMe: {
    method: 'DELETE',
    path: '/v1/me',
    who: 'user',
    does: 'Erases the caller: all that need not be kept by law, at once and for good (X11)',
    refusals: ['orders_open'],
  },
} as const satisfies Record<string, Endpoint>
