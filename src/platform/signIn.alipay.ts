import type { LoginCode } from './types.ts'

/** my.getAuthCode with the silent scope (facts 4.3). */
export const loginCode: LoginCode = () =>
  new Promise((resolve) => {
    my.getAuthCode({
      scopes: 'auth_base',
      success: ({ authCode }) => resolve({ host: 'alipay', code: authCode || null }),
      fail: () => resolve({ host: 'alipay', code: null }),
    })
  })
