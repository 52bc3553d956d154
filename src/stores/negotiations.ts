/** Times outside the offer 自定义时段申请 (B5): asked for, answered live, booked or refused. */
import type { No } from '@jiyue/contract/client'
import { reminderKinds } from '@jiyue/contract/reminder'
import type { Negotiation } from '@jiyue/contract/schema/negotiations'
import type { Input } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'

export interface NegotiationsState {
  /** Newest first. */
  all: Negotiation[]
  busy: boolean
  /** Asking or dropping was refused; stands until the next try. */
  refusal: No | null
}

export interface Negotiations {
  store: StoreApi<NegotiationsState>
  load(): Promise<void>
  /** Sends a request; asks who the person is where nobody knows. */
  ask(wish: Input<'putNegotiation'>['body']): Promise<boolean>
  /** Withdraws what was asked, or refuses what is offered. */
  drop(id: string): Promise<boolean>
  /** Takes the sentence away. */
  forgive(): void
  /** Hears of answers until the answer is called. */
  follow(): () => void
}

export function createNegotiations(app: App): Negotiations {
  const store = createStore<NegotiationsState>(() => ({ all: [], busy: false, refusal: null }))
  const { getState: get, setState: set } = store
  let shown = false
  let asked = 0
  let heard: string | null = null
  let stop = () => {}

  async function load() {
    hear()
    if (app.session.token() === null) return set({ all: [] })
    const mine = ++asked
    const result = await app.call('listNegotiations', {})
    // Another reading began after this one: it knows more.
    if (mine === asked && result.ok) set({ all: result.value.negotiations })
  }

  /** Answers are told where messages are. */
  function hear() {
    const me = shown ? (app.session.store.getState().signedIn?.user.id ?? null) : null
    if (me === heard) return
    stop()
    heard = me
    stop = me === null ? () => {} : app.live.follow(`inbox:${me}`, { hint: () => void load() })
  }

  async function change(ask: () => Promise<No | null>): Promise<boolean> {
    if (get().busy) return false
    set({ busy: true, refusal: null })
    const no = await ask()
    set({ busy: false, refusal: no })
    if (no === null || reactionOf(no) === 'read_again') await load()
    return no === null
  }

  return {
    store,
    load,
    async ask(wish) {
      // The host's sheet follows the very tap; asking does not wait for it.
      void app.consents.ask([reminderKinds.answered.template])
      if (!(await app.session.ensure())) return false
      const key = `ask:${wish.serviceId}:${wish.startsAt}:${wish.party}:${wish.note}`
      return change(async () => {
        const result = await app.outbox.send(key, 'putNegotiation', () => ({
          params: { id: app.phone.newId() },
          body: wish,
        }))
        return result.ok ? null : result
      })
    },
    drop: (id) =>
      change(async () => {
        const result = await app.ask('deleteNegotiation', { params: { id } })
        return result.ok ? null : result
      }),
    forgive: () => set({ refusal: null }),
    follow() {
      shown = true
      hear()
      return () => {
        shown = false
        hear()
      }
    },
  }
}

/** Those that still need somebody; else how the newest ended, until its time has come. `now` in ms. */
export function shownOf(all: readonly Negotiation[], now: number): Negotiation[] {
  const open = all.filter(({ state }) => isOpen(state))
  if (open.length > 0) return open
  return all
    .slice(0, 1)
    .filter(({ state, startsAt }) => state !== 'taken' && Date.parse(startsAt) > now)
}

export const isOpen = (state: Negotiation['state']): boolean =>
  state === 'asked' || state === 'approved' || state === 'countered'
