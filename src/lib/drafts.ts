/** Answers of an unfinished registration, kept on the phone at once (R6). Pure but for the storage. */
import type { Draft, DraftEdit } from '@jiyue/contract/schema/wire'
import type { Storage } from './phone.ts'

/**
 * An answer as this phone has it. With `seenAt` it is an edit the cloud has not confirmed: the time
 * of the answer that was on screen before it (null: none), so that the cloud can tell what follows
 * from what collides (R8).
 */
export type LocalAnswer = Draft['values'][string] & Pick<DraftEdit, 'seenAt' | 'settles'>
export type DraftValues = Record<string, LocalAnswer>
export interface LocalDraft {
  values: DraftValues
  step: number
}

export const emptyDraft: LocalDraft = { values: {}, step: 0 }

/** The draft of an order on this phone. */
export function localDraft(storage: Storage, orderId: string): LocalDraft | null {
  return storage.get<LocalDraft>(shelf(orderId)) ?? null
}

export function keepLocalDraft(storage: Storage, orderId: string, draft: LocalDraft | null): void {
  if (draft) storage.set(shelf(orderId), draft)
  else storage.remove(shelf(orderId))
}

/** An answer given here and now, over the one on screen. */
export function edited(before: LocalAnswer | undefined, value: unknown, at: string): LocalAnswer {
  const seenAt = before ? (before.seenAt === undefined ? before.at : before.seenAt) : null
  return { value, at, seenAt, ...(before?.other && { other: before.other }) }
}

/** The person has chosen between two answers: the question is over, on every device. */
export function settled(before: LocalAnswer, value: unknown, at: string): LocalAnswer {
  const { other, ...answer } = edited(before, value, at)
  return { ...answer, ...(other && { settles: other.at }) }
}

/** What was edited here stays as it is; everything else is as the cloud has it. */
export function merged(mine: DraftValues, theirs: Draft['values']): DraftValues {
  const all: DraftValues = { ...mine }
  for (const id of Object.keys(theirs)) {
    const other = theirs[id]
    if (other && mine[id]?.seenAt === undefined) all[id] = other
  }
  return all
}

/** Answers the cloud has not confirmed, as it wants them. */
export function unsent(theirs: Draft['values'], mine: DraftValues): Record<string, DraftEdit> {
  const edits: Record<string, DraftEdit> = {}
  for (const id of Object.keys(mine)) {
    const own = mine[id]
    if (!own || (own.seenAt === undefined && theirs[id])) continue
    const { value, at, seenAt, settles } = own
    // What was filled in by itself claims nothing: a person's answer elsewhere wins unasked.
    edits[id] = { value, at, ...(seenAt !== undefined && { seenAt }), ...(settles && { settles }) }
  }
  return edits
}

/** After `sent` was answered by `theirs`; what was edited meanwhile follows what was sent. */
export function confirmed(
  mine: DraftValues,
  sent: Readonly<Record<string, DraftEdit>>,
  theirs: Draft['values'],
): DraftValues {
  const still: DraftValues = {}
  for (const id of Object.keys(mine)) {
    const own = mine[id]
    const [was, is] = [sent[id], theirs[id]]
    if (!own || own.seenAt === undefined) continue
    if (!was || !is) still[id] = own
    else if (own.at !== was.at) {
      const stands = JSON.stringify(is.value) === JSON.stringify(was.value)
      still[id] = { ...own, other: is.other, ...(stands && { seenAt: is.at }) }
    }
  }
  return { ...mine, ...theirs, ...still }
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
