/**
 * Looking texts up. Nobody writes `text` or `fill`: the build puts them before each Chinese text
 * (texts.ts). `translated` is for sentences that came from elsewhere.
 */
import { keyOf, ownKey } from './keyOf.ts'
import { catalogue } from './language.ts'
import { filled, patternsOf } from './pattern.ts'

/** A text without holes. `place`: a file with an English of its own for it. Chinese: itself. */
export const text = (chinese: string, place?: string): string =>
  catalogue?.[place ? ownKey(place, chinese) : chinese] ?? chinese

/** A text with holes. */
export function fill(parts: TemplateStringsArray, ...holes: unknown[]): string {
  const english = catalogue?.[keyOf(parts)]
  return english === undefined
    ? String.raw({ raw: parts }, ...holes)
    : filled(english, holes).join('')
}

let patterns: ReturnType<typeof patternsOf> | undefined

/**
 * A sentence of the server (a refusal, a reason in a history) or of the phone's own checks: by the
 * catalogue, its numbers and names kept. What the catalogue does not know stays as it came.
 */
export function translated(chinese: string): string {
  if (catalogue === null) return chinese
  const known = catalogue[chinese]
  if (known !== undefined) return known
  patterns ??= patternsOf(catalogue)
  for (const { form, english } of patterns) {
    const match = form.exec(chinese)
    if (match)
      return filled(
        english,
        match.slice(1).map((hole) => text(hole ?? '')),
      ).join('')
  }
  return chinese
}
