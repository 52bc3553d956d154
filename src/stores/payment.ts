/**
 * Paying an order (P1 P6). The wallet's word is never believed: whatever it says, the server is
 * asked, and only the order's own state moves the page on.
 */
import type { No } from '@jiyue/contract/client'
import { type Method, methodsOf, type PayParams } from '@jiyue/contract/payment'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { isTooLate, stepOf } from '../flow.ts'
import { pathTo } from '../lib/paths.ts'
import type { PayOutcome } from '../lib/phone.ts'
import { type App, reactionOf } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'

export type Phase =
  | 'choosing'
  /** Asking our server for a payment. */
  | 'opening'
  /** The wallet is in front. */
  | 'wallet'
  /** A code on the screen waits for a phone to scan it. */
  | 'scanning'
  /** The wallet is done, or came back: what does the server know? */
  | 'waiting'
  /** The order stands. */
  | 'paid'
  /** Too late, or the seat went: the order's page explains, with its refund. */
  | 'over'

export interface PaymentState {
  phase: Phase
  method: Method
  codeUrl: string | null
  /** A calm word about the last try: 「支付已取消…」. */
  word: string | null
  problem: No | null
}

export interface PaymentStore {
  store: StoreApi<PaymentState>
  order: OrderStore
  methods: readonly Method[]
  /** `back`: the wallet sent the browser back to us. */
  load(back: boolean): Promise<void>
  choose(method: Method): void
  pay(): Promise<void>
  /** The person wants to know now. */
  refresh(): Promise<void>
  /** Gives up waiting: another try, another method. */
  again(): void
  follow(): () => void
}

/** Waits between two questions while a result is awaited, ms; the last one repeats. */
const pollMs = [1000, 1000, 2000, 3000, 5000]

const words: Partial<Record<PayOutcome, string>> = {
  cancelled: '支付已取消，名额仍为您保留，可在倒计时结束前重新支付',
  failed: '支付未成功，可重新支付或更换支付方式',
}

export function createPaymentStore(app: App, orderId: string): PaymentStore {
  const methods = methodsOf[app.phone.scene()]
  const order = createOrderStore(app, orderId)
  const store = createStore<PaymentState>(() => ({
    phase: 'choosing',
    method: methods[0] ?? 'wechat',
    codeUrl: null,
    word: null,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  let stopPolling = () => {}
  let closed = false

  async function load(back: boolean) {
    const read = await order.load()
    const open = read?.payment
    if (open && (open.state === 'pending' || open.state === 'created')) {
      if (back) set({ phase: 'waiting' })
      await askOnce(open.id)
      if (get().phase === 'waiting') poll(open.id, 0)
    }
    settle()
  }

  /** Moves on by what the order is now. */
  function settle() {
    const read = order.store.getState().order
    if (!read) return
    const now = app.clock.now()
    const { state } = stepOf(read, now)
    if (state === 'confirmed' || state === 'completed') end('paid')
    else if (state === 'cancelled' || (isTooLate(read, now) && !isAwaited())) end('over')
  }

  /** Money may still be on its way to an order that just lapsed: hear it out first. */
  function isAwaited(): boolean {
    const { phase } = get()
    return phase === 'waiting' || phase === 'wallet' || phase === 'scanning'
  }

  function end(phase: 'paid' | 'over') {
    stopPolling()
    set({ phase })
  }

  async function pay() {
    if (get().phase !== 'choosing') return
    const read = order.store.getState().order
    if (!read) return
    if (isTooLate(read, app.clock.now())) return end('over')
    set({ phase: 'opening', word: null, problem: null })
    const { method } = get()
    const result = await app.outbox.send(`pay:${orderId}:${method}`, 'createPayment', () => ({
      params: { id: orderId },
      body: {
        id: openPaymentId(method) ?? app.phone.newId(),
        method,
        scene: app.phone.scene(),
        returnPath: `${pathTo.payment(orderId)}&back=1`,
      },
    }))
    if (!result.ok) return refused(result)
    await handOver(result.value.id, result.value.params)
  }

  /** The same payment again, if it is still open: the provider knows its number. */
  function openPaymentId(method: Method): string | null {
    const open = order.store.getState().order?.payment
    return open && open.state === 'pending' && open.method === method ? open.id : null
  }

  async function refused(no: No) {
    set({ phase: 'choosing', problem: no })
    const reaction = reactionOf(no)
    if (reaction === 'choose_slot') return end('over')
    if (reaction !== 'read_again') return
    await load(false)
  }

  async function handOver(paymentId: string, params: PayParams) {
    if (params.way === 'qr') {
      set({ phase: 'scanning', codeUrl: params.codeUrl })
      return poll(paymentId, 0)
    }
    set({ phase: 'wallet' })
    const outcome: PayOutcome = params.way === 'none' ? 'done' : await app.phone.pay(params)
    if (outcome === 'shown') {
      // The browser is leaving; should it come back by its own button, the page is waiting already.
      set({ phase: 'waiting' })
      return poll(paymentId, 0)
    }
    const word = words[outcome]
    if (word) return believeNot(paymentId, word)
    set({ phase: 'waiting' })
    await askOnce(paymentId)
    if (get().phase === 'waiting') poll(paymentId, 0)
  }

  /** 「取消」 is the wallet's word too: people have paid and seen it. */
  async function believeNot(paymentId: string, word: string) {
    await askOnce(paymentId)
    if (get().phase === 'wallet') set({ phase: 'choosing', word })
  }

  async function askOnce(paymentId: string) {
    const result = await app.call('getPayment', { params: { id: paymentId } })
    if (!result.ok) return
    const { state } = result.value
    if (state === 'pending' || state === 'created') return
    await order.load()
    settle()
    if (state === 'succeeded' || !isAwaited()) return
    stopPolling()
    set({ phase: 'choosing', codeUrl: null, word: words.failed ?? null })
    settle()
  }

  function poll(paymentId: string, round: number) {
    stopPolling()
    const wait = pollMs[Math.min(round, pollMs.length - 1)] ?? 5000
    stopPolling = app.phone.later(wait, async () => {
      if (closed || !isAwaited()) return
      await askOnce(paymentId)
      if (!closed && isAwaited()) poll(paymentId, round + 1)
    })
  }

  async function refresh() {
    await order.load()
    const open = order.store.getState().order?.payment
    if (open) await askOnce(open.id)
    settle()
  }

  return {
    store,
    order,
    methods,
    load,
    choose: (method) => set({ method, word: null, problem: null }),
    pay,
    refresh,
    again() {
      stopPolling()
      set({ phase: 'choosing', codeUrl: null, word: null })
      settle()
    },
    follow() {
      closed = false
      const end = order.follow(() => {
        void order.load().then(settle)
      })
      return () => {
        closed = true
        stopPolling()
        end()
      }
    },
  }
}
