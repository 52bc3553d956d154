import Taro from '@tarojs/taro'
import type { AskConsents } from './types.ts'

/** wx.requestSubscribeMessage: only after a tap or a payment (facts 5.1). */
export const askConsents: AskConsents = (ids) =>
  Taro.requestSubscribeMessage({ tmplIds: ids, entityIds: [] }).then(
    (result) => {
      const said = result as unknown as Record<string, string>
      const answers: Record<string, string> = {}
      for (const id of ids) answers[id] = said[id] ?? 'reject'
      return answers
    },
    // Switched off as a whole, or closed: nothing was allowed, and nothing is to be said about it.
    () => null,
  )
