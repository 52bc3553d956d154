/**
 * The answers of one form, kept (R6, R8): on the phone at once, in the cloud after a quiet moment,
 * and merged with what another device says. An answer stays here until the cloud has confirmed it.
 */
import type { Draft } from '@jiyue/contract/schema/wire'
import type { StoreApi } from 'zustand/vanilla'
import {
  confirmed,
  type DraftValues,
  edited,
  emptyDraft,
  keepLocalDraft,
  localDraft,
  merged,
  settled,
  unsent,
} from '../lib/drafts.ts'
import { mustRepeat } from '../lib/outbox.ts'
import type { App } from './app.ts'

/** Quiet time before the cloud is told of finished fields. */
const cloudAfterMs = 800

/** Until a saving is tried again that no answer came to, or only 「请稍后重试」. */
const againAfterMs = 5_000

/** Quiet time before half a word is kept on the phone. */
const keepAfterMs = 400

export interface DraftState {
  values: DraftValues
  step: number
  /** phone: kept here, not yet in the cloud. */
  saved: 'nothing' | 'phone' | 'cloud'
}

export interface DraftKeeper {
  /** Reads the cloud's draft; false when it cannot be had now. */
  read(): Promise<boolean>
  /** Shows an answer while it is typed; a phone may die under the finger. */
  type(fieldId: string, value: unknown): void
  /** The field is finished. `at` is only for what is filled in without the person. */
  put(answers: Record<string, unknown>, at?: string): void
  /** Chooses between two devices' answers. */
  choose(fieldId: string, value: unknown): void
  /** Phone at once, cloud after a quiet moment. */
  saveSoon(): void
  /** Saves everything now: the page is being left. */
  saveNow(): void
  stop(): void
  /** Being submitted: kept on the phone; the cloud must not be told of a draft behind its submission. */
  hold(): void
  /** Submitted: nothing of it is left on this phone. */
  forget(): void
}

export function createDraftKeeper<S extends DraftState>(
  app: App,
  orderId: string,
  store: StoreApi<S>,
): DraftKeeper {
  const { storage } = app.phone
  const get = store.getState
  const set = (some: Partial<DraftState>) => store.setState(some as Partial<S>)
  const now = () => new Date(app.clock.now()).toISOString()
  let cloud: Draft = emptyDraft
  let stopSaving = () => {}
  let stopKeeping = () => {}
  let saving = false
  /** The cloud was read while a saving was on its way: which of the two answers is newer? */
  let readMeanwhile = false
  /** The page is not in front: it reads and saves again when it comes back. */
  let left = false

  const keep = () => {
    keepLocalDraft(storage, orderId, { values: get().values, step: get().step })
  }
  const waiting = () => Object.keys(unsent(cloud.values, get().values)).length > 0

  async function read(): Promise<boolean> {
    left = false
    if (saving) readMeanwhile = true
    const theirs = await app.call('getDraft', { params: { id: orderId } })
    if (theirs.ok) take(theirs.value)
    return theirs.ok
  }

  function take(theirs: Draft) {
    cloud = theirs
    const step = localDraft(storage, orderId) ? get().step : theirs.step
    set({ values: merged(get().values, theirs.values), step })
    if (waiting()) saveSoon()
  }

  function show(fieldId: string, value: unknown) {
    const { values } = get()
    set({ values: { ...values, [fieldId]: edited(values[fieldId], value, now()) } })
  }

  function saveSoon() {
    keep()
    set({ saved: 'phone' })
    saveAfter(cloudAfterMs)
  }

  /** One saving at a time: what comes meanwhile follows what was sent. */
  async function saveToCloud() {
    if (saving) return saveSoon()
    const sent = unsent(cloud.values, get().values)
    if (Object.keys(sent).length === 0 && cloud.step === get().step) return set({ saved: 'cloud' })
    saving = true
    readMeanwhile = false
    const result = await app.call('putDraft', {
      params: { id: orderId },
      body: { values: sent, step: get().step },
    })
    saving = false
    // Kept on the phone meanwhile.
    if (!result.ok) return mustRepeat(result) && !left ? saveAfter(againAfterMs) : undefined
    cloud = result.value
    set({ values: confirmed(get().values, sent, cloud.values) })
    if (localDraft(storage, orderId)) keep()
    if (!waiting()) set({ saved: 'cloud' })
    if (readMeanwhile) await read()
  }

  function saveAfter(ms: number) {
    stopSaving()
    stopSaving = app.phone.later(ms, () => void saveToCloud())
  }

  function stop() {
    stopSaving()
    stopKeeping()
  }

  function hold() {
    stop()
    keep()
  }

  return {
    read,
    type(fieldId, value) {
      show(fieldId, value)
      stopKeeping()
      stopKeeping = app.phone.later(keepAfterMs, keep)
    },
    put(answers, at) {
      const values = { ...get().values }
      for (const id of Object.keys(answers)) {
        values[id] = at ? { value: answers[id], at } : edited(values[id], answers[id], now())
      }
      set({ values })
    },
    choose(fieldId, value) {
      const { values } = get()
      const before = values[fieldId]
      if (!before) return
      set({ values: { ...values, [fieldId]: settled(before, value, now()) } })
      saveSoon()
    },
    saveSoon,
    saveNow() {
      hold()
      left = true
      void saveToCloud()
    },
    stop,
    hold,
    forget() {
      stop()
      keepLocalDraft(storage, orderId, null)
    },
  }
}
