/**
 * Everything the stores need of the device they run on, in one object. The real one is made in
 * src/phone.ts from src/platform; the flow tests make theirs around the server in the same process.
 */
import type { Send } from '@jiyue/contract/client'
import type { PayParams, Scene } from '@jiyue/contract/payment'
import type { ConsentAnswer } from '@jiyue/contract/reminder'

/** Small values that outlive the app. Synchronous: a request's id is kept before it leaves. */
export interface Storage {
  get<T>(name: string): T | undefined
  /** False: the device is full; the app goes on without. */
  set(name: string, value: unknown): boolean
  remove(name: string): void
  /** Everything that is kept here under a name. */
  names(): string[]
}

export interface Socket {
  send(text: string): void
  close(): void
}

export interface SocketHandlers {
  onOpen(): void
  onMessage(text: string): void
  /** Once, when it ends or never opened; not after our own `close()`. */
  onClose(): void
}

/** The wallet's own word, for display only, never proof (P1). `shown`: another page took over. */
export type PayOutcome = 'shown' | 'done' | 'cancelled' | 'failed' | 'unknown'

/** What a host gives for signing in without a question; `h5`: the person has to be asked. */
export type Login = { host: 'weapp' | 'alipay'; code: string | null } | { host: 'h5' }

/** WeChat's own browser signs people in by sending the page away and back (facts 4.2). */
export interface WebSignIn {
  /** The page on screen, as an address to come back to. */
  here(): string
  /** What WeChat sent back with this page, once; the address bar shows none of it. */
  returned(): { code: string | null; state: string } | null
  /** Leaves for another site; the page is not to be found by going back. */
  leave(url: string): void
}

/** The browser came back from a cashier's page. `query` is for the record, no proof of anything. */
export interface CashierReturn {
  paymentId: string
  query: string
}

/** A picture a person chose, compressed. */
export interface Picture {
  base64: string
  /** For an `<Image>`. */
  preview: string
}
/** `too_large` and `unreadable`: a file that is of no use; null: the person chose none. */
/** A place on the map, GCJ-02 degrees; browsers know no name and no address of it (''). */
export interface MapPlace {
  name: string
  address: string
  latitude: number
  longitude: number
}
/** null: nothing was chosen · `denied`: the phone does not or may not say. */
export type ChosenPlace = MapPlace | 'denied' | null
export type ChosenPicture = Picture | 'too_large' | 'unreadable' | null

export interface Phone {
  /** Where the person pays from: decides methods and their order. */
  scene(): Scene
  send: Send
  storage: Storage
  /** `path` from `/v1`. */
  openSocket(path: string, handlers: SocketHandlers): Socket
  /** `paymentId`: for finding back from another site's page. */
  pay(params: PayParams, paymentId: string): Promise<PayOutcome>
  loginCode(): Promise<Login>
  /** null everywhere but in WeChat's own browser. */
  webSignIn: WebSignIn | null
  /** The way back from a cashier's page, once; null when the page was not reached by it. */
  cashierReturn(): CashierReturn | null
  /** Also for a page that was kept alive meanwhile. Stops listening by the answer. */
  onCashierReturn(listener: () => void): () => void
  choosePicture(): Promise<ChosenPicture>
  choosePlace(): Promise<ChosenPlace>
  /** What the button that asks for it says. */
  placeWords: string
  /** May we write by these templates? Null where the host has none, or could not ask. */
  askConsents(ids: string[]): Promise<Record<string, ConsentAnswer> | null>
  /** Shows a PDF under our API's origin; false: it could not be fetched or opened. */
  openDocument(path: string): Promise<boolean>
  /** The device's own clock, ms; may be wrong (lib/clock.ts). */
  now(): number
  /** A fresh UUIDv7. */
  newId(): string
  /** 32 hexadecimal digits that nobody can guess. */
  secret(): string
  /** Runs once after `ms`; the answer takes it back. */
  later(ms: number, run: () => void): () => void
}
