/** The person's orders, newest first. */
import type { No } from '@jiyue/contract/client'
import type { OrderCard } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { stepOf } from '../flow.ts'
import type { App } from './app.ts'

export interface OrdersState {
  /** null until read. */
  orders: OrderCard[] | null
  signedIn: boolean
  problem: No | null
}

export interface Orders {
  store: StoreApi<OrdersState>
  load(): Promise<void>
  /** Follows the orders that may still change; call again after each load. */
  follow(): () => void
}

/** More than these change too rarely to spend topics on. */
const followed = 20

export function createOrders(app: App): Orders {
  const store = createStore<OrdersState>(() => ({
    orders: null,
    signedIn: app.session.token() !== null,
    problem: null,
  }))

  async function load() {
    if (!(await app.session.greet())) {
      return store.setState({ orders: null, signedIn: false, problem: null })
    }
    store.setState({ signedIn: true })
    const result = await app.call('listOrders', {})
    if (result.ok) return store.setState({ orders: result.value.orders, problem: null })
    if (result.code === 'unauthenticated') {
      app.session.forget()
      return store.setState({ orders: null, signedIn: false })
    }
    store.setState({ problem: result })
  }

  return {
    store,
    load,
    follow() {
      const now = app.clock.now()
      const moving = (store.getState().orders ?? []).filter(
        (one) => stepOf(one, now).step !== 'booking',
      )
      const ends = moving
        .slice(0, followed)
        .map(({ id }) => app.live.follow(`order:${id}`, { hint: () => void load() }))
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
