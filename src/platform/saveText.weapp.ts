import Taro from '@tarojs/taro'
import type { SaveText } from './types.ts'

/** A mini-program has no downloads: the person puts it where they like. */
export const saveText: SaveText = (_name, text) =>
  Taro.setClipboardData({ data: text }).then(
    () => 'copied' as const,
    () => 'failed' as const,
  )
