/** 「是否确认参与」 by the link of a message: no sign-in, the key in it is the right (B8). */
import type { No } from '@jiyue/contract/client'
import type { Reply } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export type Asked = Reply<'getAnswer'>

export interface AnswerState {
  asked: Asked | null
  problem: No | null
  /** The last answer was refused. */
  refusal: No | null
  busy: 'confirm' | 'cancel' | null
}

export interface Answer {
  store: StoreApi<AnswerState>
  load(): Promise<void>
  say(answer: 'confirm' | 'cancel'): Promise<boolean>
}

/** `key`: from the link. */
export function createAnswer(app: App, key: string): Answer {
  const store = createStore<AnswerState>(() => ({
    asked: null,
    problem: null,
    refusal: null,
    busy: null,
  }))
  const { getState: get, setState: set } = store

  async function load() {
    const result = await app.call('getAnswer', { params: { key } })
    if (result.ok) set({ asked: result.value, problem: null })
    else set({ problem: result })
  }

  return {
    store,
    load,
    async say(answer) {
      if (get().busy) return false
      set({ busy: answer, refusal: null })
      const feeFen = answer === 'cancel' ? get().asked?.cancelling?.feeFen : undefined
      const result = await app.call('putAnswer', { params: { key }, body: { answer, feeFen } })
      set({ busy: null })
      if (result.ok) {
        set({ asked: result.value })
        return true
      }
      await load()
      set({ refusal: result })
      return false
    },
  }
}
