/** A person's own data (X11): read in full, taken along, or erased in one action. */
import type { No } from '@jiyue/contract/client'
import type { MyData } from '@jiyue/contract/schema/privacy'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { forgetOwn } from '../lib/ownShelves.ts'
import type { App } from './app.ts'

export interface PrivacyState {
  data: MyData | null
  problem: No | null
  busy: boolean
}

export interface Privacy {
  store: StoreApi<PrivacyState>
  load(): Promise<void>
  /** Everything as it is kept, to be read by people and programs. */
  text(): string
  /** Null when all is gone, here and there; else why not. */
  erase(): Promise<No | null>
}

export function createPrivacy(app: App): Privacy {
  const store = createStore<PrivacyState>(() => ({ data: null, problem: null, busy: false }))
  const { getState: get, setState: set } = store

  /** What this phone itself keeps of them. */
  function forgetHere() {
    forgetOwn(app.phone.storage)
    app.session.forget()
    set({ data: null })
  }

  return {
    store,
    async load() {
      const result = await app.ask('getMyData', {})
      if (result.ok) set({ data: result.value, problem: null })
      else set({ problem: result })
    },
    text: () => JSON.stringify(get().data, null, 2),
    async erase() {
      set({ busy: true })
      const result = await app.ask('deleteMe', {})
      set({ busy: false })
      if (!result.ok) return result
      forgetHere()
      return null
    },
  }
}
