/** WeChat's `wx`, as far as the product and its packages use it (facts/PLATFORMS.md). */
import {
  answer,
  badging,
  type Call,
  type Device,
  listening,
  selectorQuery,
  systemInfo,
} from './device.ts'
import { type FileWords, fetchFile, fileSystem, pickPicture, showDocument } from './files.ts'
import type { Silence } from './gate.ts'

/** WeChat's words for a question without an answer. */
const silences: Record<Silence, string> = {
  domain: 'request:fail url not in domain list',
  offline: 'request:fail ',
  timeout: 'request:fail timeout',
  abort: 'request:fail abort',
}
/** Names of WeChat's temporary files. */
const TEMPORARY = 'wxfile://tmp_'
const METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

export function createWx(device: Device): object {
  const { realm, overlay, storage, shell } = device
  const ok = (call: Call, name: string, result: object = {}) =>
    answer(device, call, true, { errMsg: `${name}:ok`, ...result })
  const no = (call: Call, message: string) => answer(device, call, false, { errMsg: message })
  const done =
    (name: string, run: (call: Call) => void = () => undefined) =>
    (call: Call = {}) => {
      run(call)
      ok(call, name)
    }
  const goes = (name: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch') => (call: Call) => {
    const refused = shell[name](String(call.url))
    if (refused === null) ok(call, name)
    else no(call, `${name}:fail ${refused}`)
  }

  const fileWords: FileWords = {
    prefix: TEMPORARY,
    ok,
    no: (call, name, why) => no(call, `${name}:fail ${why}`),
  }

  /** Calls that answer later. */
  const calls: Record<string, (call: Call) => void> = {
    navigateTo: goes('navigateTo'),
    redirectTo: goes('redirectTo'),
    switchTab: goes('switchTab'),
    reLaunch: goes('reLaunch'),
    navigateBack: done('navigateBack', ({ delta = 1 }) => shell.navigateBack(Number(delta))),
    setNavigationBarTitle: done('setNavigationBarTitle'),
    setNavigationBarColor: done('setNavigationBarColor'),
    pageScrollTo: done('pageScrollTo'),
    startPullDownRefresh: done('startPullDownRefresh'),
    stopPullDownRefresh: done('stopPullDownRefresh'),
    vibrateShort: done('vibrateShort'),
    setClipboardData: done('setClipboardData'),
    makePhoneCall: done('makePhoneCall'),
    hideToast: done('hideToast'),
    showToast: done('showToast', ({ title }) => overlay.toast(String(title))),
    showLoading: done('showLoading', ({ title }) => overlay.loading(String(title ?? ''))),
    hideLoading: done('hideLoading', () => overlay.loading(null)),
    showModal: (call) => {
      const { title, content, cancelText = '取消', confirmText = '确定', showCancel } = call
      const buttons = (showCancel === false ? [] : [cancelText]).concat(confirmText).map(String)
      const words = [title, content].map((line) => String(line ?? ''))
      overlay.ask(words, buttons, (index) => {
        const confirm = index === buttons.length - 1
        ok(call, 'showModal', { confirm, cancel: !confirm })
      })
    },
    showActionSheet: (call) => {
      const items = Array.from(call.itemList as string[])
      overlay.ask([], [...items, '取消'], (tapIndex) => {
        if (tapIndex < items.length) ok(call, 'showActionSheet', { tapIndex })
        else no(call, 'showActionSheet:fail cancel')
      })
    },
    login: async (call) => {
      if (device.loginCode) ok(call, 'login', { code: await device.loginCode() })
      else no(call, 'login:fail')
    },
    requestPayment: (call) => pay(device, call, ok, no),
    requestSubscribeMessage: (call) => {
      const ids = Array.from(call.tmplIds as string[])
      const yes = device.onSubscribe?.(ids) ?? true
      // Whoever wants to hear a sound, too, says yes in another word.
      const words = ['acceptWithAudio', 'accept', 'acceptWithAlert']
      const result = Object.fromEntries(ids.map((id, at) => [id, yes ? words[at % 3] : 'reject']))
      ok(call, 'requestSubscribeMessage', result)
    },
    ...badging(device, (call, done) =>
      done ? ok(call, 'setTabBarBadge') : no(call, 'setTabBarBadge:fail not TabBar page'),
    ),
    getPrivacySetting: (call) => ok(call, 'getPrivacySetting', { needAuthorization: false }),
    getNetworkType: (call) => ok(call, 'getNetworkType', wechatNetwork(!device.gate.isCut())),
    openPrivacyContract: done('openPrivacyContract'),
    chooseMedia: (call) => {
      const picked = pickPicture(device, TEMPORARY)
      if (!picked) return no(call, 'chooseMedia:fail cancel')
      const { path: tempFilePath, size } = picked
      ok(call, 'chooseMedia', { type: 'image', tempFiles: [{ tempFilePath, size }] })
    },
    chooseLocation: (call) => {
      if (!device.config.requiredPrivateInfos?.includes('chooseLocation'))
        return no(
          call,
          'chooseLocation:fail the api need to be declared in the requiredPrivateInfos field in app.json',
        )
      const picked = device.onChoosePlace?.()
      if (picked) ok(call, 'chooseLocation', picked)
      else no(call, 'chooseLocation:fail cancel')
    },
    compressImage: (call) => ok(call, 'compressImage', { tempFilePath: String(call.src) }),
    openDocument: (call) => showDocument(device, call, fileWords),
  }

  return Object.assign(realm.inside({}), {
    ...promising(device, calls),
    ...infoOf(device),
    ...storageOf(storage),
    canIUse: () => true,
    onNeedPrivacyAuthorization: (asked: unknown) => {
      device.privacyAsked = asked
    },
    nextTick: (run: unknown) => device.work.soon('nextTick', () => realm.call(run, undefined)),
    request: (call: Call) => request(device, call, no),
    connectSocket: (call: Call) => socketTask(device, call),
    getFileSystemManager: () => fileSystem(device, fileWords),
    downloadFile: (call: Call) => {
      const done = (statusCode: number, tempFilePath: string) =>
        ok(call, 'downloadFile', { statusCode, tempFilePath })
      fetchFile(device, call, TEMPORARY, done, () => no(call, 'downloadFile:fail'))
      return Object.assign(realm.inside({}), { abort: () => undefined })
    },
    createSelectorQuery: () => selectorQuery(device),
    env: realm.inside({ USER_DATA_PATH: '' }),
  })
}

/**
 * Runs `go` once the person has agreed to the privacy guide; the app's sheet asks for it. An
 * agreement counts only by the press of the button whose id the app names.
 */
export function afterPrivacy(device: Device, go: (agreed: boolean) => void) {
  if (!device.privacyOpen) return go(true)
  const resolve = ({ event, buttonId }: { event: string; buttonId?: string }) => {
    if (event === 'disagree') return go(false)
    if (event !== 'agree') return
    if (buttonId !== device.agreedBy)
      throw new Error(`${buttonId} is not the button that was pressed`)
    device.privacyOpen = false
    go(true)
  }
  device.realm.call(device.privacyAsked, undefined, resolve, device.realm.inside({ referrer: '' }))
}

/** A call without callbacks answers by a promise. */
function promising(device: Device, calls: Record<string, (call: Call) => void>): object {
  const { realm } = device
  const Later = realm.global.Promise as PromiseConstructor
  const wrapped = Object.entries(calls).map(([name, run]) => [
    name,
    (call: Call = {}) => {
      if (call.success || call.fail || call.complete) return run(call)
      return new Later((success, fail) => run({ ...call, success, fail }))
    },
  ])
  return Object.fromEntries(wrapped)
}

/** What WeChat says of the line. */
export function wechatNetwork(isConnected: boolean): object {
  return { isConnected, networkType: isConnected ? 'wifi' : 'none' }
}

function infoOf(device: Device): object {
  const { realm } = device
  const info = () => realm.inside(systemInfo(device, 'ios'))
  const [network, resize] = [listening(device, 'network'), listening(device, 'resize')]
  const [appShow, appHide] = [listening(device, 'appShow'), listening(device, 'appHide')]
  return {
    getSystemInfoSync: info,
    getWindowInfo: info,
    getDeviceInfo: info,
    getAppBaseInfo: info,
    getMenuButtonBoundingClientRect: () =>
      realm.inside({ top: 26, bottom: 58, left: 278, right: 365, width: 87, height: 32 }),
    onNetworkStatusChange: network.on,
    offNetworkStatusChange: network.off,
    onNetworkWeakChange: () => undefined,
    offNetworkWeakChange: () => undefined,
    onWindowResize: resize.on,
    offWindowResize: resize.off,
    onAppShow: appShow.on,
    offAppShow: appShow.off,
    onAppHide: appHide.on,
    offAppHide: appHide.off,
  }
}

function request(device: Device, call: Call, no: (call: Call, message: string) => void): object {
  const { realm, gate } = device
  const method = String(call.method ?? 'GET').toUpperCase()
  if (!METHODS.includes(method)) throw new TypeError(`request: ${method} is not a method of WeChat`)
  const { data } = call
  const abort = gate.ask(
    {
      url: String(call.url),
      method,
      headers: { 'content-type': 'application/json', ...(call.header as Record<string, string>) },
      body: data === undefined || data === null ? null : textOf(data),
      timeoutMs: Number(call.timeout ?? 60_000),
    },
    (result) => {
      if (typeof result === 'string') return no(call, silences[result])
      const { status, headers, text } = result
      answer(device, call, true, {
        errMsg: 'request:ok',
        statusCode: status,
        header: headers,
        data: (call.dataType ?? 'json') === 'json' ? jsonOf(text) : text,
      })
    },
  )
  return Object.assign(realm.inside({}), { abort, onHeadersReceived: () => undefined })
}

function socketTask(device: Device, call: Call): object {
  const { realm, gate } = device
  const ears: Record<string, unknown> = {}
  const tell = (name: string, what: object) => realm.call(ears[name], undefined, realm.inside(what))
  answer(device, call, true, { errMsg: 'connectSocket:ok' })
  const socket = gate.connect(String(call.url), {
    open: () => tell('open', {}),
    message: (data) => tell('message', { data }),
    close: (failed) => {
      if (failed) tell('error', { errMsg: 'connect failed' })
      tell('close', { code: 1006 })
    },
  })
  const listen = (name: string) => (told: unknown) => {
    ears[name] = told
  }
  return Object.assign(realm.inside({}), {
    onOpen: listen('open'),
    onMessage: listen('message'),
    onClose: listen('close'),
    onError: listen('error'),
    send: ({ data }: { data: string }) => socket.send(data),
    close: () => socket.close(),
  })
}

async function pay(
  device: Device,
  call: Call,
  ok: (call: Call, name: string) => void,
  no: (call: Call, message: string) => void,
): Promise<void> {
  const { timeStamp, nonceStr, package: prepay, signType, paySign } = call
  const params = { timeStamp, nonceStr, package: prepay, signType, paySign }
  const missing = Object.entries(params).find(([, value]) => typeof value !== 'string')
  if (missing) return no(call, `requestPayment:fail parameter error: ${missing[0]}`)
  const end = (await device.onPay?.(params as Record<string, string>)) ?? 'failed'
  if (end === 'paid') return ok(call, 'requestPayment')
  no(call, end === 'cancelled' ? 'requestPayment:fail cancel' : 'requestPayment:fail')
}

function storageOf(storage: Map<string, string>): object {
  return {
    getStorageSync: (name: string) => {
      const text = storage.get(name)
      return text === undefined ? '' : JSON.parse(text)
    },
    setStorageSync: (name: string, value: unknown) => {
      storage.set(name, JSON.stringify(value))
    },
    removeStorageSync: (name: string) => {
      storage.delete(name)
    },
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () => ({ keys: Array.from(storage.keys()), currentSize: 0, limitSize: 1 }),
  }
}

function textOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

/** WeChat leaves what is not JSON as it is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
