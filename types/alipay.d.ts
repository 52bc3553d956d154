/** The part of Alipay's `my` that src/platform uses; Taro's types cover WeChat's shape only. */
declare const my: {
  getAuthCode(options: {
    scopes: 'auth_base'
    success(result: { authCode: string }): void
    fail(failed: object): void
  }): void
  tradePay(options: {
    tradeNO: string
    success(result: { resultCode: string }): void
    fail(failed: object): void
  }): void
  getPhoneNumber(options: {
    success(result: { response: string }): void
    fail(failed: object): void
  }): void

  requestSubscribeMessage(options: {
    entityIds: string[]
    success(result: {
      behavior: 'subscribe' | 'cancel' | ''
      result?: { subscribeEntityIds?: string[] }
    }): void
    fail(failed: object): void
  }): void

  connectSocket(options: { url: string; fail(failed: object): void }): void
  sendSocketMessage(options: { data: string }): void
  closeSocket(options: object): void
  onSocketOpen(told: () => void): void
  onSocketMessage(told: (message: { data: string | ArrayBuffer }) => void): void
  onSocketClose(told: () => void): void
  onSocketError(told: () => void): void

  getNetworkType(options: {
    success(result: { networkType: string }): void
    fail(failed: object): void
  }): void
  onNetworkStatusChange(told: (result: { networkType: string }) => void): void
  offNetworkStatusChange(told: (result: { networkType: string }) => void): void

  chooseImage(options: {
    count: number
    sizeType: 'compressed'[]
    sourceType: ('album' | 'camera')[]
    success(chosen: { apFilePaths?: string[]; tempFilePaths?: string[] }): void
    fail(failed: object): void
  }): void
  chooseLocation(options: {
    success(chosen: {
      name: string
      address: string
      latitude: number | string
      longitude: number | string
    }): void
    fail(failed: { error?: number }): void
  }): void
  getFileSystemManager(): {
    readFile(options: {
      filePath: string
      encoding: 'base64'
      success(read: { data: string }): void
      fail(failed: object): void
    }): void
  }
  setClipboard(options: { text: string; success(): void; fail(failed: object): void }): void
  downloadFile(options: {
    url: string
    success(fetched: { apFilePath?: string; tempFilePath?: string }): void
    fail(failed: object): void
  }): void
  openDocument(options: {
    filePath: string
    fileType: 'pdf'
    success(): void
    fail(failed: object): void
  }): void

  /** Missing in older versions. */
  onWindowResize?(told: () => void): void
  offWindowResize?(told: () => void): void
}
