import { randomBytes } from 'node:crypto'
import { HOUR, MINUTE } from '../clock.ts'
import type { World } from '../world.ts'
import { OpenRefusal } from './refusal.ts'

type Token = { id: string; madeAt: number; until: number }
type TokenRequest = {
  grant_type?: string
  appid?: string
  secret?: string
  force_refresh?: boolean
}

const LIFE = 2 * HOUR
/** In this last part of its life a token is renewed; the old one stays good as long again. */
const RENEW = 5 * MINUTE
const FORCE_APART = 30_000

/** The mini-program's access token, given by POST /cgi-bin/stable_token (facts 4.1). */
export function makeTokens(world: World) {
  const tokens = world.store.table<Token>('wechat.tokens')
  const newest = () => tokens.all().at(-1)
  const make = (now: number): Token => {
    for (const old of tokens.all()) if (old.until < now) tokens.remove(old.id)
    return tokens.put({
      id: `${randomBytes(96).toString('base64url')}`,
      madeAt: now,
      until: now + LIFE,
    })
  }

  const give = (body: TokenRequest): object => {
    if (body.grant_type !== 'client_credential') throw new OpenRefusal(40002, 'invalid grant_type')
    checkApp(body.appid, body.secret, world.keys.mini)
    const now = world.clock.now()
    let token = newest()
    if (body.force_refresh && token) {
      if (now < token.madeAt + FORCE_APART)
        throw new OpenRefusal(45009, 'reach max api daily quota limit')
      for (const old of tokens.all()) tokens.remove(old.id)
      token = undefined
    }
    if (!token || token.until - now < RENEW) token = make(now)
    return { access_token: token.id, expires_in: Math.floor((token.until - now) / 1000) }
  }

  /** Refuses a missing, unknown or expired token of a call. */
  const check = (id: string | undefined): void => {
    if (!id) throw new OpenRefusal(41001, 'access_token missing')
    const token = tokens.get(id)
    if (!token)
      throw new OpenRefusal(40001, 'invalid credential, access_token is invalid or not latest')
    if (world.clock.now() > token.until) throw new OpenRefusal(42001, 'access_token expired')
  }

  return { give, check }
}

export type Tokens = ReturnType<typeof makeTokens>

/** App id and secret of a call against the app's own. */
export function checkApp(
  appid: string | undefined,
  secret: string | undefined,
  app: { appid: string; secret: string },
): void {
  if (!appid) throw new OpenRefusal(41002, 'appid missing')
  if (!secret) throw new OpenRefusal(41004, 'appsecret missing')
  if (appid !== app.appid) throw new OpenRefusal(40013, 'invalid appid')
  if (secret !== app.secret) throw new OpenRefusal(40125, 'invalid appsecret')
}
