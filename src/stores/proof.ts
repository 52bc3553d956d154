/**
 * The last step when money is not recognised (P10): a picture of the payment, its amount, and its
 * number if there is one. The picture goes first; both have ids of their own, so a lost answer is
 * asked for again and nothing is there twice.
 */
import type { No } from '@jiyue/contract/client'
import { yuan } from '@jiyue/contract/money'
import { refusals } from '@jiyue/contract/refusals'
import type { Order } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Picture } from '../lib/phone.ts'
import { readYuan } from '../lib/yuan.ts'
import { type App, reactionOf } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'

export interface ProofState {
  picture: Picture | null
  /** Yuan, as typed. */
  amount: string
  transactionId: string
  errors: { picture?: string; amount?: string; transactionId?: string }
  stage: 'editing' | 'uploading' | 'sending' | 'sent'
  /** A refusal that belongs to no field. */
  problem: No | null
}

export interface ProofStore {
  store: StoreApi<ProofState>
  order: OrderStore
  load(): Promise<void>
  choosePicture(): Promise<void>
  typeAmount(amount: string): void
  typeTransactionId(transactionId: string): void
  /** True when the merchant has it to review. */
  submit(): Promise<boolean>
}

export function createProof(app: App, orderId: string): ProofStore {
  const order = createOrderStore(app, orderId)
  const store = createStore<ProofState>(() => ({
    picture: null,
    amount: amountOf(order.store.getState().order),
    transactionId: '',
    errors: {},
    stage: 'editing',
    problem: null,
  }))
  const { getState: get, setState: set } = store
  /** The picture's id, and whether the server has it. */
  let pictureId = ''
  let isUploaded = false
  let untouched = true

  async function load() {
    const read = await order.load()
    if (untouched) set({ amount: amountOf(read) })
  }

  async function choosePicture() {
    const chosen = await app.phone.choosePicture()
    if (chosen === null) return
    if (typeof chosen === 'string') {
      return set({ errors: { ...get().errors, picture: refusals.picture_invalid.zh } })
    }
    pictureId = app.phone.newId()
    isUploaded = false
    set({ picture: chosen, problem: null, errors: { ...get().errors, picture: undefined } })
  }

  /** What is wrong, beside its field. */
  function check(): number | null {
    const { picture, amount, transactionId } = get()
    const paidFen = readYuan(amount)
    const errors: ProofState['errors'] = {}
    if (!picture) errors.picture = '请先选择支付账单的截图'
    if (paidFen === null) errors.amount = '请输入实际支付的金额'
    if (transactionId !== '' && !/^[0-9A-Za-z]{8,64}$/.test(transactionId)) {
      errors.transactionId = '请输入支付账单中的交易单号'
    }
    set({ errors })
    return Object.keys(errors).length === 0 ? paidFen : null
  }

  async function submit(): Promise<boolean> {
    if (get().stage !== 'editing') return false
    const paidFen = check()
    if (paidFen === null) return false
    set({ stage: 'uploading', problem: null })
    if (!(await upload())) return false
    set({ stage: 'sending' })
    return send(paidFen)
  }

  async function upload(): Promise<boolean> {
    if (isUploaded) return true
    const base64 = get().picture?.base64 ?? ''
    const result = await app.outbox.carry('putPicture', {
      params: { id: pictureId },
      body: { base64 },
    })
    isUploaded = result.ok
    if (result.ok) return true
    if (result.code === 'picture_invalid' || result.code === 'too_large') {
      const errors = { ...get().errors, picture: refusals.picture_invalid.zh }
      set({ stage: 'editing', picture: null, errors })
    } else set({ stage: 'editing', problem: result })
    return false
  }

  async function send(paidFen: number): Promise<boolean> {
    const { transactionId } = get()
    const key = `proof:${orderId}:${pictureId}:${paidFen}:${transactionId}`
    const result = await app.outbox.send(key, 'putProof', () => ({
      params: { id: app.phone.newId() },
      body: { orderId, pictureId, paidFen, ...(transactionId && { transactionId }) },
    }))
    if (result.ok) {
      order.show(result.value)
      set({ stage: 'sent' })
      return true
    }
    await refused(result)
    return false
  }

  async function refused(no: No) {
    if (reactionOf(no) === 'read_again') await order.load()
    set({ stage: 'editing', problem: no })
  }

  return {
    store,
    order,
    load,
    choosePicture,
    typeAmount(amount) {
      untouched = false
      set({ amount, errors: { ...get().errors, amount: undefined } })
    },
    typeTransactionId: (typed) =>
      set({
        transactionId: typed.replace(/\s/g, ''),
        errors: { ...get().errors, transactionId: undefined },
      }),
    submit,
  }
}

/** What should have been paid, as it is filled in. */
function amountOf(order: Order | null): string {
  return order ? yuan(order.quote.payableFen) : ''
}

/** May somebody send a proof of this order now? The server has the last word. */
export function isProvable(order: Pick<Order, 'mayProve' | 'proof'>): boolean {
  return order.mayProve && order.proof?.state !== 'submitted'
}
