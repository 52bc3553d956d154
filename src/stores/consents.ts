/**
 * May we write to the person by their host's own messages (X3)? One yes is one message, so it is asked
 * for again at taps where it makes sense, three templates at the most, and never twice in a row after
 * a no.
 */
import type { Call } from '@jiyue/contract/client'
import { type ConsentAnswer, type TemplateName, templatesPerTap } from '@jiyue/contract/reminder'
import type { Reply } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Outbox } from '../lib/outbox.ts'
import type { Phone } from '../lib/phone.ts'

type Templates = Reply<'listConsents'>['templates']

export interface ConsentsState {
  /** null until read; [] where the host has no such messages. */
  templates: Templates | null
  /** The host's sheet is open, or was answered and is being kept. */
  asking: boolean
  /** The person said no on this visit. */
  declined: boolean
}

export interface Consents {
  store: StoreApi<ConsentsState>
  /** Before the tap: a host's sheet must follow a tap at once. */
  load(): Promise<void>
  /** Of these templates, those of which no message is left and that nobody said no to on this visit. */
  missing(names: readonly TemplateName[]): Templates
  /** Asks the host about what is missing; true when something was allowed. */
  ask(names: readonly TemplateName[]): Promise<boolean>
  forget(): void
}

const nothing: ConsentsState = { templates: null, asking: false, declined: false }

export function createConsents(
  call: Call,
  outbox: Pick<Outbox, 'send'>,
  phone: Pick<Phone, 'askConsents' | 'scene' | 'newId'>,
): Consents {
  const store = createStore<ConsentsState>(() => nothing)
  const { getState: get, setState: set } = store
  let refused: TemplateName[] = []

  async function load() {
    const scene = phone.scene()
    if (scene !== 'weapp' && scene !== 'alipay') return set({ templates: [] })
    const result = await call('listConsents', {})
    // Without an answer nothing is offered: messages come by SMS all the same.
    if (result.ok) set({ templates: result.value.templates })
  }

  function missing(names: readonly TemplateName[]): Templates {
    return (get().templates ?? [])
      .filter(({ name, left }) => left === 0 && names.indexOf(name) >= 0)
      .filter(({ name }) => refused.indexOf(name) < 0)
      .slice(0, templatesPerTap)
  }

  async function ask(names: readonly TemplateName[]): Promise<boolean> {
    const wanted = missing(names)
    if (wanted.length === 0 || get().asking) return false
    set({ asking: true })
    const said = await phone.askConsents(wanted.map(({ id }) => id))
    // The host could not ask: nobody has said anything.
    if (!said) {
      set({ asking: false })
      return false
    }
    const answers: Partial<Record<TemplateName, ConsentAnswer>> = {}
    for (const { name, id } of wanted) {
      const answer = said[id]
      if (answer) answers[name] = answer
    }
    refused = refused.concat(
      wanted.map(({ name }) => name).filter((name) => answers[name] !== 'accept'),
    )
    const isAllowed = Object.keys(answers).some(
      (name) => answers[name as TemplateName] === 'accept',
    )
    await tell(answers)
    set({ asking: false, declined: !isAllowed })
    await load()
    return isAllowed
  }

  /** The host will not repeat what was said to it: the ledger must hear it, however late. */
  async function tell(answers: Partial<Record<TemplateName, ConsentAnswer>>) {
    if (Object.keys(answers).length === 0) return
    const id = phone.newId()
    await outbox.send(`consents:${id}`, 'putConsents', () => ({
      params: { id },
      body: { answers },
    }))
  }

  function forget() {
    refused = []
    set(nothing)
  }

  return { store, load, missing, ask, forget }
}
