import { createHmac } from 'node:crypto'
import type { Store } from './store.ts'

type OpenId = { id: string; app: string; person: string }

/**
 * The platforms' users. A person is any name the tester types; an app sees an open id of its own
 * for each person, always the same one, and cannot use another app's.
 */
export type People = {
  openIdOf(app: string, person: string): string
  /** The person's id over all apps of one WeChat Open Platform account. */
  unionIdOf(person: string): string
  /** Whose open id this is, or undefined when the platform never gave it to that app. */
  personOf(app: string, openId: string): string | undefined
}

export function makePeople(store: Store, seed: string): People {
  const known = store.table<OpenId>('openIds')
  const digest = (text: string) => createHmac('sha256', seed).update(text).digest('base64url')
  return {
    openIdOf(app, person) {
      const id = `o${digest(`${app} ${person}`).slice(0, 27)}`
      if (!known.get(id)) known.put({ id, app, person })
      return id
    },
    unionIdOf: (person) => `o${digest(`union ${person}`).slice(0, 27)}`,
    personOf(app, openId) {
      const row = known.get(openId)
      return row?.app === app ? row.person : undefined
    },
  }
}
