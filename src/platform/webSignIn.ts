import { cleanAddress, parameters } from './addressBar.ts'
import { scene } from './scene.ts'
import type { WebSignIn } from './types.ts'

type Returned = ReturnType<WebSignIn['returned']>

let back: Returned = null

/** WeChat's own browser; null in all others. */
export const webSignIn: WebSignIn | null = scene() === 'wechat-browser' ? ofWechat() : null

function ofWechat(): WebSignIn {
  back = arrived()
  return {
    here: () => window.location.origin + window.location.pathname + window.location.search,
    returned() {
      const once = back
      back = null
      return once
    },
    // The page that leaves is not worth going back to: it would only leave again.
    leave: (url) => window.location.replace(url),
  }
}

/** Only WeChat adds a `state`; a page of ours may have a `code` of its own. */
function arrived(): Returned {
  const state = parameters().get('state')
  if (state === null) return null
  const code = cleanAddress((name) => name !== 'code' && name !== 'state').get('code')
  return { code, state }
}
