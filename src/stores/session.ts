/**
 * Who is signed in. Mini-programs sign in without a question, WeChat's own browser by going to
 * WeChat and back; elsewhere on H5 a sheet asks for the phone number and a code, and only when
 * something needs a person (confirming a booking).
 */
import type { Call, Result } from '@jiyue/contract/client'
import type { Reply, User } from '@jiyue/contract/schema/wire'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { beOwned, forgetOwn } from '../lib/ownShelves.ts'
import type { Phone } from '../lib/phone.ts'
import { createWechatSignIn } from './wechatSignIn.ts'

interface SignedIn {
  token: string
  expiresAt: string
  user: User
  /** WeChat's browser only: the account has this person's openid, so WeChat can be asked for money. */
  paysInWechat?: boolean
}

export interface SessionState {
  signedIn: SignedIn | null
  /** True while the sheet is open. */
  asking: boolean
}

export interface Session {
  store: StoreApi<SessionState>
  token(): string | null
  /**
   * Signs in where the host can without a question; null where a person would have to be asked;
   * false when it did not work, or the page is on its way to WeChat.
   */
  greet(): Promise<boolean | null>
  /** Makes sure somebody is signed in; false when the person would not or the host could not. */
  ensure(): Promise<boolean>
  /**
   * WeChat's browser: makes sure that the account has this person's openid before WeChat is asked
   * for money. True elsewhere. `asked`: the person tapped, so WeChat is tried again.
   */
  readyToPay(asked: boolean): Promise<boolean>
  /** The person asked for it; false: not possible here. */
  signInByWechat(): Promise<boolean>
  sendCode(phone: string): Promise<Result<Reply<'sendSignInCode'>>>
  signInByCode(phone: string, code: string): Promise<Result<Reply<'createSession'>>>
  /** Changes what the signed-in person is called. */
  rename(name: string): Promise<Result<User>>
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
  phone: Pick<Phone, 'storage' | 'loginCode' | 'now' | 'webSignIn' | 'secret'>,
  sayNext: (sentence: string) => void,
): Session {
  const store = createStore<SessionState>(() => ({
    signedIn: restore(phone.storage, phone.now()),
    asking: false,
  }))
  const { getState: get, setState: set } = store
  const wechat = createWechatSignIn(call, phone)
  let waiting: ((signedIn: boolean) => void)[] = []

  function become(signedIn: SignedIn | null) {
    if (signedIn) {
      beOwned(phone.storage, signedIn.user.id)
      phone.storage.set(shelf, signedIn)
    } else phone.storage.remove(shelf)
    set({ signedIn, asking: false })
  }

  function settle(signedIn: boolean) {
    const all = waiting
    waiting = []
    set({ asking: false })
    for (const one of all) one(signedIn)
  }

  async function signIn(body: Parameters<typeof call<'createSession'>>[1]['body']) {
    const result = await call('createSession', { body })
    if (result.ok)
      become({ ...result.value, ...(body.host === 'wechat-browser' && { paysInWechat: true }) })
    return result
  }

  /** null: this host has no silent way. */
  async function trySilently(): Promise<boolean | null> {
    if (get().signedIn) return true
    if (phone.webSignIn) return tryInWechat()
    const login = await phone.loginCode()
    if (login.host === 'h5') return null
    return login.code !== null && (await signIn({ host: login.host, code: login.code })).ok
  }

  async function tryInWechat(): Promise<boolean | null> {
    const back = wechat.take()
    if (back === null) {
      if (wechat.wasTried()) return null
      return (await wechat.leave()) === 'left' ? false : null
    }
    if (back !== 'refused') {
      const result = await signIn({ host: 'wechat-browser', code: back.code })
      if (result.ok) return true
    }
    sayNext('微信登录未成功，可使用手机号登录')
    return null
  }

  async function bind(asked: boolean): Promise<boolean> {
    const { signedIn } = get()
    if (!phone.webSignIn || !signedIn || signedIn.paysInWechat) return true
    const back = wechat.take()
    if (back === null) {
      if (!asked && wechat.wasTried()) return false
      if ((await wechat.leave()) === 'no') sayNext('请点击右上角，选择在浏览器中打开后支付')
      return false
    }
    const result =
      back === 'refused'
        ? null
        : await call('putIdentity', {
            params: { host: 'wechat-browser' },
            body: { code: back.code },
          })
    if (result?.ok) become({ ...signedIn, user: result.value, paysInWechat: true })
    else sayNext('微信授权未成功，请重试')
    return result?.ok ?? false
  }

  const greet = oneAtATime(trySilently)
  const bindOnce = oneAtATime(bind)

  function askPerson(): Promise<boolean> {
    set({ asking: true })
    return new Promise((resolve) => {
      waiting.push(resolve)
    })
  }

  return {
    store,
    token: () => get().signedIn?.token ?? null,
    greet,
    ensure: async () => (await greet()) ?? askPerson(),
    readyToPay: bindOnce,
    signInByWechat: async () => (await wechat.leave()) === 'left',
    sendCode: (phoneNumber) => call('sendSignInCode', { body: { phone: phoneNumber } }),
    async signInByCode(phoneNumber, code) {
      const result = await signIn({ host: 'h5', phone: phoneNumber, code })
      if (result.ok) settle(true)
      return result
    },
    async rename(name) {
      const result = await call('putMe', { body: { name } })
      const { signedIn } = get()
      if (result.ok && signedIn) become({ ...signedIn, user: result.value })
      return result
    },
    dismiss: () => settle(false),
    forget: () => become(null),
    async signOut() {
      // The phone forgets even when the server cannot be told; the token then runs out by itself.
      await call('deleteSession', {})
      forgetOwn(phone.storage)
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

/** Codes of hosts are good once: who asks meanwhile joins the first. */
function oneAtATime<A extends unknown[], T>(run: (...args: A) => Promise<T>) {
  let running: Promise<T> | null = null
  return (...args: A): Promise<T> => {
    running ??= run(...args).finally(() => {
      running = null
    })
    return running
  }
}

function restore(storage: Phone['storage'], now: number): SignedIn | null {
  const last = storage.get<SignedIn>(shelf)
  return last && Date.parse(last.expiresAt) > now ? last : null
}
