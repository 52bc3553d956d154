/** Coupons that the merchant gives (M11). */
import type { Endpoint } from '../api.ts'

export const couponEndpoints = {
  listCoupons: {
    method: 'GET',
    path: '/v1/console/coupons',
    who: 'merchant',
    does: 'Coupons that were given, the newest first, and how many are used (M11)',
    refusals: [],
  },
  previewCoupons: {
    method: 'POST',
    path: '/v1/console/coupons/preview',
    who: 'merchant',
    right: 'settings',
    does: 'Whom order numbers and phone numbers name; nothing is written (M11)',
    refusals: [],
  },
  putCoupons: {
    method: 'PUT',
    path: '/v1/console/coupons/:id',
    who: 'merchant',
    right: 'settings',
    does: 'Gives people a coupon each and tells them; the caller names it first (M11)',
    refusals: ['settings_changed', 'invalid_fields'],
  },
  deleteCoupons: {
    method: 'DELETE',
    path: '/v1/console/coupons/:id',
    who: 'merchant',
    right: 'settings',
    does: 'Takes back what is not used; prices that are locked stay (M11)',
    refusals: ['not_found'],
  },
} as const satisfies Record<string, Endpoint>
