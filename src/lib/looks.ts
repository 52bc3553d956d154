/**
 * Tells the server what was seen and touched (M4), in batches, without who: the visit's id is made
 * anew at each start, no token goes along. Never in the way: it waits until the page stands, fails in
 * silence, keeps what a bad network swallowed, and tries again ever more seldom.
 */
import { createCall, type Result } from '@jiyue/contract/client'
import { looksAtOnce, looksPerVisit, oldestLookMs, visitIdleMs } from '@jiyue/contract/funnel'
import type { Look } from '@jiyue/contract/schema/funnel'
import { mustRepeat } from './outbox.ts'
import type { Phone } from './phone.ts'

/** What was looked at; its number and its time are given here. */
export type Seen = Look extends infer L ? (L extends Look ? Omit<L, 'n' | 'agoMs'> : never) : never

export interface Looks {
  /** Once a visit each; a field whenever another one is touched. */
  see(seen: Seen): void
  /** The app goes to the background, or the network is back: what waits is told now. */
  hurry(): void
}

type Kept = Seen & { visit: string; n: number; at: number }

/** What comes together goes together, and the page comes first. */
const gatherMs = 2_000
/** Looks that a phone without a network keeps; the oldest go first. */
const keptMost = 200
const firstRetryMs = 10_000
const lastRetryMs = 10 * 60_000

const shelf = 'looks'

export function createLooks(
  phone: Pick<Phone, 'send' | 'storage' | 'now' | 'later' | 'newId'>,
): Looks {
  const call = createCall(phone.send, () => null)
  let waiting = phone.storage.get<Kept[]>(shelf) ?? []
  let isKept = waiting.length > 0
  let visit = ''
  let n = 0
  let lastAt = 0
  let told: Record<string, true> = {}
  let lastField = ''
  let sending = false
  let failures = 0
  let stopTimer: (() => void) | null = null

  function see(seen: Seen) {
    const now = phone.now()
    if (visit === '' || now - lastAt > visitIdleMs) {
      visit = phone.newId()
      n = 0
      told = {}
      lastField = ''
    }
    lastAt = now
    const isOfForm = seen.kind === 'step' || seen.kind === 'field'
    // Whoever chooses or holds has the service before them: also after a long silence.
    if (seen.kind !== 'service' && !isOfForm) add({ kind: 'service', serviceId: seen.serviceId })
    add(seen)
  }

  function add(seen: Seen) {
    const name = nameOf(seen)
    if (seen.kind === 'field' ? lastField === name : told[name]) return
    if (seen.kind === 'field') lastField = name
    else told[name] = true
    if (n >= looksPerVisit) return
    waiting.push({ ...seen, visit, n: n++, at: lastAt })
    if (waiting.length > keptMost) waiting = waiting.slice(-keptMost)
    tellAfter(failures === 0 ? gatherMs : retryMs())
  }

  function tellAfter(ms: number) {
    stopTimer ??= phone.later(ms, () => void tell())
  }

  const retryMs = () => Math.min(lastRetryMs, firstRetryMs * 2 ** (failures - 1))

  async function tell() {
    stopTimer?.()
    stopTimer = null
    if (sending) return
    sending = true
    try {
      while (await tellSome());
    } finally {
      sending = false
    }
    keep()
    if (waiting.length > 0) tellAfter(retryMs())
  }

  /** One batch of one visit; true when there may be more to tell now. */
  async function tellSome(): Promise<boolean> {
    const now = phone.now()
    waiting = waiting.filter(({ at }) => now - at < oldestLookMs)
    const id = waiting[0]?.visit
    if (id === undefined) return false
    const batch = waiting.filter((one) => one.visit === id).slice(0, looksAtOnce)
    const looks = batch.map(({ visit: _, at, ...look }) => ({
      ...look,
      agoMs: Math.max(0, Math.round(now - at)),
    }))
    const result = await call('putLooks', { params: { id }, body: { looks } })
    if (mayComeLater(result)) {
      failures++
      return false
    }
    failures = 0
    waiting = waiting.filter((one) => batch.indexOf(one) < 0)
    return true
  }

  /** Written down only where a network failed: most visits write nothing. */
  function keep() {
    if (waiting.length > 0) phone.storage.set(shelf, waiting)
    else if (isKept) phone.storage.remove(shelf)
    isKept = waiting.length > 0
  }

  return {
    see,
    hurry() {
      if (waiting.length === 0) return
      failures = 0
      // The page may be on its way to a cashier, and take the request with it.
      keep()
      void tell()
    },
  }
}

function nameOf(seen: Seen): string {
  const { kind, serviceId } = seen
  if (seen.kind === 'step') return `${kind} ${seen.orderId} ${seen.step}`
  if (seen.kind === 'field') return `${kind} ${seen.orderId} ${seen.fieldId}`
  return `${kind} ${seen.kind === 'hold' ? seen.orderId : serviceId}`
}

/** Nothing was heard, or there are too many just now. Any other no would be the same again. */
function mayComeLater(result: Result<unknown>): boolean {
  return mustRepeat(result) || (!result.ok && result.code === 'too_many_requests')
}
