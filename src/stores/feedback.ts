/**
 * 投诉与建议 (G8): written on any page, about its order where it has one. The draft with its id and its
 * pictures' ids is kept on the phone; what was never answered is sent again under the same id.
 */
import type { No } from '@jiyue/contract/client'
import { type FeedbackKind, feedbackPictures } from '@jiyue/contract/feedback'
import { isPhone, normalisePhone } from '@jiyue/contract/fields/phone'
import { refusals } from '@jiyue/contract/refusals'
import type { FeedbackCard } from '@jiyue/contract/schema/feedback'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

interface Draft {
  id: string
  kind: FeedbackKind
  text: string
  phone: string
  pictureIds: string[]
  orderId: string | null
  page: string
}

export interface FeedbackState {
  draft: Draft
  /** By the picture's id, for those chosen on this visit. */
  previews: Record<string, string>
  orderNumber: string | null
  errors: { text?: string | undefined; phone?: string | undefined; picture?: string | undefined }
  stage: 'editing' | 'uploading' | 'sending'
  problem: No | null
  /** What was told before, newest first; null until read. */
  mine: FeedbackCard[] | null
  signedIn: boolean
}

export interface FeedbackStore {
  store: StoreApi<FeedbackState>
  load(): Promise<void>
  /** Hears of answers until the answer is called. */
  follow(): () => void
  change(some: Partial<Pick<Draft, 'kind' | 'text' | 'phone' | 'orderId'>>): void
  addPicture(): Promise<void>
  dropPicture(id: string): void
  /** The feedback's id once the merchant has it. */
  submit(): Promise<string | null>
}

const shelf = 'feedback-draft'

/** `orderId`, `page`: of the page it was opened from. */
export function createFeedback(
  app: App,
  { orderId, page }: { orderId: string | null; page: string },
): FeedbackStore {
  const kept = app.phone.storage.get<Draft>(shelf)
  const draft = { ...(kept ?? fresh()), ...(orderId && { orderId }), ...(page && { page }) }
  const store = createStore<FeedbackState>(() => ({
    draft,
    previews: {},
    orderNumber: numberOf(draft.orderId),
    errors: {},
    stage: 'editing',
    problem: null,
    mine: null,
    signedIn: app.session.token() !== null,
  }))
  const { getState: get, setState: set } = store

  function fresh(): Draft {
    const id = app.phone.newId()
    return { id, kind: 'complaint', text: '', phone: '', pictureIds: [], orderId, page }
  }

  function numberOf(id: string | null): string | null {
    return (id && app.orders.get(id)?.number) || null
  }

  /** Another text under way is not what the person wants any more. */
  function keep(some: Partial<Draft>) {
    const next = { ...get().draft, ...some }
    app.outbox.drop(keyOf(next))
    app.phone.storage.set(shelf, next)
    set({ draft: next, problem: null })
  }

  function begin() {
    app.phone.storage.remove(shelf)
    set({ draft: { ...fresh(), orderId: null }, previews: {}, orderNumber: null, errors: {} })
  }

  async function load() {
    const signedIn = await app.session.greet()
    const { orderId: about, id } = get().draft
    if (!signedIn) return set({ mine: null, signedIn: false })
    set({ signedIn: true })
    if (about && get().orderNumber === null) {
      const order = await app.call('getOrder', { params: { id: about } })
      // Somebody else signed in since: it is not about their order.
      if (order.ok) set({ orderNumber: order.value.number })
      else if (order.code === 'not_found') keep({ orderId: null })
    }
    const result = await app.call('listFeedback', {})
    if (!result.ok) return
    set({ mine: result.value.feedback })
    if (result.value.feedback.some((one) => one.id === id)) begin()
  }

  async function submit(): Promise<string | null> {
    if (get().stage !== 'editing') return null
    const { text, phone } = get().draft
    const errors: FeedbackState['errors'] = {}
    if (text.trim() === '') errors.text = '请写下您遇到的问题或建议'
    if (phone.trim() !== '' && !isPhone(normalisePhone(phone)))
      errors.phone = '请输入 11 位有效手机号'
    set({ errors, problem: null })
    if (errors.text || errors.phone || !(await app.session.ensure())) return null
    set({ stage: 'sending' })
    const { id, kind, pictureIds, orderId: about, page: from } = get().draft
    const result = await app.outbox.send(keyOf(get().draft), 'putFeedback', () => ({
      params: { id },
      body: {
        kind,
        text: text.trim(),
        pictureIds,
        orderId: about,
        phone: phone.trim() === '' ? null : phone,
        page: from,
      },
    }))
    set({ stage: 'editing' })
    if (result.ok || result.code === 'feedback_id_reused') {
      begin()
      await load()
      if (result.ok) return id
    }
    if (!result.ok) set({ problem: result })
    return null
  }

  return {
    store,
    load,
    follow() {
      const user = app.session.store.getState().signedIn?.user
      if (!user) return () => {}
      return app.live.follow(`inbox:${user.id}`, { hint: () => void load() })
    },
    change(some) {
      const { errors } = get()
      set({ errors: { ...errors, ...('text' in some && { text: undefined }), phone: undefined } })
      keep(some)
    },
    async addPicture() {
      const { draft: now, stage, errors } = get()
      if (stage !== 'editing' || now.pictureIds.length >= feedbackPictures) return
      if (!(await app.session.ensure())) return
      const chosen = await app.phone.choosePicture()
      if (chosen === null) return
      if (typeof chosen === 'string')
        return set({ errors: { ...errors, picture: refusals.picture_invalid.zh } })
      const id = app.phone.newId()
      set({ stage: 'uploading', errors: { ...errors, picture: undefined } })
      const result = await app.outbox.carry('putPicture', {
        params: { id },
        body: { base64: chosen.base64 },
      })
      set({ stage: 'editing' })
      if (!result.ok) return set({ errors: { ...get().errors, picture: result.message } })
      set({ previews: { ...get().previews, [id]: chosen.preview } })
      keep({ pictureIds: get().draft.pictureIds.concat([id]) })
    },
    dropPicture: (id) => keep({ pictureIds: get().draft.pictureIds.filter((one) => one !== id) }),
    submit,
  }
}

const keyOf = ({ id }: Draft) => `feedback:${id}`
