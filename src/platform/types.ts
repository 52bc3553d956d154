/**
 * What every host offers, in one shape. `x.ts` is the browser's (and anyone's without a file of
 * their own), `x.weapp.ts` WeChat's, `x.alipay.ts` Alipay's; the build picks (config/hostFile.ts).
 * Only files of this folder know which host they run in.
 */
import type { Answer, Request } from '@jiyue/contract/client'
import type { PayParams } from '@jiyue/contract/payment'
import type { ConsentAnswer } from '@jiyue/contract/reminder'
import type { ButtonProps } from '@tarojs/components'
import type { CancelToken } from 'axios'
import type { ChosenPlace } from '../lib/phone.ts'

/** Moves one request. Never throws; a cancelled request answers like a lost one. */
export type Send = (request: Request, cancel?: CancelToken) => Promise<Answer>

export interface SocketHandlers {
  onOpen(): void
  /** One text frame. */
  onMessage(text: string): void
  /** Once, when the connection ends or never came about; not after our own `close()`. */
  onClose(): void
}
export interface Socket {
  /** Only after `onOpen`; what is sent on a dying connection is lost. */
  send(text: string): void
  close(): void
}
/** `path` from `/v1`, or a whole ws(s) address. */
export type OpenSocket = (path: string, handlers: SocketHandlers) => Socket

/** Proof of who holds the phone; null: the host gave none (no network, refused). H5 asks by SMS. */
export type LoginCode = () => Promise<
  { host: 'weapp' | 'alipay'; code: string | null } | { host: 'h5' }
>

/**
 * What the wallet showed last; never proof of money (P1).
 * `shown`: another page or code took over · `unknown`: ask the server.
 */
export type PayOutcome = 'shown' | 'done' | 'cancelled' | 'failed' | 'unknown'
export type Pay = (params: PayParams, paymentId: string) => Promise<PayOutcome>

/** WeChat's own browser signs people in by sending the page away and back (webSignIn.ts). */
export interface WebSignIn {
  here(): string
  /** Once. */
  returned(): { code: string | null; state: string } | null
  leave(url: string): void
}

/** How a page was reached from a cashier's; `query` is for the record, no proof of anything. */
export interface CashierReturn {
  paymentId: string
  query: string
}

/** A chosen picture, compressed; null: none was chosen. `preview` is for an `<Image>`. */
export type ChosenPicture = { base64: string; preview: string } | 'too_large' | 'unreadable' | null
export type ChoosePicture = () => Promise<ChosenPicture>

/** Where somebody is or wants us. */
export type ChoosePlace = () => Promise<ChosenPlace>

/**
 * Asks the person whether we may write to them by these templates; template → the host's answer.
 * Null where the host has no such messages, or nothing came of asking.
 */
export type AskConsents = (ids: string[]) => Promise<Record<string, ConsentAnswer> | null>

/** Shows a PDF of our API; false: it could not be fetched or opened. */
export type OpenDocument = (path: string) => Promise<boolean>

/** CSS pixels. */
export interface Size {
  width: number
  height: number
}
/** Stops listening. */
export type Off = () => void
export type WindowSize = () => Size
export type OnResize = (changed: (size: Size) => void) => Off

/** `weak`: connected, but slow enough to say so (T9). */
export type NetworkState = 'online' | 'weak' | 'offline'
/** Calls at once with the present state, then at each change. */
export type OnNetwork = (changed: (state: NetworkState) => void) => Off

/** What the server turns into a phone number: WeChat's code or Alipay's sealed text. */
export type PhoneProof = { host: 'weapp'; code: string } | { host: 'alipay'; sealed: string }
/**
 * Properties that make a Taro `<Button>` ask for the phone number; null where the host has no such
 * button. `answer(null)`: the person said no.
 */
export type PhoneButton = (
  answer: (proof: PhoneProof | null) => void,
) => Partial<ButtonProps> | null

/** Asks to agree to the privacy guide; the sheet answers with what the person chose. */
export type PrivacySheet = (answer: (agreed: boolean) => void) => void
export type OnPrivacyAsked = (show: PrivacySheet) => void

/** Gives the person a text to keep, as a file where the host has files, else on its clipboard. */
export type SaveText = (name: string, text: string) => Promise<'saved' | 'copied' | 'failed'>
