/** What a host object (wx, my) is made of: the parts under it and the person's choices. */
import type { Gate } from './gate.ts'
import type { Overlay } from './overlay.ts'
import type { Realm } from './realm.ts'
import type { AppConfig, Shell } from './shell.ts'
import type { Work } from './work.ts'

/** How the wallet ended, as the person saw it. */
export type WalletEnd = 'paid' | 'cancelled' | 'failed' | 'unknown'

/** The person and the vendor behind the phone. Each is asked only when the app asks. */
export interface Outside {
  /** The wallet: gets exactly what the app handed to wx.requestPayment or my.tradePay. */
  onPay?(params: Record<string, string>): Promise<WalletEnd> | WalletEnd
  /** A fresh code of wx.login or my.getAuthCode. */
  loginCode?(): Promise<string> | string
  /** What the phone-number button hands out: WeChat's code, Alipay's sealed text; null: refused. */
  phoneNumber?(): string | null
  /** The person has not agreed to the privacy guide yet (WeChat); default: agreed long ago. */
  privacyOpen?: boolean
  /** The picture the person picks in the album; null or absent: they close it. */
  onChoosePicture?(): Buffer | null
  /** What the person picks on the host's map; null or absent: they close it. */
  onChoosePlace?(): { name: string; address: string; latitude: number; longitude: number } | null
  /** The document the host shows, as the app handed it over. */
  onOpenDocument?(document: { bytes: Buffer; type: string }): void
  /** Consent to subscribe messages; default: everything is accepted. */
  onSubscribe?(templates: string[]): boolean
}

export interface Device extends Outside {
  realm: Realm
  work: Work
  gate: Gate
  shell: Shell
  config: AppConfig
  overlay: Overlay
  /** Temporary files, by the host's names for them. */
  files: Map<string, Buffer>
  /** What the app wrote on tabs, by their place in the bar. */
  badges: Map<number, string>
  /** Survives a kill, as a phone's storage does. */
  storage: Map<string, string>
  width: number
  height: number
  /** What the app gave to wx.onNeedPrivacyAuthorization. */
  privacyAsked: unknown
  /** Id of the last pressed button that agrees to the privacy guide. */
  agreedBy: string
  /** The app's listeners, by what they listen to. */
  ears: Map<DeviceEvent, Set<unknown>>
}

export type DeviceEvent = 'network' | 'appShow' | 'appHide' | 'resize'

/** A host's `onX` and `offX` of an event; `off` without a listener takes off all. */
export function listening({ ears }: Device, event: DeviceEvent) {
  const own = ears.get(event) ?? new Set()
  ears.set(event, own)
  return {
    on: (told: unknown) => {
      own.add(told)
    },
    off: (told?: unknown) => {
      if (told === undefined) own.clear()
      else own.delete(told)
    },
  }
}

/** Tells the app's listeners. */
export function tell({ ears, realm }: Device, event: DeviceEvent, what: object): void {
  for (const told of ears.get(event) ?? []) realm.call(told, undefined, realm.inside(what))
}

/** The options object that every call of a host takes. */
export interface Call {
  success?: unknown
  fail?: unknown
  complete?: unknown
  [name: string]: unknown
}

/** Answers a call in the hosts' way: later, `success` or `fail`, then `complete`. */
export function answer(device: Device, call: Call, ok: boolean, result: object): void {
  const { realm, work } = device
  const told = realm.inside(result)
  work.soon('answer', () => {
    realm.call(ok ? call.success : call.fail, undefined, told)
    realm.call(call.complete, undefined, told)
  })
}

/** wx|my.setTabBarBadge and removeTabBarBadge; on a page without the bar they fail, as the hosts' do. */
export function badging(device: Device, answered: (call: Call, done: boolean) => void) {
  const change = (write: (call: Call) => void) => (call: Call) => {
    const { route } = device.shell.top()
    const isTab = device.shell.tabs().some(({ pagePath }) => pagePath === route)
    if (isTab) write(call)
    answered(call, isTab)
  }
  return {
    setTabBarBadge: change(({ index, text }) => device.badges.set(Number(index), String(text))),
    removeTabBarBadge: change(({ index }) => device.badges.delete(Number(index))),
  }
}

/** The size block of every "system info" call. */
export function systemInfo({ width, height }: Device, platform: string): object {
  return {
    brand: 'devtools',
    model: platform,
    platform,
    system: 'iOS 12.0',
    version: '8.0.50',
    SDKVersion: '3.5.0',
    language: 'zh_CN',
    pixelRatio: 2,
    screenWidth: width,
    screenHeight: height,
    windowWidth: width,
    windowHeight: height - 100,
    statusBarHeight: 20,
    fontSizeSetting: 16,
    safeArea: { left: 0, right: width, top: 20, bottom: height, width, height: height - 20 },
  }
}

/**
 * Layout is not computed here. Every element measures a thumb's height and the window's width, so
 * that parts which wait for a measurement go on.
 */
export function selectorQuery(device: Device): object {
  const { realm, work, width } = device
  const wanted: unknown[] = []
  const rect = { left: 0, right: width, top: 0, bottom: 44, width, height: 44, scrollTop: 0 }
  const query: Record<string, unknown> = realm.inside({})
  const add = (told?: unknown) => {
    wanted.push(told)
    return query
  }
  return Object.assign(query, {
    in: () => query,
    select: () => query,
    selectAll: () => query,
    selectViewport: () => query,
    boundingClientRect: add,
    scrollOffset: add,
    fields: (_: unknown, told?: unknown) => add(told),
    node: add,
    exec: (told?: unknown) => {
      const results = realm.inside(wanted.map(() => rect))
      work.soon('measure', () => {
        wanted.forEach((one, index) => {
          realm.call(one, undefined, results[index])
        })
        realm.call(told, undefined, results)
      })
    },
  })
}
