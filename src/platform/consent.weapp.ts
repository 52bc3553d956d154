import type { ConsentAnswer } from '@jiyue/contract/reminder'
import Taro from '@tarojs/taro'
import type { AskConsents } from './types.ts'

/** The person has switched all messages off in the app's settings. */
const SWITCHED_OFF = 20004

/** wx.requestSubscribeMessage: only after a tap or a payment (facts 5.1). */
export const askConsents: AskConsents = (ids) =>
  Taro.requestSubscribeMessage({ tmplIds: ids, entityIds: [] }).then(
    (result) => {
      const said = result as unknown as Record<string, string>
      const answers: Record<string, ConsentAnswer> = {}
      for (const id of ids) answers[id] = answerOf(said[id])
      return answers
    },
    // Without the switch the sheet was never seen: that is nobody's no.
    ({ errCode }: { errCode?: number }) => (errCode === SWITCHED_OFF ? {} : null),
  )

/** `acceptWithAudio` and its like are a yes with more; a word nobody knows yet is none. */
function answerOf(word = ''): ConsentAnswer {
  if (word.indexOf('accept') === 0) return 'accept'
  return word === 'ban' || word === 'filter' ? word : 'reject'
}
