/** One order on one page: read, followed, cancelled. Registration and payment stand on it too. */
import type { No } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'

export interface OrderState {
  order: Order | null
  problem: No | null
  busy: boolean
}

export interface OrderStore {
  store: StoreApi<OrderState>
  load(): Promise<Order | null>
  /** Shows what another answer brought. */
  show(order: Order): void
  cancel(): Promise<boolean>
  follow(onHint?: () => void): () => void
}

export function createOrderStore(app: App, id: string): OrderStore {
  const store = createStore<OrderState>(() => ({
    order: app.orders.get(id) ?? null,
    problem: null,
    busy: false,
  }))

  function show(order: Order) {
    const before = store.getState().order
    // Answers may overtake each other: the later stamp wins.
    if (before && before.now > order.now) return
    store.setState({ order, problem: null })
  }

  async function load(): Promise<Order | null> {
    const result = await app.ask('getOrder', { params: { id } })
    if (result.ok) show(result.value)
    else store.setState({ problem: result })
    return store.getState().order
  }

  async function cancel(): Promise<boolean> {
    if (store.getState().busy) return false
    store.setState({ busy: true, problem: null })
    const result = await app.ask('cancelOrder', { params: { id } })
    store.setState({ busy: false })
    if (result.ok) {
      show(result.value)
      return true
    }
    if (reactionOf(result) === 'read_again') await load()
    store.setState({ problem: result })
    return false
  }

  return {
    store,
    load,
    show,
    cancel,
    follow: (onHint) =>
      app.live.follow(`order:${id}`, {
        hint() {
          void load()
          onHint?.()
        },
      }),
  }
}
