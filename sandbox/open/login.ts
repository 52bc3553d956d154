import { randomBytes } from 'node:crypto'
import type { World } from '../world.ts'
import type { Codes } from './codes.ts'
import { OpenRefusal } from './refusal.ts'
import { checkApp } from './tokens.ts'

type Query = Record<string, string | undefined>
type Refresh = { id: string; openid: string; person: string; scope: string }

/** GET /sns/jscode2session: the code of wx.login → openid and session key (facts 4.1). */
export function jscode2session(world: World, codes: Codes, query: Query): object {
  checkApp(query.appid, query.secret, world.keys.mini)
  if (!query.js_code) throw new OpenRefusal(41008, 'missing code')
  if (query.grant_type !== 'authorization_code') throw new OpenRefusal(40002, 'invalid grant_type')
  const person = redeem(codes, 'weapp', query.js_code)
  return {
    openid: world.people.openIdOf(world.keys.mini.appid, person),
    session_key: randomBytes(16).toString('base64'),
    unionid: world.people.unionIdOf(person),
  }
}

/** Sign-in inside the WeChat browser (OAuth2, facts 4.2). */
export function makeWebLogin(world: World, codes: Codes) {
  const refreshes = world.store.table<Refresh>('wechat.refreshTokens')
  const tokens = (row: Omit<Refresh, 'id'>) => {
    const refresh = refreshes.put({ ...row, id: randomBytes(48).toString('base64url') })
    return {
      access_token: randomBytes(48).toString('base64url'),
      expires_in: 7200,
      refresh_token: refresh.id,
      openid: row.openid,
      scope: row.scope,
      unionid: world.people.unionIdOf(row.person),
    }
  }
  return {
    /** GET /sns/oauth2/access_token */
    accessToken(query: Query): object {
      checkApp(query.appid, query.secret, world.keys.web)
      if (!query.code) throw new OpenRefusal(41008, 'missing code')
      if (query.grant_type !== 'authorization_code')
        throw new OpenRefusal(40002, 'invalid grant_type')
      const person = redeem(codes, 'wechatWeb', query.code)
      const openid = world.people.openIdOf(world.keys.web.appid, person)
      return tokens({ openid, person, scope: 'snsapi_base' })
    },
    /** GET /sns/oauth2/refresh_token */
    refreshToken(query: Query): object {
      if (query.appid !== world.keys.web.appid) throw new OpenRefusal(40013, 'invalid appid')
      const row = refreshes.get(query.refresh_token ?? '')
      if (!row) throw new OpenRefusal(40030, 'invalid refresh_token')
      return tokens(row)
    },
  }
}

function redeem(codes: Codes, purpose: 'weapp' | 'wechatWeb', code: string): string {
  const redeemed = codes.redeem(purpose, code)
  if (redeemed === 'unknown') throw new OpenRefusal(40029, 'invalid code')
  if (redeemed === 'used') throw new OpenRefusal(40163, 'code been used')
  return redeemed.value
}
