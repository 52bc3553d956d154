/**
 * Everything the stores need of the device they run on, in one object. The real one is made in
 * src/phone.ts from src/platform; the flow tests make theirs around the server in the same process.
 */
import type { Send } from '@jiyue/contract/client'
import type { PayParams, Scene } from '@jiyue/contract/payment'

/** Small values that outlive the app. Synchronous: a request's id is kept before it leaves. */
export interface Storage {
  get<T>(name: string): T | undefined
  /** False: the device is full; the app goes on without. */
  set(name: string, value: unknown): boolean
  remove(name: string): void
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

export interface Phone {
  /** Where the person pays from: decides methods and their order. */
  scene(): Scene
  send: Send
  storage: Storage
  /** `path` from `/v1`. */
  openSocket(path: string, handlers: SocketHandlers): Socket
  pay(params: PayParams): Promise<PayOutcome>
  loginCode(): Promise<Login>
  /** The device's own clock, ms; may be wrong (lib/clock.ts). */
  now(): number
  /** A fresh UUIDv7. */
  newId(): string
  /** Runs once after `ms`; the answer takes it back. */
  later(ms: number, run: () => void): () => void
}
