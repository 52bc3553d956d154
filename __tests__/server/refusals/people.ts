/** Refusals of people: a row `refuses(endpoint, code, how)` each (setting.ts). */
import { ask, byId, mei, refuses } from './setting.ts'

export function peopleRefusals(): void {
  refuses('putIdentity', 'sign_in_failed', () =>
    ask(mei.token, 'putIdentity', {
      params: { host: 'wechat-browser' },
      body: { code: 'nobody gave this' },
    }),
  )
  refuses('putReturn', 'not_found', () =>
    ask(mei.token, 'putReturn', { ...byId(), body: { query: 'out_trade_no=1' } }),
  )
}
