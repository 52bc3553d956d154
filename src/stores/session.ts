/**
 * Who is signed in. Mini-programs sign in without a question; on H5 a sheet asks for the phone
 * number and a code, and only when something needs a person (confirming a booking).
 */
import type { Call, Result } from '@jiyue/contract/client'
import type { Reply, User } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Phone } from '../lib/phone.ts'

interface SignedIn {
  token: string
  expiresAt: string
  user: User
}

export interface SessionState {
  signedIn: SignedIn | null
  /** True while the sheet is open. */
  asking: boolean
}

export interface Session {
  store: StoreApi<SessionState>
  token(): string | null
  /** Signs in where the host can without a question; null where a person would have to be asked. */
  greet(): Promise<boolean | null>
  /** Makes sure somebody is signed in; false when the person would not or the host could not. */
  ensure(): Promise<boolean>
  sendCode(phone: string): Promise<Result<Reply<'sendSignInCode'>>>
  signInByCode(phone: string, code: string): Promise<Result<Reply<'createSession'>>>
  /** The person closed the sheet. */
  dismiss(): void
  /** Forgets the token: the server does not know it any more. */
  forget(): void
  signOut(): Promise<void>
  /** Runs after every change of person, with the token or null. */
  onChange(listener: (token: string | null) => void): void
}

const shelf = 'session'

export function createSession(
  call: Call,
  phone: Pick<Phone, 'storage' | 'loginCode' | 'now'>,
): Session {
  const store = createStore<SessionState>(() => ({
    signedIn: restore(phone.storage, phone.now()),
    asking: false,
  }))
  let waiting: ((signedIn: boolean) => void)[] = []
  let silently: Promise<boolean | null> | null = null

  function become(signedIn: SignedIn | null) {
    if (signedIn) phone.storage.set(shelf, signedIn)
    else phone.storage.remove(shelf)
    store.setState({ signedIn, asking: false })
  }

  function settle(signedIn: boolean) {
    const all = waiting
    waiting = []
    store.setState({ asking: false })
    for (const one of all) one(signedIn)
  }

  async function signIn(body: Parameters<typeof call<'createSession'>>[1]['body']) {
    const result = await call('createSession', { body })
    if (result.ok) become(result.value)
    return result
  }

  /** null: this host has no silent way. */
  async function trySilently(): Promise<boolean | null> {
    const login = await phone.loginCode()
    if (login.host === 'h5') return null
    return login.code !== null && (await signIn({ host: login.host, code: login.code })).ok
  }

  /** One question to the host at a time: its codes are good once. */
  async function greet(): Promise<boolean | null> {
    if (store.getState().signedIn) return true
    silently ??= trySilently().then((done) => {
      silently = null
      return done
    })
    return silently
  }

  function askPerson(): Promise<boolean> {
    store.setState({ asking: true })
    return new Promise((resolve) => {
      waiting.push(resolve)
    })
  }

  return {
    store,
    token: () => store.getState().signedIn?.token ?? null,
    greet,
    ensure: async () => (await greet()) ?? askPerson(),
    sendCode: (phoneNumber) => call('sendSignInCode', { body: { phone: phoneNumber } }),
    async signInByCode(phoneNumber, code) {
      const result = await signIn({ host: 'h5', phone: phoneNumber, code })
      if (result.ok) settle(true)
      return result
    },
    dismiss: () => settle(false),
    forget: () => become(null),
    async signOut() {
      // The phone forgets even when the server cannot be told; the token then runs out by itself.
      await call('deleteSession', {})
      become(null)
    },
    onChange(listener) {
      store.subscribe((state, before) => {
        if (state.signedIn?.token !== before.signedIn?.token)
          listener(state.signedIn?.token ?? null)
      })
    },
  }
}

function restore(storage: Phone['storage'], now: number): SignedIn | null {
  const last = storage.get<SignedIn>(shelf)
  return last && Date.parse(last.expiresAt) > now ? last : null
}
