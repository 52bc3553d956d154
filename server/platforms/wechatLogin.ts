/** Who somebody is in WeChat: in the mini-program by `wx.login`, in WeChat's browser by OAuth2. */
import { type Answer, refused, unknown, yes } from './answer.ts'
import type { Credentials } from './credentials.ts'
import type { WechatApi } from './wechatApi.ts'
import type { WechatToken } from './wechatToken.ts'

export interface WechatPerson {
  openid: string
  /** The same over all apps of one open-platform account; absent where there is none. */
  unionid?: string | undefined
}

export interface WechatLogin {
  /**
   * A code of `wx.login`: five minutes, once. The session key WeChat adds is not kept: nothing here
   * needs it, and it must never leave a server.
   */
  mini(code: string): Promise<Answer<WechatPerson>>
  /** A code of WeChat's browser. Its openid is the official account's, not the mini-program's. */
  web(code: string): Promise<Answer<WechatPerson>>
  /**
   * Where WeChat's browser is sent to fetch a code, with `redirect_uri` and `state` empty: the front
   * fills them in where they stand, for WeChat matches the order of the parameters. Null without an
   * official account.
   */
  webSignIn(): { appId: string; authorizeUrl: string } | null
  /** A code of the phone-number button → 11 digits. Refused for numbers from abroad. */
  phone(code: string, now: Date): Promise<Answer<string>>
}

export function wechatLogin(
  { wechat, wechatWeb }: Pick<Credentials, 'wechat' | 'wechatWeb'>,
  api: WechatApi,
  token: WechatToken,
): WechatLogin {
  const grant_type = 'authorization_code'

  async function person(
    path: string,
    query: Record<string, string>,
  ): Promise<Answer<WechatPerson>> {
    const answer = await api.get(path, query, 1)
    if (!answer.ok) return answer
    const { openid, unionid } = answer.value
    if (typeof openid !== 'string' || !openid) return unknown('malformed', `${path}: no openid`)
    return yes({ openid, unionid: typeof unionid === 'string' ? unionid : undefined })
  }

  async function phone(code: string, now: Date): Promise<Answer<string>> {
    const path = '/wxa/business/getuserphonenumber'
    const answer = await token.use(now, (access_token) =>
      api.post(path, { access_token }, { code }, 1),
    )
    if (!answer.ok) return answer
    const info = answer.value.phone_info as PhoneInfo | undefined
    if (typeof info?.purePhoneNumber !== 'string') return unknown('malformed', `${path}: no number`)
    if (info.watermark?.appid !== wechat.appid) return refused('wrong_app', 'number of another app')
    if (info.countryCode !== '86')
      return refused('phone_abroad', `country code ${info.countryCode}`)
    return yes(info.purePhoneNumber)
  }

  return {
    mini: (js_code) =>
      person('/sns/jscode2session', {
        appid: wechat.appid,
        secret: wechat.secret,
        js_code,
        grant_type,
      }),
    async web(code) {
      if (!wechatWeb) return refused('not_set_up', 'no official account in the credentials')
      const { appid, secret } = wechatWeb
      return person('/sns/oauth2/access_token', { appid, secret, code, grant_type })
    },
    webSignIn() {
      if (!wechatWeb) return null
      const { appid, authorizeUrl } = wechatWeb
      const query = new URLSearchParams({
        appid,
        redirect_uri: '',
        response_type: 'code',
        // Silent: no page of WeChat's is seen, and it gives the openid, which is all we need.
        scope: 'snsapi_base',
        state: '',
      })
      return { appId: appid, authorizeUrl: `${authorizeUrl}?${query}#wechat_redirect` }
    },
    phone,
  }
}

interface PhoneInfo {
  purePhoneNumber?: unknown
  countryCode?: unknown
  watermark?: { appid?: unknown }
}
