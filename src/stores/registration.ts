/** The form of an order: answers, live checks, steps, saving, submitting (R1 R3 R6 R7 R9, T3). */
import type { No } from '@jiyue/contract/client'
import type { FormField } from '@jiyue/contract/fields/kinds'
import {
  checkField,
  checkForm,
  fieldKinds,
  normaliseForm,
  visibleFields,
} from '@jiyue/contract/fields/registry'
import type { Draft, Order, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { isTooLate, stepOf } from '../flow.ts'
import {
  answersOf,
  type DraftValues,
  emptyDraft,
  keepLocalDraft,
  localDraft,
  mergeDrafts,
  missingFrom,
  newestOf,
} from '../lib/drafts.ts'
import { answersFor, type Person, rememberedPeople, rememberPerson } from '../lib/people.ts'
import { type App, reactionOf } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'

export interface RegistrationState {
  values: DraftValues
  step: number
  /** Sentences by path: a field's id, or `id.part`. */
  errors: Record<string, string>
  /** False until the drafts of phone and cloud were read: a field must not jump under a finger. */
  ready: boolean
  /** phone: kept here, not yet in the cloud. */
  saved: 'nothing' | 'phone' | 'cloud'
  submitting: boolean
  /** The hold is over: 「该时段已失效，请重新选择时段」. */
  gone: boolean
  /** For its hold rule (B4) and its area (B3); null until read. */
  service: Service | null
  /** Last refusal that belongs to no field. */
  problem: No | null
}

export interface Registration {
  store: StoreApi<RegistrationState>
  order: OrderStore
  people: readonly Person[]
  load(): Promise<void>
  /** While typing: shows the answer, and takes an error back as soon as it is right. */
  type(field: FormField, raw: unknown): void
  /** The field is finished: normalised, checked, saved here at once and in the cloud soon. */
  finish(field: FormField): void
  /** type and finish in one, for choices. */
  pick(field: FormField, raw: unknown): void
  /** Fills in what is known of somebody. */
  fillFrom(person: Person): void
  /** To the next step if this one is right. */
  next(): boolean
  back(): void
  /** The order with its locked price, or null with the reason in the state. */
  submit(): Promise<Order | null>
  /** All required answers are there and right: a returning person may submit from any step. */
  isComplete(): boolean
  /** Leaving now leaves something to come back to. */
  isUnfinished(): boolean
  /** Saves everything typed, also the field under the finger (R7). */
  leave(): void
  follow(): () => void
}

/** Quiet time before the cloud is told of finished fields. */
const cloudAfterMs = 800

/** Quiet time before half a word is kept on the phone. */
const keepAfterMs = 400

export function createRegistration(app: App, orderId: string): Registration {
  const { storage } = app.phone
  const order = createOrderStore(app, orderId)
  const store = createStore<RegistrationState>(() => ({
    ...(localDraft(storage, orderId) ?? emptyDraft),
    errors: {},
    ready: false,
    saved: 'nothing',
    submitting: false,
    gone: false,
    service: null,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  let cloud: Draft = emptyDraft
  let stopSaving = () => {}
  let stopKeeping = () => {}

  const form = () => order.store.getState().order?.form ?? { version: 0, steps: [], fields: [] }
  const answers = () => answersOf(get().values)
  const draft = (): Draft => ({ values: get().values, step: get().step })
  const stamp = () => new Date(app.clock.now()).toISOString()

  async function load() {
    const [read, theirs] = await Promise.all([
      order.load(),
      app.call('getDraft', { params: { id: orderId } }),
    ])
    if (theirs.ok) take(theirs.value)
    if (read) {
      prefill(read)
      void readService(read.service.id)
    }
    if (read || theirs.ok) set({ ready: true })
    judge()
    if (Object.keys(missingFrom(cloud.values, get().values)).length > 0) saveSoon()
  }

  async function readService(serviceId: string) {
    const known = app.services.get(serviceId)
    if (known) return set({ service: known })
    const result = await app.call('getService', { params: { id: serviceId } })
    if (result.ok) set({ service: result.value })
  }

  function take(theirs: Draft) {
    cloud = theirs
    const mine = localDraft(storage, orderId)
    const merged = mergeDrafts({ values: get().values, step: get().step }, theirs)
    set({ values: merged.values, step: mine ? merged.step : theirs.step })
  }

  /** Old answers fill an untouched form; any real edit is newer than the order itself. */
  function prefill(read: Order) {
    const person = rememberedPeople(storage)[0]
    if (!person || Object.keys(get().values).length > 0) return
    put(answersFor(person, read.form.fields), read.createdAt)
  }

  function put(more: Record<string, unknown>, at: string) {
    const added: DraftValues = {}
    for (const id of Object.keys(more)) added[id] = { value: more[id], at }
    set({ values: { ...get().values, ...added } })
  }

  function type(field: FormField, raw: unknown) {
    put({ [field.id]: raw }, stamp())
    if (hasError(field)) recheck(field)
    // A phone may die under the finger.
    stopKeeping()
    stopKeeping = app.phone.later(keepAfterMs, () => keepLocalDraft(storage, orderId, draft()))
  }

  function finish(field: FormField) {
    const before = get().values[field.id]
    if (!before) return
    const value = fieldKinds[field.kind].normalise(before.value)
    set({
      values: { ...get().values, [field.id]: { ...before, value: keepable(value, before.value) } },
    })
    recheck(field)
    saveSoon()
  }

  function recheck(field: FormField) {
    const problem = checkField(field, get().values[field.id]?.value, app.clock.now())
    const errors = withoutField(get().errors, field.id)
    if (problem) errors[problem.part ? `${field.id}.${problem.part}` : field.id] = problem.message
    set({ errors })
  }

  function hasError(field: FormField): boolean {
    return Object.keys(get().errors).some((path) => path.split('.')[0] === field.id)
  }

  /** Phone at once, cloud after a quiet moment. */
  function saveSoon() {
    keepLocalDraft(storage, orderId, draft())
    set({ saved: 'phone' })
    stopSaving()
    stopSaving = app.phone.later(cloudAfterMs, () => void saveToCloud())
  }

  async function saveToCloud() {
    const values = missingFrom(cloud.values, get().values)
    const sent = get().values
    if (Object.keys(values).length === 0 && cloud.step === get().step) return
    const result = await app.call('putDraft', {
      params: { id: orderId },
      body: { values, step: get().step },
    })
    // Kept on the phone; the next finished field, or the next visit, tries again.
    if (!result.ok) return
    cloud = result.value
    set({ values: newestOf(get().values, cloud.values) })
    if (sent === get().values) set({ saved: 'cloud' })
    else if (Object.keys(missingFrom(cloud.values, get().values)).length === 0)
      set({ saved: 'cloud' })
  }

  /** Checks the fields of one step, or of all; the sentences stand beside their fields. */
  function check(step: number | null): boolean {
    const { fields } = form()
    const problems = checkForm(fields, answers(), app.clock.now())
    const errors: Record<string, string> = {}
    for (const { path, message } of problems) {
      if (step === null || stepOfPath(fields, path) === step) errors[path] = message
    }
    set({ errors })
    return Object.keys(errors).length === 0
  }

  function showFirstError() {
    const first = Object.keys(get().errors)[0]
    if (first) set({ step: stepOfPath(form().fields, first) })
  }

  async function submit(): Promise<Order | null> {
    if (get().submitting) return null
    judge()
    if (get().gone) return null
    if (!check(null)) {
      showFirstError()
      return null
    }
    set({ submitting: true, problem: null })
    try {
      return await send()
    } finally {
      set({ submitting: false })
    }
  }

  async function send(): Promise<Order | null> {
    const { fields, version } = form()
    const values = normaliseForm(fields, answers())
    giveUpOlderAnswers(keyOf(orderId, values))
    const result = await app.outbox.send(keyOf(orderId, values), 'putRegistration', () => ({
      params: { id: orderId },
      body: { formVersion: version, values },
    }))
    if (!result.ok) {
      await refused(result)
      return null
    }
    stopSaving()
    stopKeeping()
    keepLocalDraft(storage, orderId, null)
    rememberPerson(storage, fields, values)
    order.show(result.value)
    return result.value
  }

  /** Answers that were corrected since must not be submitted by a late repeat. */
  function giveUpOlderAnswers(wanted: string) {
    for (const { key } of app.outbox.waiting()) {
      if (key.indexOf(keyOf(orderId)) === 0 && key !== wanted) app.outbox.drop(key)
    }
  }

  async function refused(no: No) {
    const reaction = reactionOf(no)
    if (reaction === 'fix_fields' && no.fields && no.fields.length > 0) {
      const errors: Record<string, string> = {}
      for (const { path, message } of no.fields) errors[path] = message
      set({ errors })
      return showFirstError()
    }
    set({ problem: no })
    if (reaction === 'choose_slot') set({ gone: true })
    if (reaction === 'read_again') await order.load()
    judge()
  }

  function isUnfinished(): boolean {
    const read = order.store.getState().order
    if (!get().ready || !read || read.registered || isTooLate(read, app.clock.now())) return false
    return Object.keys(get().values).length > 0
  }

  /** Time is the judge: a lapsed hold is gone even when nobody told us. */
  function judge() {
    const read = order.store.getState().order
    if (read) set({ gone: stepOf(read, app.clock.now()).state === 'expired' || get().gone })
  }

  return {
    store,
    order,
    people: rememberedPeople(storage),
    load,
    type,
    finish,
    pick(field, raw) {
      type(field, raw)
      finish(field)
    },
    fillFrom(person) {
      put(answersFor(person, form().fields), stamp())
      set({ errors: {} })
      saveSoon()
    },
    next() {
      if (!check(get().step)) return false
      set({ step: get().step + 1 })
      saveSoon()
      return true
    },
    back() {
      set({ step: Math.max(0, get().step - 1), errors: {} })
      saveSoon()
    },
    submit,
    isComplete: () => checkForm(form().fields, answers(), app.clock.now()).length === 0,
    isUnfinished,
    leave() {
      stopSaving()
      stopKeeping()
      if (!isUnfinished()) return
      keepLocalDraft(storage, orderId, draft())
      void saveToCloud()
    },
    follow: () =>
      order.follow(() => {
        void app.call('getDraft', { params: { id: orderId } }).then((theirs) => {
          if (theirs.ok) take(theirs.value)
          judge()
        })
      }),
  }
}

/** The fields of a step that are asked now. */
export function fieldsOfStep(
  fields: readonly FormField[],
  values: DraftValues,
  step: number,
): FormField[] {
  return visibleFields(fields, answersOf(values)).filter((field) => (field.step ?? 0) === step)
}

/** How many steps a form has; one at least. */
export function stepCount(form: {
  steps: readonly string[]
  fields: readonly FormField[]
}): number {
  return form.fields.reduce((most, field) => Math.max(most, (field.step ?? 0) + 1), 1)
}

function stepOfPath(fields: readonly FormField[], path: string): number {
  const id = path.split('.')[0]
  return fields.filter((field) => field.id === id)[0]?.step ?? 0
}

function withoutField(errors: Record<string, string>, id: string): Record<string, string> {
  const rest: Record<string, string> = {}
  for (const path of Object.keys(errors)) {
    const message = errors[path]
    if (path.split('.')[0] !== id && message !== undefined) rest[path] = message
  }
  return rest
}

/** NaN does not survive JSON: what was typed instead of a number stays as it is. */
function keepable(value: unknown, typed: unknown): unknown {
  return typeof value === 'number' && Number.isNaN(value) ? typed : value
}

/** Other answers are another wish: a refused form that was mended is a new errand. */
function keyOf(orderId: string, values?: Record<string, unknown>): string {
  return `register:${orderId}:${values ? JSON.stringify(values) : ''}`
}
