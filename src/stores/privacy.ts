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
  /** By id, as far as they were looked at: a data URI, or why it cannot be shown. */
  pictures: Record<string, { source: string } | { problem: No }>
}

export interface Privacy {
  store: StoreApi<PrivacyState>
  load(): Promise<void>
  /** Reads their own pictures, one after the other; what is there already is not read again. */
  showPictures(): Promise<void>
  /** Everything as it is kept, to be read by people and programs. */
  text(): string
  /** Null when all is gone, here and there; else why not. */
  erase(): Promise<No | null>
}

export function createPrivacy(app: App): Privacy {
  const store = createStore<PrivacyState>(() => ({
    data: null,
    problem: null,
    busy: false,
    pictures: {},
  }))
  const { getState: get, setState: set } = store

  /** What this phone itself keeps of them. */
  function forgetHere() {
    forgetOwn(app.phone.storage)
    app.session.forget()
    set({ data: null, pictures: {} })
  }

  return {
    store,
    async load() {
      const result = await app.ask('getMyData', {})
      if (result.ok) set({ data: result.value, problem: null })
      else set({ problem: result })
    },
    async showPictures() {
      for (const { id } of get().data?.pictures ?? []) {
        const known = get().pictures[id]
        if (known && 'source' in known) continue
        const result = await app.ask('getMyPicture', { params: { id } })
        const { type, base64 } = result.ok ? result.value : { type: '', base64: '' }
        const shown = result.ok ? { source: `data:${type};base64,${base64}` } : { problem: result }
        set({ pictures: { ...get().pictures, [id]: shown } })
      }
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
