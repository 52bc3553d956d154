/** One order on one page: read, followed, cancelled. The pages of all three steps stand on it. */
import type { No, Result } from '@jiyue/contract/client'
import type { Order } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'

export interface OrderState {
  order: Order | null
  /** Reading failed. */
  problem: No | null
  /** The last change was refused; stands until the next one, whatever is read meanwhile. */
  refusal: No | null
  busy: boolean
}

export interface OrderStore {
  store: StoreApi<OrderState>
  load(): Promise<Order | null>
  /** Shows what another answer brought. */
  show(order: Order): void
  cancel(): Promise<boolean>
  /** 「确认参与」 (B8). */
  confirmAttendance(): Promise<boolean>
  /** Gives up the move that waits for its money; its payment is closed first (B9). */
  giveUpMove(moveId: string): Promise<boolean>
  follow(onHint?: () => void): () => void
}

export function createOrderStore(app: App, id: string): OrderStore {
  const store = createStore<OrderState>(() => ({
    order: app.orders.get(id) ?? null,
    problem: null,
    refusal: null,
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

  /** One change at a time; after a "no" the order is read again and the sentence stays. */
  async function change(ask: () => Promise<Result<Order>>): Promise<boolean> {
    if (store.getState().busy) return false
    store.setState({ busy: true, refusal: null })
    const result = await ask()
    store.setState({ busy: false })
    if (result.ok) {
      show(result.value)
      return true
    }
    if (reactionOf(result) === 'read_again') await load()
    store.setState({ refusal: result })
    return false
  }

  async function deleteMove(moveId: string): Promise<Result<Order>> {
    const result = await app.ask('deleteMove', { params: { id: moveId } })
    return result.ok ? { ok: true, value: result.value.order } : result
  }

  return {
    store,
    load,
    show,
    cancel() {
      const feeFen = store.getState().order?.cancelling?.feeFen
      return change(() => app.ask('cancelOrder', { params: { id }, query: { feeFen } }))
    },
    confirmAttendance: () => change(() => app.ask('putAttendance', { params: { id } })),
    giveUpMove: (moveId) => change(() => deleteMove(moveId)),
    follow: (onHint) =>
      app.live.follow(`order:${id}`, {
        hint() {
          void load()
          onHint?.()
        },
      }),
  }
}
