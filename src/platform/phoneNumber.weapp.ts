import type { PhoneButton } from './types.ts'

/** WeChat gives a code, good once for five minutes; it is not the login code (facts 4.1). */
export const phoneButton: PhoneButton = (answer) => ({
  openType: 'getPhoneNumber',
  onGetPhoneNumber: ({ detail }) => {
    const { code } = detail as { code?: string }
    answer(code ? { host: 'weapp', code } : null)
  },
})
