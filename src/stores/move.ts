/** Moving an order to another slot (B9): what it would cost is shown first, then it happens whole. */
import type { No } from '@jiyue/contract/client'
import type { Order, Reply, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'
import { createSlotPicker, type SlotPicker } from './slotPicker.ts'

export type MoveQuote = Reply<'getMoveQuote'>

export interface MoveState {
  service: Service | null
  /** What the chosen slot would cost or give back; null while it is asked for. */
  quote: MoveQuote | null
  moving: boolean
  /** A refusal that is not the slot's. */
  problem: No | null
}

export interface Move {
  store: StoreApi<MoveState>
  order: OrderStore
  picker: SlotPicker
  load(): Promise<void>
  choose(slotId: string): Promise<void>
  /** Moves at once, or opens a move that its payment completes; null with the reason in the state. */
  confirm(): Promise<Reply<'putMove'> | null>
  /** `ready`: the first reading, which tells the service. */
  follow(ready: Promise<void>): () => void
}

export function createMove(app: App, orderId: string): Move {
  const order = createOrderStore(app, orderId)
  const current = (): Order | null => order.store.getState().order
  const store = createStore<MoveState>(() => ({
    service: null,
    quote: null,
    moving: false,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  const picker = createSlotPicker(app, {
    serviceId: () => current()?.service.id ?? null,
    bookingDays: () => get().service?.bookingDays ?? null,
  })

  async function load() {
    const read = await order.load()
    if (!read) return
    await Promise.all([readService(read.service.id), picker.load()])
  }

  async function readService(serviceId: string) {
    const known = app.services.get(serviceId)
    if (known) return set({ service: known })
    const result = await app.call('getService', { params: { id: serviceId } })
    if (result.ok) set({ service: result.value })
  }

  async function choose(slotId: string) {
    picker.chooseSlot(slotId)
    await readQuote(slotId)
  }

  async function readQuote(slotId: string) {
    set({ quote: null, problem: null })
    const result = await app.ask('getMoveQuote', { params: { id: orderId }, query: { slotId } })
    // Somebody who taps fast has chosen another one meanwhile.
    if (picker.store.getState().slotId !== slotId) return
    if (result.ok) set({ quote: result.value })
    else await refused(result)
  }

  async function confirm() {
    const { slotId } = picker.store.getState()
    const { quote, moving } = get()
    if (!slotId || !quote || moving) return null
    set({ moving: true, problem: null })
    try {
      return await move(slotId, quote)
    } finally {
      set({ moving: false })
    }
  }

  async function move(slotId: string, { dueFen, refundFen }: MoveQuote) {
    const key = `move:${orderId}:${slotId}:${dueFen}:${refundFen}`
    await giveUpOtherMoves(key)
    const result = await app.outbox.send(key, 'putMove', () => ({
      params: { id: app.phone.newId() },
      body: { orderId, slotId, dueFen, refundFen },
    }))
    if (result.ok) {
      order.show(result.value.order)
      return result.value
    }
    await refused(result)
    // The new amounts stand there before the next tap.
    if (result.code === 'price_changed') {
      await readQuote(slotId)
      set({ problem: result })
    }
    return null
  }

  /** A move whose answer never came and that nobody wants any more must not wait for money. */
  async function giveUpOtherMoves(wanted: string) {
    for (const errand of app.outbox.waiting()) {
      const isOther = errand.name === 'putMove' && errand.key !== wanted
      if (!isOther || errand.key.indexOf(`move:${orderId}:`) !== 0) continue
      app.outbox.drop(errand.key)
      const { params } = errand.input as { params: { id: string } }
      await app.call('deleteMove', { params })
    }
  }

  async function refused(no: No) {
    if (reactionOf(no) === 'choose_slot') return picker.refuse(no)
    set({ problem: no })
    if (reactionOf(no) === 'read_again') await order.load()
  }

  return {
    store,
    order,
    picker,
    load,
    choose,
    confirm,
    follow(ready) {
      const ends = [order.follow()]
      let isOver = false
      void ready.then(() => {
        if (!isOver) ends.push(picker.follow())
      })
      return () => {
        isOver = true
        for (const end of ends) end()
      }
    },
  }
}
