/** The conversation about one feedback (G8): live, and what is written is sent exactly once. */
import type { No } from '@jiyue/contract/client'
import type { Feedback } from '@jiyue/contract/schema/feedback'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type App, reactionOf } from './app.ts'

export interface TalkState {
  feedback: Feedback | null
  /** It could not be read. */
  problem: No | null
  text: string
  busy: boolean
  /** Sending was refused. */
  refusal: No | null
}

export interface Talk {
  store: StoreApi<TalkState>
  load(): Promise<void>
  follow(): () => void
  type(text: string): void
  say(): Promise<void>
}

export function createTalk(app: App, id: string): Talk {
  const shelf = `talk:${id}`
  const begun = app.phone.storage.get<{ wordsId: string; text: string }>(shelf)
  let wordsId = begun?.wordsId ?? app.phone.newId()
  const store = createStore<TalkState>(() => ({
    feedback: null,
    problem: null,
    text: begun?.text ?? '',
    busy: false,
    refusal: null,
  }))
  const { getState: get, setState: set } = store
  const keyOf = () => `words:${id}:${wordsId}`

  function begin() {
    wordsId = app.phone.newId()
    app.phone.storage.remove(shelf)
    set({ text: '' })
  }

  async function load() {
    const result = await app.call('getFeedback', { params: { id } })
    if (!result.ok) return set({ problem: result })
    set({ feedback: result.value, problem: null })
    // Sent by a repeat while nobody looked.
    if (result.value.words.some((one) => one.id === wordsId)) begin()
  }

  return {
    store,
    load,
    follow() {
      const user = app.session.store.getState().signedIn?.user
      if (!user) return () => {}
      return app.live.follow(`inbox:${user.id}`, { hint: () => void load() })
    },
    type(text) {
      app.outbox.drop(keyOf())
      app.phone.storage.set(shelf, { wordsId, text })
      set({ text, refusal: null })
    },
    async say() {
      const text = get().text.trim()
      if (get().busy || text === '') return
      set({ busy: true, refusal: null })
      const result = await app.outbox.send(keyOf(), 'putFeedbackWords', () => ({
        params: { id, wordsId },
        body: { text },
      }))
      set({ busy: false })
      if (result.ok) {
        begin()
        return set({ feedback: result.value })
      }
      if (reactionOf(result) === 'read_again') {
        begin()
        await load()
      }
      set({ refusal: result })
    },
  }
}
