/** Refusals of people: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { ask, mei, refuses } from './setting.ts'

export function peopleRefusals(): void {
  refuses('putIdentity', 'sign_in_failed', () =>
    ask(mei.token, 'putIdentity', {
      params: { host: 'wechat-browser' },
      body: { code: 'nobody gave this' },
    }),
  )
}
