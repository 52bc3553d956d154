/** Endpoints about schedules and the merchant's calendar (M1, B2), for the console. */
import type { Endpoint } from '../api.ts'

export const scheduleEndpoints = {
  listSchedules: {
    method: 'GET',
    path: '/v1/console/schedules',
    who: 'merchant',
    does: 'The weekly templates in use (M1)',
    refusals: [],
  },
  previewSchedule: {
    method: 'POST',
    path: '/v1/console/schedules/:id/preview',
    who: 'merchant',
    right: 'settings',
    does: 'What saving this template would make of the slots ahead; nothing is written (M1)',
    refusals: ['invalid_fields', 'not_found'],
  },
  putSchedule: {
    method: 'PUT',
    path: '/v1/console/schedules/:id',
    who: 'merchant',
    right: 'settings',
    does: 'Saves a template and makes its slots; what is booked stays as it is (M1)',
    refusals: ['invalid_fields', 'not_found', 'schedule_changed'],
  },
  deleteSchedule: {
    method: 'DELETE',
    path: '/v1/console/schedules/:id',
    who: 'merchant',
    right: 'settings',
    does: 'Retires a template; slots nobody booked go, the others stay',
    refusals: ['not_found'],
  },
  listDays: {
    method: 'GET',
    path: '/v1/console/days',
    who: 'merchant',
    does: 'The merchant’s calendar, from and to inclusive, at most 186 days (B2)',
    refusals: [],
  },
  putDay: {
    method: 'PUT',
    path: '/v1/console/days/:day',
    who: 'merchant',
    right: 'settings',
    does: 'Opens or closes a day, whatever the holiday library says (B2)',
    refusals: ['invalid_fields'],
  },
  deleteDay: {
    method: 'DELETE',
    path: '/v1/console/days/:day',
    who: 'merchant',
    right: 'settings',
    does: 'Lets a day be again what the holiday library says',
    refusals: [],
  },
} as const satisfies Record<string, Endpoint>
