/** A lapsed hold costs the seat, never the answers: the new order starts with them (T3). */
import type { Call } from '@jiyue/contract/client'
import { type DraftValues, emptyDraft, keepLocalDraft, localDraft, merged } from './drafts.ts'
import type { Phone } from './phone.ts'

/** Copies the answers of order `from` to order `to`; also those that only the cloud knows. */
export async function takeOverDraft(
  app: { call: Call; phone: Phone },
  from: string,
  to: string,
): Promise<void> {
  const { storage } = app.phone
  const cloud = await app.call('getDraft', { params: { id: from } })
  const mine = (localDraft(storage, from) ?? emptyDraft).values
  const answers = cloud.ok ? merged(mine, cloud.value.values) : mine
  if (Object.keys(answers).length === 0) return
  keepLocalDraft(storage, to, { values: unsaid(answers), step: 0 })
  keepLocalDraft(storage, from, null)
}

/** The new order's cloud has none of them yet. */
function unsaid(answers: DraftValues): DraftValues {
  const values: DraftValues = {}
  for (const id of Object.keys(answers)) {
    const answer = answers[id]
    if (answer) values[id] = { value: answer.value, at: answer.at, seenAt: null }
  }
  return values
}
