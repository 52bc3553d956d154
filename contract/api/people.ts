/** Endpoints about the merchant's own people and one's own account (M10). */
import type { Endpoint } from '../api.ts'

const people = { who: 'merchant', right: 'people' } as const
/** Guessing a password or a code at a screen left open is slow. */
const guarded = { who: 'merchant', perMinute: 20 } as const

export const peopleEndpoints = {
  listPeople: {
    ...people,
    method: 'GET',
    path: '/v1/console/people',
    does: 'Accounts of the console, the inactive ones last (M10)',
    refusals: [],
  },
  putPerson: {
    ...people,
    method: 'PUT',
    path: '/v1/console/people/:id',
    does: 'Adds an account or changes its name, role and contact; the caller names it first (M10)',
    refusals: ['login_taken', 'last_owner'],
  },
  createInvitation: {
    ...people,
    method: 'POST',
    path: '/v1/console/people/:id/invitations',
    does: 'Makes a link, good once, that sets the account’s password; the link before it ends (M10)',
    refusals: ['not_found', 'person_inactive'],
  },
  putDeactivation: {
    ...people,
    method: 'PUT',
    path: '/v1/console/people/:id/deactivation',
    does: 'Ends an account and all its sessions at once; the last owner stays (M10)',
    refusals: ['not_found', 'last_owner'],
  },
  deleteDeactivation: {
    ...people,
    method: 'DELETE',
    path: '/v1/console/people/:id/deactivation',
    does: 'Takes an account back; it signs in with its old password',
    refusals: ['not_found'],
  },
  deletePersonSessions: {
    ...people,
    method: 'DELETE',
    path: '/v1/console/people/:id/sessions',
    does: 'Ends every session of an account at once (M10)',
    refusals: ['not_found'],
  },
  putSecondReset: {
    ...people,
    method: 'PUT',
    path: '/v1/console/people/:id/second-reset',
    does: 'Takes the second step off an account whose phone and recovery codes are lost (M10)',
    refusals: ['not_found'],
  },
  readInvitation: {
    method: 'POST',
    path: '/v1/console/invitation-readings',
    who: 'anyone',
    does: 'Whose password an invitation’s link sets',
    refusals: ['invitation_over'],
  },
  createPassword: {
    method: 'POST',
    path: '/v1/console/passwords',
    who: 'anyone',
    does: 'Sets the password by an invitation’s link, once; sessions of before end (M10)',
    refusals: ['invitation_over', 'invalid_fields'],
  },

  putPassword: {
    ...guarded,
    method: 'PUT',
    path: '/v1/console/me/password',
    does: 'Changes one’s own password; every other session of one’s own ends',
    refusals: ['password_wrong', 'invalid_fields'],
  },
  createSecond: {
    ...guarded,
    method: 'POST',
    path: '/v1/console/me/second',
    does: 'Begins the second step: a secret for one’s authenticator (RFC 6238)',
    refusals: ['password_wrong', 'second_wrong'],
  },
  putSecond: {
    ...guarded,
    method: 'PUT',
    path: '/v1/console/me/second',
    does: 'Ends beginning: the first code proves it; answers the recovery codes, this once',
    refusals: ['second_over', 'second_wrong'],
  },
  createRecoveryCodes: {
    ...guarded,
    method: 'POST',
    path: '/v1/console/me/recovery-codes',
    does: 'New recovery codes in place of all before',
    refusals: ['second_over', 'second_wrong'],
  },
  listSessions: {
    who: 'merchant',
    method: 'GET',
    path: '/v1/console/me/sessions',
    does: 'Where one is signed in, the newest first',
    refusals: [],
  },
  deleteOwnSession: {
    who: 'merchant',
    method: 'DELETE',
    path: '/v1/console/me/sessions/:id',
    does: 'Ends one session of one’s own',
    refusals: ['not_found'],
  },
  deleteOtherSessions: {
    who: 'merchant',
    method: 'DELETE',
    path: '/v1/console/me/sessions',
    does: 'Ends every session of one’s own but this',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>
