import type { PhoneButton } from './types.ts'

/** Alipay asks, then hands out a text that only our server can open and check (facts 4.3). */
export const phoneButton: PhoneButton = (answer) => ({
  openType: 'getAuthorize',
  scope: 'phoneNumber',
  onGetAuthorize: () =>
    my.getPhoneNumber({
      success: ({ response }) => answer({ host: 'alipay', sealed: response }),
      fail: () => answer(null),
    }),
  onError: () => answer(null),
})
