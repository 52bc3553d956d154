/** The form of an order: live checks, steps, submitting (R1 R3 R7 R9, T3). What keeps it: registrationDraft.ts. */
import type { No } from '@jiyue/contract/client'
import { answersFrom, type Contact } from '@jiyue/contract/contact'
import type { UploadedFile } from '@jiyue/contract/fields/file'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkField, checkForm, fieldKinds, normaliseForm } from '@jiyue/contract/fields/registry'
import { currentPrivacy } from '@jiyue/contract/privacy'
import type { Order, Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { isTooLate, stepOf } from '../flow.ts'
import { answersOf, emptyDraft, localDraft } from '../lib/drafts.ts'
import { stepOfPath, withoutField } from '../lib/formSteps.ts'
import { answersFor, type Person, rememberedPeople, rememberPerson } from '../lib/people.ts'
import { type App, reactionOf } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'
import { createDraftKeeper, type DraftState } from './registrationDraft.ts'
import { createFiles, type FilesState } from './registrationFiles.ts'

export interface RegistrationState extends DraftState, FilesState {
  /** Sentences by path: a field's id, or `id.part`. */
  errors: Record<string, string>
  /** False until the drafts of phone and cloud were read: a field must not jump under a finger. */
  ready: boolean
  submitting: boolean
  /** Submitting also keeps the answers as 常用信息; off unless the person says so. */
  keeping: boolean
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
  /** Takes one of two devices' answers (R8). */
  choose(field: FormField, value: unknown): void
  /** Chooses and sends a picture for a file field. */
  addFile(field: FormField): Promise<void>
  /** Fills in what was typed on this phone before. */
  fillFrom(person: Person): void
  /** Fills in a saved person, address or company with one tap (R2). */
  fillWith(contact: Contact): void
  /** Whether submitting also keeps the answers as 常用信息. */
  keepContacts(on: boolean): void
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

const twoAnswers = '两台设备填写的内容不同，请选择一个'

export function createRegistration(app: App, orderId: string): Registration {
  const { storage } = app.phone
  const order = createOrderStore(app, orderId)
  const store = createStore<RegistrationState>(() => ({
    ...(localDraft(storage, orderId) ?? emptyDraft),
    errors: {},
    ready: false,
    saved: 'nothing',
    sending: {},
    previews: {},
    submitting: false,
    keeping: false,
    gone: false,
    service: null,
    problem: null,
  }))
  const { getState: get, setState: set } = store
  const keeper = createDraftKeeper(app, orderId, store)
  const files = createFiles(app, store)

  const form = () => order.store.getState().order?.form ?? { version: 0, steps: [], fields: [] }
  const answers = () => answersOf(get().values)

  store.subscribe(({ ready, gone, step }) => {
    const read = order.store.getState().order
    if (ready && !gone && read && !read.registered)
      app.looks.see({ kind: 'step', serviceId: read.service.id, orderId, step })
  })

  async function load() {
    const [read, drafted] = await Promise.all([order.load(), keeper.read(), app.contacts.load()])
    if (read) {
      prefill(read)
      void readService(read.service.id)
    }
    if (read || drafted) set({ ready: true })
    judge()
  }

  async function readService(serviceId: string) {
    const known = app.services.get(serviceId)
    if (known) return set({ service: known })
    const result = await app.call('getService', { params: { id: serviceId } })
    if (result.ok) set({ service: result.value })
  }

  /** Old answers fill an untouched form; any real edit is newer than the order itself. */
  function prefill(read: Order) {
    if (Object.keys(get().values).length > 0) return
    const person = rememberedPeople(storage)[0]
    const { fields } = read.form
    const known = {
      ...(person && answersFor(person, fields)),
      ...app.contacts.defaultsFor(fields),
    }
    if (Object.keys(known).length === 0) return
    keeper.put(known, read.createdAt)
    keeper.saveSoon()
  }

  function type(field: FormField, raw: unknown) {
    keeper.type(field.id, raw)
    const serviceId = order.store.getState().order?.service.id
    if (serviceId) app.looks.see({ kind: 'field', serviceId, orderId, fieldId: field.id })
    if (hasError(field)) recheck(field)
  }

  function finish(field: FormField) {
    const before = get().values[field.id]
    if (!before) return
    const value = fieldKinds[field.kind].normalise(before.value)
    set({
      values: { ...get().values, [field.id]: { ...before, value: keepable(value, before.value) } },
    })
    recheck(field)
    keeper.saveSoon()
  }

  function pick(field: FormField, raw: unknown) {
    type(field, raw)
    finish(field)
  }

  async function addFile(field: FormField) {
    const kept = () =>
      fieldKinds.file.normalise(get().values[field.id]?.value ?? []) as UploadedFile[]
    const added = await files.add(field, kept())
    if (typeof added === 'string') set({ errors: { ...get().errors, [field.id]: added } })
    else if (added) pick(field, [...kept(), ...added.slice(-1)])
  }

  function fill(answers: Record<string, unknown>) {
    keeper.put(answers)
    set({ errors: {} })
    keeper.saveSoon()
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

  /** Checks the fields of one step, or of all; the sentences stand beside their fields. */
  function check(step: number | null): boolean {
    const { fields } = form()
    const problems = checkForm(fields, answers(), app.clock.now())
    const errors: Record<string, string> = {}
    for (const { path, message } of problems) {
      if (step === null || stepOfPath(fields, path) === step) errors[path] = message
    }
    // The newest answer would win; but the person has not seen that there are two.
    for (const { id } of step === null ? fields : []) {
      if (get().values[id]?.other) errors[id] = twoAnswers
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
    keeper.hold()
    const result = await app.outbox.send(keyOf(orderId, values), 'putRegistration', () => ({
      params: { id: orderId },
      body: { formVersion: version, values, agreed: currentPrivacy.version },
    }))
    if (!result.ok) {
      keeper.saveSoon()
      await refused(result)
      return null
    }
    keeper.forget()
    rememberPerson(storage, fields, values)
    if (get().keeping) void app.contacts.keep(fields, values)
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
    pick,
    choose(field, value) {
      keeper.choose(field.id, value)
      recheck(field)
    },
    addFile,
    fillFrom: (person) => fill(answersFor(person, form().fields)),
    fillWith: (contact) => fill(answersFrom(contact, form().fields)),
    keepContacts: (on) => set({ keeping: on }),
    next() {
      if (!check(get().step)) return false
      set({ step: get().step + 1 })
      keeper.saveSoon()
      return true
    },
    back() {
      set({ step: Math.max(0, get().step - 1), errors: {} })
      keeper.saveSoon()
    },
    submit,
    isComplete: () => checkForm(form().fields, answers(), app.clock.now()).length === 0,
    isUnfinished,
    leave() {
      if (isUnfinished()) keeper.saveNow()
      else keeper.stop()
    },
    follow: () => order.follow(() => void keeper.read().then(judge)),
  }
}

/** NaN does not survive JSON: what was typed instead of a number stays as it is. */
function keepable(value: unknown, typed: unknown): unknown {
  return typeof value === 'number' && Number.isNaN(value) ? typed : value
}

/** Other answers are another wish: a refused form that was mended is a new errand. */
function keyOf(orderId: string, values?: Record<string, unknown>): string {
  return `register:${orderId}:${values ? JSON.stringify(values) : ''}`
}
