/** The receipt 支付凭证 (P9): issued and opened for whoever paid, verified by whoever has its code. */
import type { No } from '@jiyue/contract/client'
import { readCode } from '@jiyue/contract/receipt'
import type { Reply } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export interface ReceiptState {
  busy: boolean
  /** Why it could not be opened. */
  word: string | null
}

export interface ReceiptStore {
  store: StoreApi<ReceiptState>
  /** Issues the order's receipt, once, and opens its PDF. */
  open(): Promise<void>
}

export function createReceipt(app: App, orderId: string): ReceiptStore {
  const store = createStore<ReceiptState>(() => ({ busy: false, word: null }))
  return {
    store,
    async open() {
      if (store.getState().busy) return
      store.setState({ busy: true, word: null })
      const issued = await app.ask('putReceipt', { params: { id: orderId } })
      const isOpen = issued.ok && (await app.phone.openDocument(issued.value.pdfPath))
      const word = issued.ok ? '凭证未能打开，请稍后重试' : issued.message
      store.setState({ busy: false, word: isOpen ? null : word })
    },
  }
}

export type Verified = Reply<'getReceipt'>

export interface VerificationState {
  typed: string
  asking: boolean
  verified: Verified | null
  /** `invalid`: no receipt has this code. */
  problem: No | 'unreadable' | 'invalid' | null
}

export interface Verification {
  store: StoreApi<VerificationState>
  type(typed: string): void
  verify(): Promise<void>
}

/** `code`: from the QR code's address. */
export function createVerification(app: App, code: string): Verification {
  const store = createStore<VerificationState>(() => ({
    typed: code,
    asking: false,
    verified: null,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  return {
    store,
    type: (typed) => set({ typed, problem: null }),
    async verify() {
      const read = readCode(get().typed)
      if (!read) return set({ verified: null, problem: 'unreadable' })
      set({ asking: true, problem: null })
      const result = await app.call('getReceipt', { params: { code: read } })
      set({ asking: false })
      if (result.ok) set({ verified: result.value })
      else set({ verified: null, problem: result.code === 'not_found' ? 'invalid' : result })
    },
  }
}
