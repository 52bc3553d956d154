/** Alipay's `my`, as far as the product and its packages use it, with its traps (facts/TARO.md). */
import {
  answer,
  badging,
  type Call,
  type Device,
  listening,
  selectorQuery,
  systemInfo,
  type WalletEnd,
} from './device.ts'
import { type FileWords, fetchFile, fileSystem, pickPicture, showDocument } from './files.ts'
import type { Gate, Silence } from './gate.ts'

/** Error numbers of my.request. */
const silences: Record<Silence, { error: number; errorMessage: string }> = {
  domain: { error: 4, errorMessage: '无权调用该接口' },
  offline: { error: 12, errorMessage: '网络错误' },
  timeout: { error: 13, errorMessage: '请求超时' },
  abort: { error: 9, errorMessage: '请求终止' },
}
/** Names of Alipay's temporary files. */
const TEMPORARY = 'https://resource/'
const resultCodes: Record<WalletEnd, string> = {
  paid: '9000',
  unknown: '6004',
  cancelled: '6001',
  failed: '4000',
}

export function createMy(device: Device): object {
  const { realm, overlay, shell } = device
  const ok = (call: Call, result: object = {}) => answer(device, call, true, result)
  const no = (call: Call, error: number, errorMessage: string) =>
    answer(device, call, false, { error, errorMessage })
  const done =
    (run: (call: Call) => void = () => undefined) =>
    (call: Call = {}) => {
      run(call)
      ok(call)
    }
  const goes = (name: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch') => (call: Call) => {
    const refused = shell[name](String(call.url))
    if (refused === null) ok(call)
    else no(call, 2, refused)
  }

  const fileWords: FileWords = {
    prefix: TEMPORARY,
    ok: (call, _name, result) => ok(call, result),
    no: (call, name, why) => no(call, 10022, `${name} ${why}`),
  }

  const [network, resize] = [listening(device, 'network'), listening(device, 'resize')]
  const [appShow, appHide] = [listening(device, 'appShow'), listening(device, 'appHide')]

  return Object.assign(realm.inside({}), {
    canIUse: () => true,
    nextTick: (run: unknown) => device.work.soon('nextTick', () => realm.call(run, undefined)),
    request: (call: Call) => request(device, call),
    ...socketOf(device),
    ...storageOf(device),

    navigateTo: goes('navigateTo'),
    redirectTo: goes('redirectTo'),
    switchTab: goes('switchTab'),
    reLaunch: goes('reLaunch'),
    navigateBack: done(({ delta = 1 }) => shell.navigateBack(Number(delta))),
    setNavigationBar: done(),
    pageScrollTo: done(),
    startPullDownRefresh: done(),
    stopPullDownRefresh: done(),
    vibrateShort: done(),
    setClipboard: done(),
    makePhoneCall: done(),
    hideToast: done(),
    showToast: done(({ content }) => overlay.toast(String(content))),
    showLoading: done(({ content }) => overlay.loading(String(content ?? ''))),
    hideLoading: done(() => overlay.loading(null)),
    confirm: (call: Call) => {
      const { title, content, cancelButtonText = '取消', confirmButtonText = '确定' } = call
      const words = [title, content].map((line) => String(line ?? ''))
      overlay.ask(words, [cancelButtonText, confirmButtonText].map(String), (index) =>
        ok(call, { confirm: index === 1 }),
      )
    },
    alert: (call: Call) => {
      const { title, content, buttonText = '确定' } = call
      const words = [title, content].map((line) => String(line ?? ''))
      overlay.ask(words, [String(buttonText)], () => ok(call, { success: true }))
    },
    showActionSheet: (call: Call) => {
      const items = Array.from(call.items as string[])
      const cancel = String(call.cancelButtonText ?? '取消')
      // The cancel button answers too, with -1.
      overlay.ask([], [...items, cancel], (index) =>
        ok(call, { index: index < items.length ? index : -1 }),
      )
    },

    ...badging(device, (call, done) =>
      done ? ok(call, {}) : no(call, 4, '当前页面不是 TabBar 页'),
    ),
    getAuthCode: async (call: Call) => {
      if (device.loginCode) ok(call, { authCode: await device.loginCode() })
      else no(call, 11, '用户取消授权')
    },
    tradePay: async (call: Call) => {
      const { tradeNO } = call
      if (typeof tradeNO !== 'string' || tradeNO === '') return no(call, 2, 'tradeNO')
      ok(call, { resultCode: resultCodes[(await device.onPay?.({ tradeNO })) ?? 'failed'] })
    },
    getPhoneNumber: (call: Call) => {
      const sealed = device.phoneNumber?.()
      if (sealed) ok(call, { response: sealed })
      else no(call, 40003, '无权限获取手机号')
    },
    requestSubscribeMessage: (call: Call) => {
      const yes = device.onSubscribe?.(Array.from(call.entityIds as string[])) ?? true
      ok(call, { behavior: yes ? 'subscribe' : 'cancel' })
    },

    chooseImage: (call: Call) => {
      const picked = pickPicture(device, TEMPORARY)
      if (picked) ok(call, { apFilePaths: [picked.path], tempFilePaths: [picked.path] })
      else no(call, 11, '用户取消操作')
    },
    chooseLocation: (call: Call) => {
      const picked = device.onChoosePlace?.()
      if (!picked) return no(call, 11, '用户取消')
      // Alipay's degrees are text on iOS.
      ok(call, {
        ...picked,
        latitude: String(picked.latitude),
        longitude: String(picked.longitude),
      })
    },
    getFileSystemManager: () => fileSystem(device, fileWords),
    downloadFile: (call: Call) => {
      const done = (status: number, path: string) => {
        if (status >= 200 && status < 300) ok(call, { apFilePath: path, tempFilePath: path })
        else no(call, 12, '下载失败')
      }
      fetchFile(device, call, TEMPORARY, done, () => no(call, 12, '下载失败'))
    },
    openDocument: (call: Call) => showDocument(device, call, fileWords),

    getSystemInfoSync: () => realm.inside(systemInfo(device, 'iOS')),
    getWindowInfo: () => realm.inside(systemInfo(device, 'iOS')),
    getNetworkType: (call: Call) => ok(call, alipayNetwork(!device.gate.isCut())),
    onNetworkStatusChange: network.on,
    offNetworkStatusChange: network.off,
    onWindowResize: resize.on,
    offWindowResize: resize.off,
    onAppShow: appShow.on,
    offAppShow: appShow.off,
    onAppHide: appHide.on,
    offAppHide: appHide.off,
    createSelectorQuery: () => selectorQuery(device),
    env: realm.inside({}),
  })
}

/** Everything outside 2xx goes to `fail`, and JSON that cannot be read is an error. */
function request(device: Device, call: Call): object {
  const { data, dataType = 'json' } = call
  const abort = device.gate.ask(
    {
      url: String(call.url),
      method: String(call.method ?? 'GET').toUpperCase(),
      headers: { ...(call.headers as Record<string, string>) },
      body: data === undefined || data === null ? null : String(data),
      timeoutMs: Number(call.timeout ?? 30_000),
    },
    (result) => {
      if (typeof result === 'string') return answer(device, call, false, silences[result])
      const { status, headers, text } = result
      try {
        const read = { status, headers, data: dataType === 'json' ? JSON.parse(text) : text }
        if (status >= 200 && status < 300) answer(device, call, true, read)
        else answer(device, call, false, { ...read, error: 19, errorMessage: 'http status error' })
      } catch {
        answer(device, call, false, { error: 14, errorMessage: 'JSON parse data error' })
      }
    },
  )
  return Object.assign(device.realm.inside({}), { abort })
}

/** One socket for the app; listeners are never taken off. */
function socketOf(device: Device): object {
  const { realm } = device
  const ears: Record<'open' | 'message' | 'close' | 'error', unknown[]> = {
    open: [],
    message: [],
    close: [],
    error: [],
  }
  let socket: ReturnType<Gate['connect']> | null = null
  const tell = (name: keyof typeof ears, what: object) => {
    for (const told of ears[name]) realm.call(told, undefined, realm.inside(what))
  }
  const listen = (name: keyof typeof ears) => (told: unknown) => {
    ears[name].push(told)
  }
  return {
    connectSocket: (call: Call) => {
      if (socket) return answer(device, call, false, { error: 1, errorMessage: 'one at a time' })
      socket = device.gate.connect(String(call.url), {
        open: () => tell('open', {}),
        message: (data) => tell('message', { data, isBuffer: false }),
        close: (failed) => {
          socket = null
          if (failed) tell('error', { errorMessage: 'connect failed' })
          tell('close', {})
        },
      })
      answer(device, call, true, {})
    },
    sendSocketMessage: ({ data }: { data: string }) => socket?.send(data),
    closeSocket: () => socket?.close(),
    onSocketOpen: listen('open'),
    onSocketMessage: listen('message'),
    onSocketClose: listen('close'),
    onSocketError: listen('error'),
  }
}

function storageOf({ realm, storage }: Device): object {
  return {
    getStorageSync: ({ key }: { key: string }) =>
      realm.inside({ success: true, data: JSON.parse(storage.get(key) ?? 'null') }),
    setStorageSync: ({ key, data }: { key: string; data: unknown }) => {
      storage.set(key, JSON.stringify(data))
    },
    removeStorageSync: ({ key }: { key: string }) => {
      storage.delete(key)
    },
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: () =>
      realm.inside({
        keys: Array.from(storage.keys()),
        currentSize: 0,
        limitSize: 1,
        success: true,
      }),
  }
}

/** What Alipay says of the line. */
export function alipayNetwork(connected: boolean): object {
  return {
    isConnected: connected,
    networkAvailable: connected,
    networkType: connected ? 'WIFI' : 'NOTREACHABLE',
  }
}
