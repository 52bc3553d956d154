/**
 * Paying an order, or the difference of its move (P1 P6 B9). The wallet's word is never believed:
 * whatever it says, the server is asked, and only the order's own state moves the page on.
 */
import type { No } from '@jiyue/contract/client'
import { type Method, methodsOf, type PayParams } from '@jiyue/contract/payment'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Due, moveDue, type OpenMove, orderDue } from '../lib/due.ts'
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
  /** The order stands, or has moved. */
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
  load(): Promise<void>
  choose(method: Method): void
  pay(): Promise<void>
  /** The person wants to know now. */
  refresh(): Promise<void>
  /** Gives up waiting: another try, another method. */
  again(): void
  /** What is to be paid; null while the order is not read. */
  due(): Due | null
  follow(): () => void
}

/** Waits between two questions while a result is awaited, ms; the last one repeats. */
const pollMs = [1000, 1000, 2000, 3000, 5000]

const words = {
  order: {
    cancelled: '支付已取消，名额仍为您保留，可在倒计时结束前重新支付',
    failed: '支付未成功，可重新支付或更换支付方式',
  },
  move: {
    cancelled: '支付已取消，原预约不变，可在倒计时结束前继续补差价',
    failed: '支付未成功，原预约不变，可重新支付或更换支付方式',
  },
} satisfies Record<string, Partial<Record<PayOutcome, string>>>

/** `moveId`: pays the difference of this move. */
export function createPaymentStore(
  app: App,
  orderId: string,
  moveId: string | null = null,
): PaymentStore {
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
  const said = words[moveId ? 'move' : 'order']
  /** Of a move the order tells only while it is open; a cashier's page may be between. */
  const last = app.phone.storage.get<KeptMove>(shelf)
  let kept: KeptMove = moveId && last?.moveId === moveId ? last : {}
  let stopPolling = () => {}
  let closed = false

  async function load() {
    const back = app.phone.cashierReturn()
    const read = await order.load()
    const openId = openPaymentId()
    if (back) {
      set({ phase: 'waiting' })
      await app.call('putReturn', { params: { id: back.paymentId }, body: { query: back.query } })
      await askOnce(back.paymentId)
      if (get().phase === 'waiting') poll(back.paymentId, 0)
    } else if (openId) {
      await askOnce(openId)
      if (get().phase === 'waiting') poll(openId, 0)
    }
    settle()
    void app.consents.load()
    // WeChat's browser leaves the page for it: before the tap that pays, not after.
    const owes = read !== null && (due()?.amountFen ?? 0) > 0
    if (owes && get().phase === 'choosing') await app.session.readyToPay(false)
  }

  function due(): Due | null {
    const read = order.store.getState().order
    if (!read) return null
    const now = app.clock.now()
    if (!moveId) return orderDue(read, now)
    return moveDue(read, moveId, kept.move ?? null, now)
  }

  /** Moves on by what the order is now. */
  function settle() {
    const { state, move } = due() ?? {}
    if (state === 'open' && move && !kept.move) keep({ move })
    if (state === 'paid') end('paid')
    // Money may still be on its way to what just lapsed: hear it out first.
    else if (state === 'over' || state === 'unknown' || (state === 'late' && !isAwaited()))
      end('over')
  }

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
    const owed = due()
    if (!owed) return
    if (owed.state !== 'open') return settle()
    set({ phase: 'opening', word: null, problem: null })
    const mayPay = owed.amountFen === 0 || (await app.session.readyToPay(true))
    if (!mayPay) return set({ phase: 'choosing' })
    const { method } = get()
    const result = await app.outbox.send(
      `pay:${moveId ?? orderId}:${method}`,
      'createPayment',
      () => {
        const id = openPaymentId(method) ?? app.phone.newId()
        return {
          params: { id: orderId },
          body: {
            id,
            method,
            scene: app.phone.scene(),
            returnPath: `${pathTo.payment(orderId, moveId)}&back=${id}`,
            ...(moveId && { moveId }),
          },
        }
      },
    )
    if (!result.ok) return refused(result)
    keep({ paymentId: result.value.id })
    await handOver(result.value.id, result.value.params)
  }

  function keep(more: KeptMove) {
    if (!moveId) return
    kept = { ...kept, ...more, moveId }
    app.phone.storage.set(shelf, kept)
  }

  /**
   * The payment that is still open. Of one method: the same payment again, for the provider knows
   * its number. A move's is opened anew, the server closes the one before.
   */
  function openPaymentId(method?: Method): string | null {
    if (moveId) return method ? null : (kept.paymentId ?? null)
    const last = order.store.getState().order?.payment
    const isOpen = last?.state === 'pending' || (!method && last?.state === 'created')
    return last && isOpen && (!method || last.method === method) ? last.id : null
  }

  async function refused(no: No) {
    set({ phase: 'choosing', problem: no })
    const reaction = reactionOf(no)
    if (reaction === 'choose_slot') return end('over')
    if (reaction !== 'read_again') return
    await load()
  }

  async function handOver(paymentId: string, params: PayParams) {
    if (params.way === 'qr') {
      set({ phase: 'scanning', codeUrl: params.codeUrl })
      return poll(paymentId, 0)
    }
    set({ phase: 'wallet' })
    const outcome: PayOutcome =
      params.way === 'none' ? 'done' : await app.phone.pay(params, paymentId)
    if (outcome === 'shown') {
      // The browser is leaving; should it come back by its own button, the page is waiting already.
      set({ phase: 'waiting' })
      return poll(paymentId, 0)
    }
    if (outcome === 'cancelled' || outcome === 'failed') return believeNot(paymentId, said[outcome])
    set({ phase: 'waiting' })
    // WeChat lets its sheet follow a payment; what is known of the money does not wait for it.
    const isPaid = outcome === 'done' && params.way !== 'none'
    if (isPaid && !moveId) void app.consents.ask(['start', 'booking', 'money'])
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
    set({ phase: 'choosing', codeUrl: null, word: said.failed })
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
    const openId = openPaymentId()
    if (openId) await askOnce(openId)
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
    due,
    follow() {
      closed = false
      const ends = [
        order.follow(() => {
          void order.load().then(settle)
        }),
        app.phone.onCashierReturn(() => void load()),
      ]
      return () => {
        closed = true
        stopPolling()
        for (const stop of ends) stop()
      }
    },
  }
}

/**
 * What the phone keeps of the last move that was paid. It stays after the end: the page that hears it
 * first may be one the browser is already leaving, on its way down from a cashier's pages.
 */
const shelf = 'paying'
interface KeptMove {
  moveId?: string
  move?: OpenMove | null
  paymentId?: string
}
