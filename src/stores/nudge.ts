/** Answering what the merchant asked for again (R10): one field, checked by the form's own code. */
import type { No } from '@jiyue/contract/client'
import type { UploadedFile } from '@jiyue/contract/fields/file'
import type { FormField } from '@jiyue/contract/fields/kinds'
import { checkField, fieldKinds } from '@jiyue/contract/fields/registry'
import type { Service } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'
import { createOrderStore, type OrderStore } from './order.ts'
import { createFiles, type FilesState } from './registrationFiles.ts'

export interface NudgeState extends FilesState {
  value: unknown
  /** Sentences by path: the field's id, or `id.part`. */
  errors: Record<string, string>
  busy: boolean
  done: boolean
  problem: No | null
  /** For its area (B3). */
  service: Service | null
}

export interface NudgeStore {
  store: StoreApi<NudgeState>
  order: OrderStore
  load(): Promise<void>
  /** The field, and what the merchant wrote; null when nothing is asked (any more). */
  asked(): { field: FormField; note: string } | null
  type(field: FormField, raw: unknown): void
  finish(field: FormField): void
  pick(field: FormField, raw: unknown): void
  /** Chooses and sends a picture for a file field. */
  addFile(field: FormField): Promise<void>
  send(): Promise<boolean>
}

export function createNudge(app: App, orderId: string, nudgeId: string): NudgeStore {
  const order = createOrderStore(app, orderId)
  const store = createStore<NudgeState>(() => ({
    value: undefined,
    sending: {},
    previews: {},
    errors: {},
    busy: false,
    done: false,
    problem: null,
    service: null,
  }))
  const { getState: get, setState: set } = store
  const files = createFiles(app, store)

  function asked() {
    const read = order.store.getState().order
    const nudge = read?.openNudges.filter(({ id }) => id === nudgeId)[0]
    const field = read?.form.fields.filter(({ id }) => id === nudge?.fieldId)[0]
    if (!nudge || !field) return null
    // What is asked for is wanted, whatever the form says.
    return { field: { ...(field as FormField), required: true }, note: nudge.note }
  }

  function check(field: FormField): boolean {
    const problem = checkField(field, get().value, app.clock.now())
    const path = problem?.part === undefined ? field.id : `${field.id}.${problem.part}`
    set({ errors: problem ? { [path]: problem.message } : {} })
    return problem === null
  }

  function pick(field: FormField, raw: unknown) {
    set({ value: raw, problem: null })
    check(field)
  }

  return {
    store,
    order,
    asked,
    async load() {
      const read = await order.load()
      if (!read || get().service) return
      const known = app.services.get(read.service.id)
      if (known) return set({ service: known })
      const result = await app.call('getService', { params: { id: read.service.id } })
      if (result.ok) set({ service: result.value })
    },
    type(field, raw) {
      set({ value: raw, problem: null })
      if (Object.keys(get().errors).length > 0) check(field)
    },
    finish: (field) => void check(field),
    pick,
    async addFile(field) {
      const kept = () => fieldKinds.file.normalise(get().value ?? []) as UploadedFile[]
      const added = await files.add(field, kept())
      if (typeof added === 'string') set({ errors: { [field.id]: added } })
      else if (added) pick(field, [...kept(), ...added.slice(-1)])
    },
    async send() {
      const now = asked()
      if (!now || get().busy || !check(now.field)) return false
      set({ busy: true, problem: null })
      const params = { id: nudgeId }
      const result = await app.ask('putNudgeAnswer', { params, body: { value: get().value } })
      set({ busy: false })
      if (result.ok) {
        order.show(result.value)
        set({ done: true })
        return true
      }
      const errors: Record<string, string> = {}
      for (const { path, message } of result.fields ?? []) errors[path] = message
      set({ errors, problem: Object.keys(errors).length > 0 ? null : result })
      if (result.code === 'nudge_over') await order.load()
      return false
    },
  }
}
