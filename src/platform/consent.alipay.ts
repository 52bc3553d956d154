import type { ConsentAnswer } from '@jiyue/contract/reminder'
import type { AskConsents } from './types.ts'

/** my.requestSubscribeMessage: one answer for all, with those that were chosen (facts 5.2). */
export const askConsents: AskConsents = (ids) =>
  new Promise((resolve) => {
    my.requestSubscribeMessage({
      entityIds: ids,
      success: ({ behavior, result }) => {
        const chosen = behavior === 'subscribe' ? (result?.subscribeEntityIds ?? ids) : []
        const answers: Record<string, ConsentAnswer> = {}
        for (const id of ids) answers[id] = chosen.indexOf(id) >= 0 ? 'accept' : 'reject'
        resolve(answers)
      },
      fail: () => resolve(null),
    })
  })
