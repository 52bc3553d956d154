/** Endpoints of the merchant's own settings (M11): services, rules, promotions. */
import type { Endpoint } from '../api.ts'

const reading = { method: 'GET', who: 'merchant', refusals: [] } as const
const settings = { method: 'PUT', who: 'merchant', right: 'settings' } as const

export const settingEndpoints = {
  listServiceSettings: {
    ...reading,
    path: '/v1/console/service-settings',
    does: 'Every service with all that is said and asked of it, unlisted ones too (M11)',
  },
  putService: {
    ...settings,
    path: '/v1/console/services/:id',
    does: 'Adds a service with its first form; the caller names it first (M11)',
    refusals: ['settings_changed', 'invalid_fields'],
  },
  putServiceSettings: {
    ...settings,
    path: '/v1/console/service-settings/:id',
    does: 'Changes a service; orders that are registered keep their price (M11, P6)',
    refusals: ['not_found', 'settings_changed', 'invalid_fields'],
  },
  putServicePhoto: {
    ...settings,
    path: '/v1/console/service-photos/:id',
    bodyBytes: 7 * 1024 * 1024,
    perMinute: 60,
    does: 'Sends a photo that a service may show from then on, as services/<id> (M11, B1)',
    refusals: ['picture_id_reused', 'picture_invalid'],
  },
  getRules: {
    ...reading,
    path: '/v1/console/rules',
    does: 'The merchant’s rules as they are now (M11)',
  },
  putRules: {
    ...settings,
    path: '/v1/console/rules',
    does: 'Changes rules, for every screen at once (M1, M11)',
    refusals: ['settings_changed', 'invalid_fields'],
  },
  listPromotions: {
    ...reading,
    path: '/v1/console/promotions',
    does: 'Promotions, those that run or will first (M11)',
  },
  putPromotion: {
    ...settings,
    path: '/v1/console/promotions/:id',
    does: 'Adds or changes a promotion; the caller names it first (M11, P5)',
    refusals: ['invalid_fields', 'not_found', 'settings_changed'],
  },
} as const satisfies Record<string, Endpoint>
