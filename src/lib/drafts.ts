/** Answers of an unfinished registration, kept on the phone at once (R6). Pure but for the storage. */
import type { Draft } from '@jiyue/contract/schema/wire'
import type { Storage } from './phone.ts'

export type DraftValues = Draft['values']

export const emptyDraft: Draft = { values: {}, step: 0 }

/** The draft of an order on this phone. */
export function localDraft(storage: Storage, orderId: string): Draft | null {
  return storage.get<Draft>(shelf(orderId)) ?? null
}

export function keepLocalDraft(storage: Storage, orderId: string, draft: Draft | null): void {
  if (draft) storage.set(shelf(orderId), draft)
  else storage.remove(shelf(orderId))
}

/** Both drafts in one: of each field the newest answer, of the steps the one of `mine` (R8). */
export function mergeDrafts(mine: Draft, theirs: Draft): Draft {
  return { values: newestOf(mine.values, theirs.values), step: mine.step }
}

/** Of each field the newest answer; the first keeps a tie, so merging twice changes nothing. */
export function newestOf(mine: DraftValues, theirs: DraftValues): DraftValues {
  const merged: DraftValues = { ...mine }
  for (const id of Object.keys(theirs)) {
    const other = theirs[id]
    const own = merged[id]
    if (other && (!own || Date.parse(other.at) > Date.parse(own.at))) merged[id] = other
  }
  return merged
}

/** Answers of `mine` that `theirs` does not have, or has older: what must still be sent. */
export function missingFrom(theirs: DraftValues, mine: DraftValues): DraftValues {
  const missing: DraftValues = {}
  for (const id of Object.keys(mine)) {
    const own = mine[id]
    const other = theirs[id]
    if (own && (!other || Date.parse(own.at) > Date.parse(other.at))) missing[id] = own
  }
  return missing
}

/** The bare answers, as checks and submitting want them. */
export function answersOf(values: DraftValues): Record<string, unknown> {
  const answers: Record<string, unknown> = {}
  for (const id of Object.keys(values)) answers[id] = values[id]?.value
  return answers
}

function shelf(orderId: string): string {
  return `draft:${orderId}`
}
