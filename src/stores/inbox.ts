/** The inbox (X3): what we told the person, live, with what they have not seen yet. */
import type { No } from '@jiyue/contract/client'
import type { Reply } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export interface InboxState {
  /** null until read. */
  messages: Reply<'listMessages'>['messages'] | null
  unread: number
  signedIn: boolean
  problem: No | null
}

export interface Inbox {
  store: StoreApi<InboxState>
  load(): Promise<void>
  /** Everything on screen was seen. What is marked on screen stays marked until it is left. */
  markRead(): Promise<void>
  follow(): () => void
}

export function createInbox(app: App): Inbox {
  const store = createStore<InboxState>(() => ({
    messages: null,
    unread: 0,
    signedIn: app.session.token() !== null,
    problem: null,
  }))

  async function load() {
    if (!(await app.session.greet())) {
      return store.setState({ messages: null, unread: 0, signedIn: false, problem: null })
    }
    store.setState({ signedIn: true })
    const result = await app.call('listMessages', {})
    if (!result.ok) return store.setState({ problem: result })
    const { messages, unread } = result.value
    store.setState({ messages, unread, problem: null })
  }

  return {
    store,
    load,
    async markRead() {
      const newest = store.getState().messages?.[0]
      if (!newest || store.getState().unread === 0) return
      const result = await app.call('putRead', { body: { until: newest.at } })
      if (result.ok) store.setState({ unread: result.value.unread })
    },
    follow() {
      const user = app.session.store.getState().signedIn?.user
      if (!user) return () => {}
      return app.live.follow(`inbox:${user.id}`, { hint: () => void load() })
    },
  }
}
