/**
 * Two devices, one draft (R8). Of each field the newest answer stands. Who had seen the standing
 * answer before giving theirs follows it, whatever the clocks say; who had not, and says something
 * else, has edited the same field on another device: both answers are kept until the person chooses.
 * Pure.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Draft, DraftEdit } from '@jiyue/contract/schema/wire'

type Saved = Draft['values'][string]

/** What is saved once `given` has come; neither is changed. */
export function mergeAnswers(
  saved: Readonly<Record<string, Saved>>,
  given: Readonly<Record<string, DraftEdit>>,
): Record<string, Saved> {
  const merged = { ...saved }
  for (const [id, edit] of Object.entries(given)) merged[id] = mergeOne(saved[id], edit)
  return merged
}

function mergeOne(saved: Saved | undefined, edit: DraftEdit): Saved {
  const given = { value: edit.value, at: edit.at }
  if (!saved) return given
  if (edit.seenAt === undefined) return isLater(given, saved) ? { ...saved, ...given } : saved
  // The answer to this very saving was lost.
  if (isSame(given, saved) && given.at === saved.at) return saved
  if (edit.seenAt !== null && Date.parse(edit.seenAt) === Date.parse(saved.at))
    return following(saved, edit)
  const [first, second] = isLater(given, saved) ? [given, saved] : [saved, given]
  // An earlier question gives way: with two devices, one of them has seen it or asked it.
  return withOther(first, isSame(first, second) ? saved.other : second)
}

/** Seen and then changed: it is later, also where its device's clock is behind. */
function following(saved: Saved, { value, at, settles }: DraftEdit): Saved {
  const next = Date.parse(saved.at) + 1
  const answer = { value, at: Date.parse(at) < next ? new Date(next).toISOString() : at }
  return withOther(answer, settles === saved.other?.at ? undefined : saved.other)
}

function withOther({ value, at }: Saved, other: Saved['other']): Saved {
  if (!other || isSame({ value }, other)) return { value, at }
  return { value, at, other: { value: other.value, at: other.at } }
}

function isLater(one: { at: string }, two: { at: string }): boolean {
  return Date.parse(one.at) > Date.parse(two.at)
}

function isSame(one: { value?: unknown }, two: { value?: unknown }): boolean {
  return isDeepStrictEqual(one.value, two.value)
}
