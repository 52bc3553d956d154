/**
 * Signing in inside WeChat's own browser (P1, facts 4.2): the page leaves for WeChat with a random
 * `state`, comes back with a code, and the state must be the one this phone kept, young and unused.
 * So nobody can slip their own code (and with it their account) to another person by a link.
 */
import type { Call } from '@jiyue/contract/client'
import type { Phone } from '../lib/phone.ts'

export interface WechatSignIn {
  /** The code WeChat brought, if it was asked for here; `refused`: it was not; null: none came. */
  take(): { code: string } | 'refused' | null
  /** Leaves for WeChat. `no`: WeChat cannot be asked here, the person has to be asked by phone. */
  leave(): Promise<'left' | 'no'>
  /** True when leaving by itself would only go round in a circle: it was tried a moment ago. */
  wasTried(): boolean
}

/** What the phone keeps while the page is away. */
interface Kept {
  state: string
  /** Device ms. */
  at: number
}

/** A page that is away longer than this was left for something else; WeChat's codes live as long. */
const lifeMs = 5 * 60_000
/** After one try the person decides about the next for this time. */
const triedMs = 10 * 60_000

const stateShelf = 'wechat-state'
const triedShelf = 'wechat-tried'

export function createWechatSignIn(
  call: Call,
  phone: Pick<Phone, 'storage' | 'webSignIn' | 'now' | 'secret'>,
): WechatSignIn {
  const { storage, webSignIn: web } = phone

  return {
    take() {
      const back = web?.returned() ?? null
      if (!back) return null
      const kept = storage.get<Kept>(stateShelf)
      // Used up by whatever comes back first, right or wrong.
      storage.remove(stateShelf)
      const isOurs = kept?.state === back.state && phone.now() - kept.at <= lifeMs
      if (isOurs && back.code !== null) return { code: back.code }
      storage.set(triedShelf, phone.now())
      return 'refused'
    },

    async leave() {
      if (!web) return 'no'
      const asked = await call('getWechatSignIn', {})
      if (!asked.ok || !asked.value.wechat) return 'no'
      const state = phone.secret()
      // Without a storage the state could not be checked, and every return would leave again.
      const isKept = storage.set(stateShelf, { state, at: phone.now() } satisfies Kept)
      if (!isKept || !storage.set(triedShelf, phone.now())) return 'no'
      web.leave(filled(asked.value.wechat.authorizeUrl, web.here(), state))
      return 'left'
    },

    wasTried() {
      const at = storage.get<number>(triedShelf)
      return at !== undefined && Math.abs(phone.now() - at) < triedMs
    },
  }
}

/** Fills the two empty parameters in where they stand: WeChat matches their order. */
function filled(authorizeUrl: string, redirectUri: string, state: string): string {
  return authorizeUrl
    .replace('redirect_uri=&', `redirect_uri=${encodeURIComponent(redirectUri)}&`)
    .replace('state=#', `state=${state}#`)
}
