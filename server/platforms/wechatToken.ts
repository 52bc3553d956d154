/** The mini-program's access token: fetched once for everybody who waits, kept until it ages. */
import { type Answer, unknown, yes } from './answer.ts'
import type { Credentials } from './credentials.ts'
import type { WechatApi, WechatObject } from './wechatApi.ts'

export interface WechatToken {
  get(now: Date): Promise<Answer<string>>
  /** Calls with the token; once more with a fresh one when WeChat says the old one is over. */
  use(
    now: Date,
    call: (token: string) => Promise<Answer<WechatObject>>,
  ): Promise<Answer<WechatObject>>
}

/**
 * `stable_token` gives every process of a cluster the same token, so each may ask for itself. It is
 * asked for again in the last five minutes, when WeChat hands out the next one.
 */
export function wechatToken(app: Credentials['wechat'], api: WechatApi): WechatToken {
  let kept: { token: string; until: number } | null = null
  let asking: Promise<Answer<string>> | null = null

  async function get(now: Date): Promise<Answer<string>> {
    if (kept && now.getTime() < kept.until) return yes(kept.token)
    asking ??= ask(now).finally(() => {
      asking = null
    })
    return asking
  }

  async function ask(now: Date): Promise<Answer<string>> {
    const body = { grant_type: 'client_credential', appid: app.appid, secret: app.secret }
    const answer = await api.post('/cgi-bin/stable_token', {}, body, 3)
    if (!answer.ok) return answer
    const { access_token: token, expires_in: seconds } = answer.value
    if (typeof token !== 'string' || typeof seconds !== 'number') {
      return unknown('malformed', 'stable_token answered without a token')
    }
    kept = { token, until: now.getTime() + (seconds - RENEW_SECONDS) * 1000 }
    return yes(token)
  }

  async function use(
    now: Date,
    call: (token: string) => Promise<Answer<WechatObject>>,
  ): Promise<Answer<WechatObject>> {
    const first = await get(now)
    if (!first.ok) return first
    const answer = await call(first.value)
    if (answer.ok || !OVER.has(answer.code)) return answer
    // Somebody else may have fetched a fresh one meanwhile: only the token that failed is dropped.
    if (kept?.token === first.value) kept = null
    const second = await get(now)
    return second.ok ? call(second.value) : second
  }

  return { get, use }
}

const RENEW_SECONDS = 300
/** Not valid, not the latest, expired. */
const OVER = new Set(['40001', '40014', '42001'])
