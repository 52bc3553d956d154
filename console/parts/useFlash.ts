import { type RefObject, useEffect, useRef } from 'react'

interface Row {
  id: string
  /** Changes exactly when the row's meaning does. */
  mark: string
}

/**
 * Lets rows glow once when they appear on top or change under the reader's eyes. Rows that were
 * asked for (first load, next page, another filter: a new `list`) do not.
 * Rows are found by antd's `data-row-key` inside `box`.
 */
export function useFlash(
  box: RefObject<HTMLElement | null>,
  list: string,
  rows: Row[] | undefined,
) {
  const seen = useRef<{ list: string; marks: Map<string, string> } | null>(null)
  useEffect(() => {
    if (!rows) return
    const before = seen.current?.list === list ? seen.current.marks : undefined
    seen.current = { list, marks: new Map(rows.map(({ id, mark }) => [id, mark])) }
    if (before) for (const id of changed(before, rows)) glow(box.current, id)
  }, [box, list, rows])
}

/** Ids whose mark differs, and new ones above a row that was there. */
export function changed(before: ReadonlyMap<string, string>, rows: readonly Row[]): string[] {
  const lastKnown = rows.findLastIndex(({ id }) => before.has(id))
  // Below the last known row is the next page; where nothing was known, everything is news.
  const isNews = (at: number) => lastKnown === -1 || at < lastKnown
  return rows
    .filter(({ id, mark }, at) => (before.has(id) ? before.get(id) !== mark : isNews(at)))
    .map(({ id }) => id)
}

function glow(box: HTMLElement | null, id: string): void {
  const row = box?.querySelector(`[data-row-key="${id}"]`)
  for (const cell of row?.children ?? []) {
    const from = getComputedStyle(cell).getPropertyValue('--glow')
    cell.animate([{ backgroundColor: from }, { backgroundColor: 'transparent' }], {
      duration: 2400,
      easing: 'ease-out',
    })
  }
}
