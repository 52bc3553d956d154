/**
 * English texts with numbered holes: `{0}` is the hole itself, `{0:slot|slots}` a word by its number,
 * `{0:month}` one of the forms below.
 */
const HOLE = /\{(\d+)(?::([^}]*))?\}/

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** What a hole may be turned into. */
const forms: Record<string, (hole: string) => string> = {
  /** `11` → Nov */
  month: (hole) => months[Number(hole) - 1] ?? hole,
  /** Within a sentence: `Refund` → refund; an abbreviation stays. */
  lower: (hole) =>
    /^[A-Z](?![A-Z])/.test(hole) ? hole.charAt(0).toLowerCase() + hole.slice(1) : hole,
  /** `Open` → Opened, `Close` → Closed. */
  past: (hole) => (hole.endsWith('e') ? `${hole}d` : `${hole}ed`),
  /** What is left to pay, 折, as what is taken off: `8.5` → 15%. */
  off: (hole) => `${Math.round(1000 - Number(hole) * 100) / 10}%`,
  /** Chinese counts with words (份, 笔) that English has no use for. */
  none: () => '',
}

/** The English text in pieces, its holes filled. */
export function filled<T>(english: string, holes: readonly T[]): (string | T)[] {
  // Split by a pattern of two groups: text, number, form, text, number, form, … text.
  const pieces = english.split(HOLE)
  const out: (string | T)[] = []
  for (let at = 0; at < pieces.length; at += 3) {
    out.push(pieces[at] ?? '')
    const [number, form] = [pieces[at + 1], pieces[at + 2]]
    if (number === undefined) continue
    const hole = holes[Number(number)] as T
    out.push(form === undefined ? hole : formed(form, hole))
  }
  return out
}

function formed(form: string, hole: unknown): string {
  const [one, many] = form.split('|')
  if (many !== undefined) return String(hole) === '1' ? (one ?? '') : many
  return (forms[form] as (hole: string) => string)(String(hole))
}

/** The holes of a text, each once, in order; throws for a form that does not exist. */
export function holesOf(text: string): number[] {
  const found = new Set<number>()
  for (const [, number, form] of text.matchAll(new RegExp(HOLE, 'g'))) {
    if (form !== undefined && !form.includes('|') && !Object.hasOwn(forms, form))
      throw new Error(`「${text}」: there is no form ${form}`)
    found.add(Number(number))
  }
  return [...found].sort((a, b) => a - b)
}

/** Sentences with holes as expressions that recognise them, the most particular first. */
export function patternsOf(catalogue: Readonly<Record<string, string>>) {
  return (
    Object.entries(catalogue)
      .filter(([chinese]) => HOLE.test(chinese))
      .map(([chinese, english]) => {
        const fixed = chinese.split(/\{\d+\}/)
        return {
          english,
          weight: fixed.join('').replace(/\s/g, '').length,
          form: new RegExp(`^${fixed.map(escaped).join('([\\s\\S]+?)')}$`),
        }
      })
      // 「{0} 人」 would recognise far too much.
      .filter(({ weight }) => weight > 2)
      .sort((a, b) => b.weight - a.weight)
  )
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
