/**
 * The person's place in a service's queue (T5). The hold that was sent to the queue is kept, with its
 * order id, and sent again by itself when the turn comes: after a reconnect, a restart, another node.
 * News of the queue tell how far it is; the server is asked only after a gap or a long silence.
 */
import type { No, Result } from '@jiyue/contract/client'
import { estimateSeconds, type Place, placeAfter, type QueueNews } from '@jiyue/contract/queue'
import type { Input, Order } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { mustRepeat } from '../lib/outbox.ts'
import { type App, reactionOf } from './app.ts'

export type GroupPart = Input<'putOrders'>['body']['orders'][number]

/** The hold somebody waits for. */
export interface Wish {
  orderId: string
  slotId: string
  party: number
  /** All parts of a party that is split over slots (B6); the fields above are the first one's. */
  group?: GroupPart[]
}

export interface QueueState {
  /**
   * `waiting`: in the line. `trying`: the turn has come, the hold is under way. `turn`: it has come,
   * but this slot could not be had: another may be chosen. `full`: the queue takes nobody more.
   */
  state: 'none' | 'waiting' | 'trying' | 'turn' | 'full'
  wish: Wish | null
  /** null until it was read for the first time. */
  place: Place | null
  /** People ahead when the waiting began: what the progress is measured by. */
  firstAhead: number
  estimateSeconds: number | null
  /** The turn came and went while the phone was away. */
  missed: boolean
  /** 预约提醒: `sms` will come; `unreachable`: written down, but we know no number. */
  reminder: 'none' | 'asking' | 'sms' | 'unreachable'
  problem: No | null
  /** The seats are held: go on with this order. */
  held: Order | null
}

export interface Queue {
  store: StoreApi<QueueState>
  /** The hold of `wish` was refused with `queued`: its place is taken already. */
  enter(wish: Wish): Promise<void>
  /** The hold was refused with `too_busy`. */
  turnAway(): void
  /** Waits for another slot at the same place; when the turn has come, holds it at once. */
  choose(slotId: string): Promise<void>
  leave(): Promise<void>
  /** Puts `full` away. */
  close(): void
  remind(): Promise<void>
  /** Goes on with a place that this phone has, and hears of it until the answer is called. */
  follow(): () => void
}

/** What outlives the app. */
interface Kept {
  wish: Wish
  userId: string
  slip: string | null
  number: number
  lookedAt: number
}

/** A place not looked at for so long is not held behind the person's back. */
const keptMs = 30 * 60_000
/** Nothing heard for about this long: look, whether the line stands still or only we do. */
const silenceMs = 60_000

const nothing: QueueState = {
  state: 'none',
  wish: null,
  place: null,
  firstAhead: 0,
  estimateSeconds: null,
  missed: false,
  reminder: 'none',
  problem: null,
  held: null,
}

/** `hold` sends a wish with its own order id. */
export function createQueue(
  app: App,
  serviceId: string,
  hold: (wish: Wish) => Promise<Result<Order>>,
): Queue {
  const store = createStore<QueueState>(() => nothing)
  const { getState: get, setState: set } = store
  const { storage, later, now } = app.phone
  const shelf = `queue:${serviceId}`
  const me = () => app.session.store.getState().signedIn?.user.id ?? null
  let looking: Promise<void> | null = null
  let stopListening: (() => void) | null = null
  let stopTimer = () => {}
  let shown = false

  function kept(): Kept | null {
    const one = storage.get<Kept>(shelf)
    return one && one.userId === me() && now() - one.lookedAt < keptMs ? one : null
  }

  function keep(wish: Wish, change: Partial<Kept> = {}) {
    const old = kept() ?? { slip: null, number: 0 }
    storage.set(shelf, { ...old, ...change, wish, userId: me(), lookedAt: now() })
  }

  function end(change: Partial<QueueState> = {}) {
    storage.remove(shelf)
    stopHearing()
    set({ ...nothing, ...change })
  }

  function hear() {
    if (!shown || stopListening) return
    stopListening = app.live.follow(`queue:${serviceId}`, {
      // What is being answered now may be older than the hint.
      hint: () => void again(),
      queue: moveUp,
    })
  }

  function stopHearing() {
    stopTimer()
    stopListening?.()
    stopListening = null
  }

  function listenOn() {
    stopTimer()
    if (!shown || get().state !== 'waiting') return
    // Jitter: thousands who wait must not ask in one second.
    stopTimer = later(silenceMs * (0.75 + Math.random() / 2), () => void look())
  }

  function moveUp(news: QueueNews) {
    const { state, place } = get()
    if (state !== 'waiting' || !place) return
    const after = placeAfter(place, news)
    if (after.state === 'turn') return void take()
    if (after.state === 'unknown') return void look()
    const seconds = estimateSeconds(after.place.ahead, news.perMinute)
    set({ place: after.place, estimateSeconds: seconds })
    listenOn()
  }

  function look(): Promise<void> {
    looking ??= lookOnce().then(() => {
      looking = null
    })
    return looking
  }

  async function lookOnce() {
    const { wish, state } = get()
    if (!wish || state === 'trying') return
    const known = kept()
    const body = { slotId: wish.slotId, party: wish.party }
    const result = await app.call('putQueue', {
      params: { id: serviceId },
      body: known?.slip ? { ...body, slip: known.slip } : body,
    })
    if (get().wish === null) return
    if (!result.ok) return lookFailed(result)
    const { number, ahead, admitted, slip } = result.value
    if (number === 0) {
      if (result.value.state === 'admitted') return take()
      return set({ state: 'turn', problem: null })
    }
    const missed = get().missed || (known !== null && known.number > 0 && number > known.number)
    keep(wish, { slip, number })
    set({
      state: 'waiting',
      place: { number, ahead, admitted },
      firstAhead: missed || !get().place ? ahead : Math.max(get().firstAhead, ahead),
      estimateSeconds: result.value.estimateSeconds,
      missed,
      problem: null,
    })
    listenOn()
  }

  function lookFailed(no: No) {
    if (no.code === 'too_busy') return end({ state: 'full' })
    // Out of reach: the place is the server's, and this phone's slip; it is looked at again.
    if (mustRepeat(no)) return listenOn()
    end({ problem: no })
  }

  /** The turn: the hold goes out, with the id it had from the beginning. */
  async function take() {
    const { wish, state } = get()
    if (!wish || state === 'trying') return
    set({ state: 'trying', problem: null })
    const result = await hold(wish)
    if (result.ok) return end({ held: result.value })
    if (result.code === 'queued') {
      set({ state: 'waiting' })
      return again()
    }
    if (result.code === 'too_busy') return end({ state: 'full' })
    if (reactionOf(result) === 'choose_slot') return set({ state: 'turn', problem: result })
    if (mustRepeat(result)) {
      set({ state: 'waiting' })
      return listenOn()
    }
    end({ problem: result })
    void app.call('deleteQueue', { params: { id: serviceId } })
  }

  /** Looks after what is under way now. */
  async function again() {
    await looking
    await look()
  }

  return {
    store,
    async enter(wish) {
      keep(wish)
      set({ ...nothing, state: 'waiting', wish })
      hear()
      await again()
    },
    turnAway: () => end({ state: 'full' }),
    async choose(slotId) {
      const { wish, state } = get()
      if (!wish) return
      const other = { party: wish.party, slotId, orderId: app.phone.newId() }
      keep(other)
      set({ wish: other, problem: null })
      await (state === 'turn' ? take() : again())
    },
    async leave() {
      end()
      await app.call('deleteQueue', { params: { id: serviceId } })
    },
    close: () => end(),
    async remind() {
      set({ reminder: 'asking', problem: null })
      const result = await app.ask('putQueueReminder', { params: { id: serviceId } })
      if (!result.ok) return set({ reminder: 'none', problem: result })
      set({ reminder: result.value.reachable ? 'sms' : 'unreachable' })
    },
    follow() {
      shown = true
      const place = kept()
      if (place && get().state === 'none') set({ ...nothing, state: 'waiting', wish: place.wish })
      if (get().wish) {
        hear()
        void look()
      }
      return () => {
        shown = false
        stopHearing()
      }
    },
  }
}
