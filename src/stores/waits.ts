/** The person's places in waiting lists 候补 (B11): joined by one tap, followed live, given up. */
import type { No } from '@jiyue/contract/client'
import { reminderKinds } from '@jiyue/contract/reminder'
import type { Wait } from '@jiyue/contract/schema/waits'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'

export interface WaitsState {
  /** Places that wait and seats that are offered, newest first. */
  waits: Wait[]
  busy: boolean
  /** Joining or leaving was refused; stands until the next try. */
  refusal: No | null
}

export interface Waits {
  store: StoreApi<WaitsState>
  load(): Promise<void>
  /** Takes a place for `party` people; asks who the person is where nobody knows. */
  join(slotId: string, party: number): Promise<boolean>
  /** Leaves the line, or declines what is offered. */
  leave(id: string): Promise<boolean>
  /** Takes the sentence away. */
  forgive(): void
  /** Hears of the lists and of offered seats until the answer is called. */
  follow(): () => void
}

export function createWaits(app: App): Waits {
  const store = createStore<WaitsState>(() => ({ waits: [], busy: false, refusal: null }))
  const { getState: get, setState: set } = store
  const topics = new Map<string, () => void>()
  let shown = false
  let asked = 0

  async function load() {
    if (app.session.token() === null) return set({ waits: [] })
    const mine = ++asked
    const result = await app.call('listWaits', {})
    // Another reading began after this one: it knows more.
    if (mine !== asked || !result.ok) return
    set({ waits: result.value.waits })
    hear()
  }

  /** One topic a slot: its list moves when anybody joins, leaves or is served. */
  function hear() {
    const slots = shown ? get().waits.map(({ slot }) => slot.id) : []
    for (const [id, stop] of Array.from(topics)) {
      if (slots.indexOf(id) >= 0) continue
      stop()
      topics.delete(id)
    }
    for (const id of slots) {
      if (topics.has(id)) continue
      topics.set(id, app.live.follow(`waits:${id}`, { hint: () => void load() }))
    }
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
    async join(slotId, party) {
      // The host's sheet follows the very tap; joining does not wait for it.
      void app.consents.ask([reminderKinds.offered.template])
      if (!(await app.session.ensure())) return false
      return change(async () => {
        const result = await app.outbox.send(`wait:${slotId}:${party}`, 'putWait', () => ({
          params: { id: app.phone.newId() },
          body: { slotId, party },
        }))
        return result.ok ? null : result
      })
    },
    leave: (id) =>
      change(async () => {
        const result = await app.ask('deleteWait', { params: { id } })
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

/** The person's place in the list of a slot, or null. */
export function waitOf(waits: readonly Wait[], slotId: string | null): Wait | null {
  return waits.filter(({ slot }) => slot.id === slotId)[0] ?? null
}
