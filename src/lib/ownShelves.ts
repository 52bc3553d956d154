/**
 * What this phone keeps belongs to one person: drafts, errands, what was typed before. Somebody else
 * who signs in on it must neither see nor send any of it.
 */
import type { Storage } from './phone.ts'

const ownerShelf = 'owner'

/** Of the phone itself or of whoever looks around: the offer, visits without who, ways back to the app. */
const nobodys = [
  'session',
  'offer',
  'looks',
  'wechat-state',
  'wechat-tried',
  'cashier-left',
  'cashier-came',
]

/** Somebody signed in: what somebody else left here goes. What was begun before signing in is theirs. */
export function beOwned(storage: Storage, userId: string): void {
  const before = storage.get<string>(ownerShelf)
  if (before === userId) return
  if (before !== undefined) forgetOwn(storage)
  storage.set(ownerShelf, userId)
}

/** Forgets all that is a person's. */
export function forgetOwn(storage: Storage): void {
  for (const name of storage.names()) if (nobodys.indexOf(name) < 0) storage.remove(name)
}
