/** Endpoints about what slots take: staff, rooms, branches (B3), for the console. */
import type { Endpoint } from '../api.ts'

const settings = { who: 'merchant', right: 'settings' } as const

export const resourceEndpoints = {
  listResources: {
    method: 'GET',
    path: '/v1/console/resources',
    who: 'merchant',
    does: 'Staff, rooms and branches, retired ones too, and what each has ahead (B3)',
    refusals: [],
  },
  putStaff: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/staff/:id',
    bodyBytes: 7 * 1024 * 1024,
    does: 'Adds or changes a staff member, with a portrait drawn anew; the caller names it first (B3)',
    refusals: ['invalid_fields', 'picture_invalid'],
  },
  putRoom: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/rooms/:id',
    does: 'Adds or changes a room; the caller names it first (B3)',
    refusals: ['invalid_fields', 'not_found', 'resource_taken'],
  },
  putBranch: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/branches/:id',
    does: 'Adds or changes a branch; the caller names it first (B3)',
    refusals: ['invalid_fields'],
  },
  putArea: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/services/:id/area',
    does: 'Says where a service comes to: districts, and a distance around its branches (B3)',
    refusals: ['invalid_fields', 'not_found'],
  },
  putStaffRetirement: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/staff/:id/retirement',
    does: 'Retires a staff member who has nothing ahead; says why not otherwise (B3)',
    refusals: ['not_found', 'resource_taken'],
  },
  deleteStaffRetirement: {
    ...settings,
    method: 'DELETE',
    path: '/v1/console/staff/:id/retirement',
    does: 'Takes a retired staff member back',
    refusals: ['not_found'],
  },
  putRoomRetirement: {
    ...settings,
    method: 'PUT',
    path: '/v1/console/rooms/:id/retirement',
    does: 'Retires a room that has nothing ahead; says why not otherwise (B3)',
    refusals: ['not_found', 'resource_taken'],
  },
  deleteRoomRetirement: {
    ...settings,
    method: 'DELETE',
    path: '/v1/console/rooms/:id/retirement',
    does: 'Takes a retired room back',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
