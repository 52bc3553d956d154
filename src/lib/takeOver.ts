/** A lapsed hold costs the seat, never the answers: the new order starts with them (T3). */
import type { Call } from '@jiyue/contract/client'
import { emptyDraft, keepLocalDraft, localDraft, mergeDrafts } from './drafts.ts'
import type { Phone } from './phone.ts'

/** Copies the answers of order `from` to order `to`; also those that only the cloud knows. */
export async function takeOverDraft(
  app: { call: Call; phone: Phone },
  from: string,
  to: string,
): Promise<void> {
  const { storage } = app.phone
  const cloud = await app.call('getDraft', { params: { id: from } })
  const mine = localDraft(storage, from) ?? emptyDraft
  const answers = cloud.ok ? mergeDrafts(mine, cloud.value) : mine
  if (Object.keys(answers.values).length === 0) return
  keepLocalDraft(storage, to, { values: answers.values, step: 0 })
  keepLocalDraft(storage, from, null)
}
