import Taro from '@tarojs/taro'

/**
 * Small values that outlive the app: token, drafts, unanswered request ids. Kept as JSON text, so
 * that `undefined`, dates and nulls come back the same on every host.
 */
export const storage = {
  /** What was kept under this name; undefined when nothing was, or when it is not ours. */
  get<T>(name: string): T | undefined {
    const text: unknown = Taro.getStorageSync(name)
    if (typeof text !== 'string' || text === '') return undefined
    try {
      return JSON.parse(text) as T
    } catch {
      return undefined
    }
  },

  /** False: the device refused (full, or a browser's private mode); the app goes on without. */
  set(name: string, value: unknown): boolean {
    try {
      Taro.setStorageSync(name, JSON.stringify(value))
      return true
    } catch {
      return false
    }
  },

  remove(name: string): void {
    Taro.removeStorageSync(name)
  },
}
