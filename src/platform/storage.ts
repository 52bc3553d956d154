import Taro from '@tarojs/taro'

/** Small texts that outlive the app: token, drafts, unanswered request ids. Same on every host. */
export const storage = {
  /** What was kept under this name; null when nothing was. */
  get(name: string): string | null {
    const text: unknown = Taro.getStorageSync(name)
    return typeof text === 'string' && text !== '' ? text : null
  },

  /** False: the device refused (full, or a browser's private mode); the app goes on without. */
  set(name: string, text: string): boolean {
    try {
      Taro.setStorageSync(name, text)
      return true
    } catch {
      return false
    }
  },

  remove(name: string): void {
    Taro.removeStorageSync(name)
  },

  names(): string[] {
    return Taro.getStorageInfoSync().keys
  },
}
