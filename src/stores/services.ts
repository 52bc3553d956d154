/** The services on offer, and the order that waits to be finished (home). */
import type { No } from '@jiyue/contract/client'
import type { OrderCard, ServiceCard } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { isOpen } from '../flow.ts'
import type { App } from './app.ts'

export interface ServicesState {
  /** null until something can be shown. */
  services: ServiceCard[] | null
  /** Whose services these are. */
  merchant: string | null
  /** Held or registered: 「继续完成」. */
  unfinished: OrderCard | null
  problem: No | null
}

export interface Services {
  store: StoreApi<ServicesState>
  load(): Promise<void>
}

const shelf = 'offer'

export function createServices(app: App): Services {
  // The last list paints at once; the fresh one replaces it a moment later.
  const last = app.phone.storage.get<Pick<ServicesState, 'services' | 'merchant'>>(shelf)
  const store = createStore<ServicesState>(() => ({
    services: last?.services ?? null,
    merchant: last?.merchant ?? null,
    unfinished: null,
    problem: null,
  }))

  async function loadServices() {
    const result = await app.call('listServices', {})
    if (!result.ok) return store.setState({ problem: result })
    const shown = { services: result.value.services, merchant: result.value.merchant.name }
    store.setState({ ...shown, problem: null })
    app.phone.storage.set(shelf, shown)
  }

  async function loadUnfinished() {
    if (!(await app.session.greet())) return store.setState({ unfinished: null })
    // A hold whose answer got lost before a restart is an unfinished order too.
    await app.outbox.repeat()
    const result = await app.call('listOrders', {})
    if (!result.ok) return
    const now = app.clock.now()
    store.setState({ unfinished: result.value.orders.filter((one) => isOpen(one, now))[0] ?? null })
  }

  return {
    store,
    load: async () => {
      await Promise.all([loadServices(), loadUnfinished()])
    },
  }
}
