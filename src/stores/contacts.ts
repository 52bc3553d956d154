/** 常用信息 on the phone (R2, G5): read once and shared by all pages, changed one at a time. */
import type { No } from '@jiyue/contract/client'
import { answersFrom, type Contact, type ContactKind, contactsIn } from '@jiyue/contract/contact'
import type { FormField } from '@jiyue/contract/fields/kinds'
import type { FormValues } from '@jiyue/contract/fields/registry'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { App } from './app.ts'

export interface ContactsState {
  /** Null until read, and for whoever is not signed in. */
  contacts: readonly Contact[] | null
  problem: No | null
  busy: boolean
}

export interface Contacts {
  store: StoreApi<ContactsState>
  /** Quietly: nobody is asked to sign in. */
  load(): Promise<void>
  /** For the page of 常用信息: asks who the person is. */
  open(): Promise<void>
  /** Null when it is saved, else why not. */
  save(contact: Contact): Promise<No | null>
  remove(id: string): Promise<boolean>
  /** What the default ones say to a form. */
  defaultsFor(fields: readonly FormField[]): Record<string, unknown>
  /** Keeps what a submitted form tells; one that is there already is not kept twice. */
  keep(fields: readonly FormField[], answers: FormValues): Promise<void>
}

export function createContacts(app: Pick<App, 'call' | 'ask' | 'phone' | 'clock'>): Contacts {
  const store = createStore<ContactsState>(() => ({ contacts: null, problem: null, busy: false }))
  const { getState: get, setState: set } = store

  async function read(how: App['call']) {
    const result = await how('listContacts', {})
    if (result.ok) set({ contacts: result.value.contacts, problem: null })
    else if (result.code === 'unauthenticated') set({ contacts: null, problem: result })
    else set({ problem: result })
  }

  async function save({ id, ...body }: Contact): Promise<No | null> {
    set({ busy: true })
    const result = await app.ask('putContact', {
      params: { id },
      body: { ...body, values: { ...body.values } },
    })
    set({ busy: false })
    if (!result.ok) return result
    set({ contacts: result.value.contacts })
    return null
  }

  /** The same person by name, the same address or company by all it says. */
  function known(kind: ContactKind, values: FormValues): Contact | undefined {
    const same = (one: Contact) =>
      kind === 'person'
        ? one.values.name === values.name
        : JSON.stringify(one.values) === JSON.stringify(values)
    return get().contacts?.filter((one) => one.kind === kind && same(one))[0]
  }

  return {
    store,
    load: () => read(app.call),
    open: () => read(app.ask),
    save,
    async remove(id) {
      set({ busy: true })
      const result = await app.ask('deleteContact', { params: { id } })
      set({ busy: false })
      if (result.ok) set({ contacts: result.value.contacts })
      return result.ok
    },
    defaultsFor(fields) {
      const answers: Record<string, unknown> = {}
      for (const contact of get().contacts ?? []) {
        if (contact.isDefault) Object.assign(answers, answersFrom(contact, fields))
      }
      return answers
    },
    async keep(fields, answers) {
      for (const { kind, values } of contactsIn(fields, answers, app.clock.now())) {
        const before = known(kind, values)
        const isFirst = !get().contacts?.some((one) => one.kind === kind)
        await save({
          id: before?.id ?? app.phone.newId(),
          kind,
          values: { ...before?.values, ...values },
          isDefault: before?.isDefault ?? isFirst,
        })
      }
    },
  }
}
