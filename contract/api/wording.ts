/** Endpoints of what messages say (M11): the merchant's own words, and templates at the platforms. */
import type { Endpoint } from '../api.ts'

const settings = { method: 'PUT', who: 'merchant', right: 'settings' } as const

export const wordingEndpoints = {
  listWording: {
    method: 'GET',
    path: '/v1/console/wording',
    who: 'merchant',
    does: 'What each kind of message says, and the templates it travels by (M11)',
    refusals: [],
  },
  putWording: {
    ...settings,
    path: '/v1/console/wording/:kind',
    does: 'Changes what a kind of message says, or switches it off; null is the house’s words (M11)',
    refusals: ['settings_changed', 'invalid_fields'],
  },
  putHostTemplate: {
    ...settings,
    path: '/v1/console/host-templates/:host/:template',
    does: 'Says which template of a platform is used and what its fields show (M11)',
    refusals: ['settings_changed', 'invalid_fields'],
  },
} as const satisfies Record<string, Endpoint>
