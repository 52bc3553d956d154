/** The check-in code of an order (B10); kept on the phone, for at the door there may be no network. */
import type { Reply } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export type CheckInCode = Reply<'putCheckInCode'>

export interface CheckInStore {
  store: StoreApi<{ code: CheckInCode | null; failed: boolean }>
  load(): Promise<void>
}

const shelfOf = (orderId: string) => `check-in:${orderId}`

export function createCheckIn(app: App, orderId: string): CheckInStore {
  const store = createStore<{ code: CheckInCode | null; failed: boolean }>(() => ({
    code: app.phone.storage.get<CheckInCode>(shelfOf(orderId)) ?? null,
    failed: false,
  }))
  return {
    store,
    async load() {
      const result = await app.call('putCheckInCode', { params: { id: orderId } })
      if (result.ok) {
        app.phone.storage.set(shelfOf(orderId), result.value)
        return store.setState({ code: result.value, failed: false })
      }
      store.setState({ failed: store.getState().code === null })
    },
  }
}
